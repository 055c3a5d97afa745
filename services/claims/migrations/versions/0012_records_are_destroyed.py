"""What destroyed claims came to, and the indexes by which a claim's rows are found."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0012"
down_revision = "0011"
kind = "rebuild"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "destroyed_totals",
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("charge_cents", sa.BigInteger(), nullable=False),
        sa.Column("paid_cents", sa.BigInteger(), nullable=False),
        sa.Column("written_off_cents", sa.BigInteger(), nullable=False),
        sa.Column("patient_cents", sa.BigInteger(), nullable=False),
        sa.Column("insurer_cents", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.create_index("postings_by_claim", ["organization_id", "claim_id"])

    with op.batch_alter_table("timeline", schema=None) as batch_op:
        batch_op.create_index("timeline_by_source", ["organization_id", "source_id"])


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("timeline", schema=None) as batch_op:
        batch_op.drop_index("timeline_by_source")

    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.drop_index("postings_by_claim")

    op.drop_table("destroyed_totals")
