"""How far each organization's feed of the notes service has been read."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import shared.database.columns

revision = "0022"
down_revision = "0021"
kind = "expand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "note_feeds",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("next_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("note_feeds", schema=None) as batch_op:
        batch_op.create_index("note_feeds_by_time", ["next_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("note_feeds")
