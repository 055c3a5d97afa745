"""Rows have MACs."""

from shared.database.steps import row_macs

revision = "0004"
down_revision = "0003"
kind = "rebuild"
branch_labels = None
depends_on = None

TABLES = ("organizations", "clients")


def upgrade() -> None:
    """Add the column to the tables that are protected."""
    row_macs.upgrade(TABLES)


def downgrade() -> None:
    """Take it away again."""
    row_macs.downgrade(TABLES)
