"""The visits that a claim bills beside its own."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0029"
down_revision = "0028"
kind = "expand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "claim_visits",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("claim_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("note_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("therapist_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("date_of_service", sa.Date(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    op.create_index("claim_visits_by_claim", "claim_visits", ["organization_id", "claim_id"])
    op.create_index("claim_visits_by_note", "claim_visits", ["organization_id", "note_id"])
    op.create_index("claim_visits_by_therapist", "claim_visits", ["organization_id", "therapist_id", "date_of_service"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("claim_visits")
