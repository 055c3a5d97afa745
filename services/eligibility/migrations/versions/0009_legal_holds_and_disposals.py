"""What may not be destroyed, and what is being or was destroyed."""

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
    """Make both tables."""
    op.create_table(
        "disposals",
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("patient_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("rule", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("destroyable_from", sa.Date(), nullable=False),
        sa.Column("last_service_on", sa.Date(), nullable=True),
        sa.Column("started_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("active_until", shared.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("finished_at", shared.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("disposals", schema=None) as batch_op:
        batch_op.create_index("disposals_by_patient", ["organization_id", "patient_id"])

    op.create_table(
        "legal_holds",
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", shared.database.sealing.SealedJson(), nullable=False),
        sa.Column("patient_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("released_at", shared.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("release", shared.database.sealing.SealedJson(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("legal_holds", schema=None) as batch_op:
        batch_op.create_index("legal_holds_by_patient", ["organization_id", "patient_id"])


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("legal_holds", schema=None) as batch_op:
        batch_op.drop_index("legal_holds_by_patient")

    op.drop_table("legal_holds")
    with op.batch_alter_table("disposals", schema=None) as batch_op:
        batch_op.drop_index("disposals_by_patient")

    op.drop_table("disposals")
