"""The audit trail becomes a chain: entries are numbered and have MACs, and an organization's head says where its
trail and its feed end.

Entries that are there already are numbered in order of time and keep an empty MAC: a migration has no keys. The first
entry of the chain has the number after theirs, so that none can be added to them.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import shared.database.columns
import shared.database.sealing

NUMBER = """
UPDATE audit_entries SET sequence = (
    SELECT count(*) FROM audit_entries AS earlier
    WHERE earlier.organization_id = audit_entries.organization_id
    AND (earlier.at < audit_entries.at OR (earlier.at = audit_entries.at AND earlier.id <= audit_entries.id))
), wall_at = at, outcome = 'done', changes = '[]', previous_mac = '', mac = ''
"""
HEADS = """
INSERT INTO chain_heads (organization_id, id, event_sequence, sequence, mac)
SELECT organization_id, 'head', max(event_sequence), max(sequence), '' FROM (
    SELECT organization_id, sequence AS event_sequence, 0 AS sequence FROM events
    UNION ALL SELECT organization_id, 0, sequence FROM audit_entries
) AS ends GROUP BY organization_id
"""
ADDED = {
    "sequence": sa.Integer(),
    "wall_at": shared.database.columns.UtcDateTime(timezone=True),
    "outcome": sqlmodel.sql.sqltypes.AutoString(length=20),
    "changes": sa.JSON(),
    "previous_mac": sqlmodel.sql.sqltypes.AutoString(length=100),
    "mac": sqlmodel.sql.sqltypes.AutoString(length=100),
}
OPTIONAL = {
    "patient_id": sqlmodel.sql.sqltypes.AutoString(length=64),
    "purpose": shared.database.sealing.SealedText(),
    "request_id": sqlmodel.sql.sqltypes.AutoString(length=64),
}


def upgrade() -> None:
    """Make the heads, number the entries."""
    op.create_table(
        "chain_heads",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("event_sequence", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        for name, kind in (ADDED | OPTIONAL).items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
    op.execute(NUMBER)
    op.execute(HEADS)
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        for name, kind in ADDED.items():
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.create_index("audit_by_sequence", ["organization_id", "sequence"], unique=True)
        batch_op.create_index("audit_by_patient", ["organization_id", "patient_id", "sequence"])


def downgrade() -> None:
    """Take numbers, MACs and heads away."""
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index("audit_by_patient")
        batch_op.drop_index("audit_by_sequence")
        for name in ADDED | OPTIONAL:
            batch_op.drop_column(name)
    op.drop_table("chain_heads")
