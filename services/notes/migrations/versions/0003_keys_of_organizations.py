"""Keys of organizations."""

from shared.database.steps import organization_keys

revision = "0003"
down_revision = "0002"
kind = "rebuild"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of wrapped keys."""
    organization_keys.upgrade()


def downgrade() -> None:
    """Remove it."""
    organization_keys.downgrade()
