"""Files that are attached to claims, and their bytes in pieces; questions for a status among the disclosures."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import shared.database.columns
import shared.database.sealing

revision = "0028"
down_revision = "0027"
kind = "expand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and the column."""
    op.add_column("tasks", sa.Column("looked_at_on", sa.Date(), nullable=True))
    op.add_column("disclosures", sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=True))
    op.create_table(
        "claim_attachments",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("claim_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("body", shared.database.sealing.SealedText(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    op.create_index("claim_attachments_by_claim", "claim_attachments", ["organization_id", "claim_id", "id"])
    op.create_table(
        "claim_attachment_pieces",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("claim_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("attachment_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", shared.database.sealing.SealedText(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    op.create_index(
        "claim_attachment_pieces_by_attachment",
        "claim_attachment_pieces",
        ["organization_id", "attachment_id", "place"],
    )
    op.create_index("claim_attachment_pieces_by_claim", "claim_attachment_pieces", ["organization_id", "claim_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("claim_attachment_pieces")
    op.drop_table("claim_attachments")
    op.drop_column("disclosures", "kind")
    op.drop_column("tasks", "looked_at_on")
