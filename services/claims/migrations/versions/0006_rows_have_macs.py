"""Rows have MACs."""

from shared.database.steps import row_macs

revision = "0006"
down_revision = "0005"
kind = "rebuild"
branch_labels = None
depends_on = None

TABLES = (
    "practices",
    "therapists",
    "fee_schedules",
    "payer_fees",
    "claims",
    "claim_numbers",
    "files",
    "messages",
    "postings",
    "ledger",
    "timeline",
)


def upgrade() -> None:
    """Add the column to the tables that are protected."""
    row_macs.upgrade(TABLES)


def downgrade() -> None:
    """Take it away again."""
    row_macs.downgrade(TABLES)
