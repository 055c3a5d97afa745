"""Requests are counted over all processes."""

from shared.database.steps import rate_windows

revision = "0007"
down_revision = "0006"
kind = "rebuild"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of the counts."""
    rate_windows.upgrade()


def downgrade() -> None:
    """Drop it."""
    rate_windows.downgrade()
