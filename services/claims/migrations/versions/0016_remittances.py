"""Remittances, and the payments in them that wait for a person."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import shared.database.columns
import shared.database.sealing

revision = "0016"
down_revision = "0015"
kind = "expand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "remittances",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("message_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("payer_name", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("payer_identifier", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("payer_blind", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("trace", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("trace_blind", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("method", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("received_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("payments", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("remittances", schema=None) as batch_op:
        batch_op.create_index("remittances_by_digest", ["organization_id", "digest"], unique=True)
        batch_op.create_index("remittances_by_message", ["organization_id", "message_id"])
        batch_op.create_index("remittances_by_state", ["organization_id", "state", "id"])
        batch_op.create_index("remittances_by_payer", ["organization_id", "payer_blind", "id"])
        batch_op.create_index("remittances_by_trace", ["organization_id", "trace_blind"])
        batch_op.create_index("remittances_by_day", ["organization_id", "paid_on", "id"])
    op.create_table(
        "remittance_payments",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("remittance_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("claim_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("paid_cents", sa.BigInteger(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("waits_since", sa.Date(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("remittance_payments", schema=None) as batch_op:
        batch_op.create_index("remittance_payments_by_claim", ["organization_id", "claim_id", "state"])
        batch_op.create_index("remittance_payments_by_remittance", ["organization_id", "remittance_id", "state"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("remittance_payments")
    op.drop_table("remittances")
