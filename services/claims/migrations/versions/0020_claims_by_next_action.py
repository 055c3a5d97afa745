"""The worklist of one kind of next action, and its totals, without reading every claim."""

from alembic import op

from shared.database.steps.indexes import add_index

revision = "0020"
down_revision = "0019"
kind = "expand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    add_index("claims_by_kind", "claims", ["organization_id", "next_kind", "next_due_on", "id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("claims_by_kind", table_name="claims")
