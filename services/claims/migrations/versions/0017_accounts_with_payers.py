"""A practice's accounts with its payers, and deposits as the bank has them."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import shared.database.columns
import shared.database.sealing

revision = "0017"
down_revision = "0016"
kind = "expand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "provider_entries",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("remittance_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("payer_blind", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("payer", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("posted_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("target", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("reference", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("claim_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("provider_entries", schema=None) as batch_op:
        batch_op.create_index("provider_entries_by_remittance", ["organization_id", "remittance_id", "id"])
        batch_op.create_index("provider_entries_by_payer", ["organization_id", "payer_blind", "id"])
    op.create_table(
        "deposits",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("trace", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("trace_blind", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("deposited_on", sa.Date(), nullable=False),
        sa.Column("payer_name", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("entered_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("deposits", schema=None) as batch_op:
        batch_op.create_index("deposits_by_day", ["organization_id", "deposited_on", "id"])
        batch_op.create_index("deposits_by_trace", ["organization_id", "trace_blind"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("deposits")
    op.drop_table("provider_entries")
