"""The audit trail is a chain."""

from shared.database.steps import audit_chain

revision = "0002"
down_revision = "0001"
kind = "rebuild"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Number the entries of each organization, and keep where its trail and its feed end."""
    audit_chain.upgrade()


def downgrade() -> None:
    """Keep neither."""
    audit_chain.downgrade()
