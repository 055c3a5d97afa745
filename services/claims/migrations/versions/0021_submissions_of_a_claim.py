"""What became of each submission of a claim."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import shared.database.columns
import shared.database.sealing

revision = "0021"
down_revision = "0020"
kind = "expand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "claim_submissions",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("claim_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("submitted_at", shared.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("document", shared.database.sealing.SealedText(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("claim_submissions", schema=None) as batch_op:
        batch_op.create_index("claim_submissions_by_claim", ["organization_id", "claim_id", "place"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("claim_submissions")
