"""The rules that a practice writes, and their revisions."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import shared.database.sealing

revision = "0013"
down_revision = "0012"
kind = "expand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "custom_rules",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    op.create_table(
        "custom_rule_revisions",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=True),
        sa.Column("active_to", sa.Date(), nullable=True),
        sa.Column("definition", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("acts", shared.database.sealing.SealedText(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", "revision"),
    )
    with op.batch_alter_table("custom_rule_revisions", schema=None) as batch_op:
        batch_op.create_index("custom_rule_revisions_by_day", ["organization_id", "active_from"])


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("custom_rule_revisions", schema=None) as batch_op:
        batch_op.drop_index("custom_rule_revisions_by_day")
    op.drop_table("custom_rule_revisions")
    op.drop_table("custom_rules")
