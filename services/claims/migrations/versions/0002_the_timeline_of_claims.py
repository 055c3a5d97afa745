"""the timeline of claims"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import shared.database.columns
import shared.database.sealing

revision = "0002"
down_revision = "0001"
kind = "rebuild"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the timeline, and the index by which a claim's files are found."""
    op.create_table(
        "timeline",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("subject_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("source_type", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("source_id", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("detail", shared.database.sealing.SealedText(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("timeline", schema=None) as batch_op:
        batch_op.create_index("timeline_by_subject", ["organization_id", "subject_id", "at", "id"], unique=False)
    with op.batch_alter_table("claim_numbers", schema=None) as batch_op:
        batch_op.create_index("claim_numbers_by_claim", ["organization_id", "claim_id"], unique=False)


def downgrade() -> None:
    """Drop the timeline and the index."""
    with op.batch_alter_table("claim_numbers", schema=None) as batch_op:
        batch_op.drop_index("claim_numbers_by_claim")
    op.drop_table("timeline")
