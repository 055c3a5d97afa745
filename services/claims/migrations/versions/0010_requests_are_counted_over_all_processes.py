"""Requests are counted over all processes."""

from shared.database.steps import rate_windows

revision = "0010"
down_revision = "0009"
kind = "rebuild"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of the counts."""
    rate_windows.upgrade()


def downgrade() -> None:
    """Drop it."""
    rate_windows.downgrade()
