"""What persons do about next actions, who works on a claim, and what they note about it."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import shared.database.columns
import shared.database.sealing

revision = "0018"
down_revision = "0017"
kind = "expand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table."""
    op.add_column("claims", sa.Column("next_amount_cents", sa.BigInteger(), nullable=True))
    op.add_column("claims", sa.Column("assignee_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True))
    op.add_column("claims", sa.Column("progress", sa.JSON(), nullable=True))
    op.create_table(
        "claim_notes",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("claim_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("body", shared.database.sealing.SealedText(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("claim_notes", schema=None) as batch_op:
        batch_op.create_index("claim_notes_by_claim", ["organization_id", "claim_id", "id"])


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("claim_notes", schema=None) as batch_op:
        batch_op.drop_index("claim_notes_by_claim")
    op.drop_table("claim_notes")
    op.drop_column("claims", "progress")
    op.drop_column("claims", "assignee_id")
    op.drop_column("claims", "next_amount_cents")
