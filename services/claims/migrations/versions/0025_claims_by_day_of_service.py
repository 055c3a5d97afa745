"""The claims of a day of service, among which the one is looked for that a payment may be for."""

from alembic import op

from shared.database.steps.indexes import add_index

revision = "0025"
down_revision = "0024"
kind = "expand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    add_index("claims_by_day", "claims", ["organization_id", "date_of_service", "id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("claims_by_day", table_name="claims")
