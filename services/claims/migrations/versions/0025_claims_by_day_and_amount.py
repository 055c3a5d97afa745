"""Claims by their day of service, where the one is looked for that a payment may be for, and by what is at stake."""

from alembic import op

from shared.database.steps.indexes import add_index

revision = "0025"
down_revision = "0024"
kind = "expand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes."""
    add_index("claims_by_day", "claims", ["organization_id", "date_of_service", "id"])
    columns = ["organization_id", "next_amount_cents"]
    add_index("claims_by_amount", "claims", columns, where="next_kind <> 'none'")


def downgrade() -> None:
    """Drop them."""
    op.drop_index("claims_by_amount", table_name="claims")
    op.drop_index("claims_by_day", table_name="claims")
