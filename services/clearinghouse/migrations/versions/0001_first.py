"""The first tables of the simulator."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import shared.database

revision = "0001"
down_revision = None
kind = "rebuild"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the first tables of clearinghouse with their indexes."""
    _clearinghouse_claims()
    _payee_balances()
    _simulator_clock()
    _simulator_strikes()
    _x12_files()
    _x12_messages()
    _audit_entries()
    _events()
    _idempotency_keys()
    _key_checks()


def _clearinghouse_claims() -> None:
    op.create_table(
        "clearinghouse_claims",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("file_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("transaction_place", sa.Integer(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("payer_id", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("payee_npi", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("person", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("claim_number", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("payer_control_number", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=False),
        sa.Column("scenarios", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("received_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("acknowledge_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("pay_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", shared.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("record", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("outcome", shared.database.sealing.SealedText(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id"),
        sa.UniqueConstraint("sequence"),
    )
    with op.batch_alter_table("clearinghouse_claims", schema=None) as batch_op:
        batch_op.create_index("claims_by_due", ["due_at", "sequence"], unique=False)
        batch_op.create_index("claims_by_number", ["organization_id", "claim_number"], unique=False)
        batch_op.create_index("claims_by_payer_number", ["payer_id", "payer_control_number"], unique=False)
        batch_op.create_index("claims_by_person", ["person"], unique=False)


def _payee_balances() -> None:
    op.create_table(
        "payee_balances",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("owing_cents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )


def _simulator_clock() -> None:
    op.create_table(
        "simulator_clock",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("moment", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("wall", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )


def _simulator_strikes() -> None:
    op.create_table(
        "simulator_strikes",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )


def _x12_files() -> None:
    op.create_table(
        "x12_files",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("interchange_control_number", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("accepted_number", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("received_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("duplicate", sa.Boolean(), nullable=False),
        sa.Column("content_mac", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("key_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("headers", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("content", shared.database.sealing.SealedText(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
        sa.UniqueConstraint("organization_id", "accepted_number"),
        sa.UniqueConstraint("organization_id", "key_digest"),
    )
    with op.batch_alter_table("x12_files", schema=None) as batch_op:
        batch_op.create_index("x12_files_by_number", ["organization_id", "interchange_control_number"], unique=False)


def _x12_messages() -> None:
    op.create_table(
        "x12_messages",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("created_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("content", shared.database.sealing.SealedText(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
        sa.UniqueConstraint("organization_id", "sequence"),
    )


def _audit_entries() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("client_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("subject_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("actor", shared.database.sealing.SealedJson(), nullable=True),
        sa.Column("reason", shared.database.sealing.SealedText(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index("audit_by_subject", ["organization_id", "subject_id"], unique=False)


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("type", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("subject_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("occurred_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
        sa.UniqueConstraint("organization_id", "sequence"),
    )


def _idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("body_mac", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("reserved_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer", shared.database.sealing.SealedText(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )


def _key_checks() -> None:
    op.create_table(
        "key_checks",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )


def downgrade() -> None:
    """Drop them all, with what is in them."""
    op.drop_table("key_checks")
    op.drop_table("idempotency_keys")
    op.drop_table("events")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index("audit_by_subject")

    op.drop_table("audit_entries")
    op.drop_table("x12_messages")
    with op.batch_alter_table("x12_files", schema=None) as batch_op:
        batch_op.drop_index("x12_files_by_number")

    op.drop_table("x12_files")
    op.drop_table("simulator_strikes")
    op.drop_table("simulator_clock")
    op.drop_table("payee_balances")
    with op.batch_alter_table("clearinghouse_claims", schema=None) as batch_op:
        batch_op.drop_index("claims_by_person")
        batch_op.drop_index("claims_by_payer_number")
        batch_op.drop_index("claims_by_number")
        batch_op.drop_index("claims_by_due")

    op.drop_table("clearinghouse_claims")
