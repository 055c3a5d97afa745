"""What became of each submission of a claim, and a claim that its payer has voided."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import shared.database.columns
import shared.database.sealing

revision = "0021"
down_revision = "0020"
kind = "rebuild"
branch_labels = None
depends_on = None
OF_NOTE = ["organization_id", "note_id", "coverage_id"]


def upgrade() -> None:
    """A note may be billed again when the payer has voided its claim."""
    with op.batch_alter_table("claim_numbers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("place", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True))
        batch_op.add_column(
            sa.Column("submitted_at", shared.database.columns.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("document", shared.database.sealing.SealedText(), nullable=True))
    _index("state NOT IN ('voided', 'voided_by_payer')")


def downgrade() -> None:
    """As it was."""
    _index("state <> 'voided'")
    with op.batch_alter_table("claim_numbers", schema=None) as batch_op:
        for name in ("document", "submitted_at", "state", "place"):
            batch_op.drop_column(name)


def _index(where: str) -> None:
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.drop_index("claims_of_note")
        batch_op.create_index(
            "claims_of_note", OF_NOTE, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
