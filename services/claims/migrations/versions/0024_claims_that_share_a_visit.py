"""A note and a coverage may have several claims, which bill its lines between them.

The index that allowed one is replaced by one that does not; the flows keep a line from being billed twice, in
transactions that see one another's writes.
"""

from alembic import op

from shared.database.steps.indexes import add_index

revision = "0024"
down_revision = "0023"
kind = "expand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Replace the index."""
    columns = ["organization_id", "note_id", "coverage_id"]
    add_index("claims_by_note", "claims", columns, in_place_of="claims_of_note")


def downgrade() -> None:
    """Drop the new one; visits that have several claims do not fit the one before, which stays away."""
    op.drop_index("claims_by_note", table_name="claims")
