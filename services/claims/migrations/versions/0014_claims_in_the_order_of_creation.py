"""The newest claims are found without sorting all of them."""

from alembic import op

from shared.database.steps.indexes import add_index

revision = "0014"
down_revision = "0013"
kind = "expand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    add_index("claims_by_creation", "claims", ["organization_id", "created_at", "id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("claims_by_creation", table_name="claims")
