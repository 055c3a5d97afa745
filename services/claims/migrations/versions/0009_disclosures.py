"""To whom patients' claims went."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import shared.database.columns
import shared.database.sealing

revision = "0009"
down_revision = "0008"
kind = "rebuild"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of disclosures."""
    op.create_table(
        "disclosures",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("patient_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("claim_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("claim_number", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("file_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("recipient", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("disclosed_at", shared.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("disclosures", schema=None) as batch_op:
        batch_op.create_index("disclosures_by_file", ["organization_id", "file_id"])
        batch_op.create_index("disclosures_by_patient", ["organization_id", "patient_id", "disclosed_at", "id"])


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("disclosures", schema=None) as batch_op:
        batch_op.drop_index("disclosures_by_patient")
        batch_op.drop_index("disclosures_by_file")
    op.drop_table("disclosures")
