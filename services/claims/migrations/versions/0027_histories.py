"""Histories of a practice's past: what is asked of one, its files until the report is made, and the report."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import shared.database.columns
import shared.database.sealing

revision = "0027"
down_revision = "0026"
kind = "expand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "histories",
        *_own(),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("created_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("reported_at", shared.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("total_bytes", sa.BigInteger(), nullable=False),
        sa.Column("terms", shared.database.sealing.SealedText(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("histories", schema=None) as batch_op:
        batch_op.create_index("histories_by_state", ["state", "organization_id", "id"])
    op.create_table(
        "history_files",
        *_own(),
        sa.Column("history_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("name", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("content", shared.database.sealing.SealedText(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("history_files", schema=None) as batch_op:
        batch_op.create_index("history_files_by_history", ["organization_id", "history_id", "id"])
    op.create_table(
        "history_reports",
        *_own(),
        sa.Column("report", shared.database.sealing.SealedText(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )


def _own() -> list[sa.Column[str]]:
    """Whose a row is, its id, and its MAC."""
    text = sqlmodel.sql.sqltypes.AutoString
    return [
        sa.Column("organization_id", text(length=64), nullable=False),
        sa.Column("id", text(length=64), nullable=False),
        sa.Column("mac", text(length=100), nullable=False),
    ]


def downgrade() -> None:
    """Drop them."""
    op.drop_table("history_reports")
    op.drop_table("history_files")
    op.drop_table("histories")
