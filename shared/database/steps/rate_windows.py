"""The table of `shared.database.rate_windows`."""

import sqlalchemy as sa
from alembic import op


def upgrade() -> None:
    """Make it; on PostgreSQL UNLOGGED, since its rows are worth nothing after two minutes, nor after a crash."""
    op.create_table(
        "rate_windows",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("window_number", sa.BigInteger(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window_number"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE rate_windows SET UNLOGGED")


def downgrade() -> None:
    """Drop it."""
    op.drop_table("rate_windows")
