"""Appeals against payers' decisions."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import shared.database.columns
import shared.database.sealing

revision = "0023"
down_revision = "0022"
kind = "expand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "appeals",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("claim_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("opened_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("notice_on", sa.Date(), nullable=False),
        sa.Column("last_day_to_send", sa.Date(), nullable=True),
        sa.Column("last_day_source", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("answer_due_source", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("paid_before_cents", sa.BigInteger(), nullable=True),
        sa.Column("body", shared.database.sealing.SealedText(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.create_index("appeals_by_claim", ["organization_id", "claim_id", "id"])


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.drop_index("appeals_by_claim")
    op.drop_table("appeals")
