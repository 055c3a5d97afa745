"""first"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import shared.database.columns
import shared.database.sealing

revision = "0001"
down_revision = None
kind = "rebuild"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the first tables of claims with their indexes."""
    _claim_numbers()
    _claims()
    _counters()
    _cursors()
    _fee_schedules()
    _files()
    _leases()
    _ledger()
    _messages()
    _payer_fees()
    _postings()
    _practices()
    _therapists()
    _audit_entries()
    _events()
    _idempotency_keys()
    _key_checks()


def _claim_numbers() -> None:
    op.create_table(
        "claim_numbers",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("claim_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("file_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("claim_numbers", schema=None) as batch_op:
        batch_op.create_index("claim_numbers_by_number", ["id"], unique=False)
        batch_op.create_index("claim_numbers_by_file", ["organization_id", "file_id"], unique=False)


def _claims() -> None:
    op.create_table(
        "claims",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("note_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("coverage_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("patient_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("therapist_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("payer_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("claim_number", sqlmodel.sql.sqltypes.AutoString(length=17), nullable=False),
        sa.Column("date_of_service", sa.Date(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("document", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("past_visit", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("file_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("next_kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("next_owner", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=False),
        sa.Column("next_reason", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("next_rule", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("created_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", shared.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("queued_at", shared.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.create_index(
            "claims_of_note",
            ["organization_id", "note_id", "coverage_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'voided'"),
            postgresql_where=sa.text("state <> 'voided'"),
        )
        batch_op.create_index("claims_by_due", ["organization_id", "next_due_on", "id"], unique=False)
        batch_op.create_index("claims_by_patient", ["organization_id", "patient_id", "date_of_service"], unique=False)
        batch_op.create_index("claims_by_state", ["organization_id", "state", "id"], unique=False)
        batch_op.create_index(
            "claims_by_therapist", ["organization_id", "therapist_id", "date_of_service"], unique=False
        )
        batch_op.create_index("claims_to_file", ["state", "file_id"], unique=False)
        batch_op.create_index("claims_to_follow_up", ["next_kind", "next_due_on"], unique=False)


def _counters() -> None:
    op.create_table(
        "counters",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )


def _cursors() -> None:
    op.create_table(
        "cursors",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )


def _fee_schedules() -> None:
    op.create_table(
        "fee_schedules",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("charges_cents", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )


def _files() -> None:
    op.create_table(
        "files",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("interchange_control_number", sqlmodel.sql.sqltypes.AutoString(length=9), nullable=False),
        sa.Column("sender_id", sqlmodel.sql.sqltypes.AutoString(length=15), nullable=False),
        sa.Column("content", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("formed_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", shared.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", shared.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id"),
        sa.UniqueConstraint("interchange_control_number"),
    )
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.create_index("files_by_state", ["state"], unique=False)
        batch_op.create_index("files_by_sender", ["sender_id", "formed_at"], unique=False)


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("ends_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("claim_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=False),
        sa.Column("posted_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("target", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("source_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.create_index("ledger_by_claim", ["organization_id", "claim_id", "id"], unique=False)


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("arrival", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("content", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("received_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index("messages_by_state", ["state", "arrival"], unique=False)
        batch_op.create_index("messages_by_arrival", ["organization_id", "arrival"], unique=True)


def _payer_fees() -> None:
    op.create_table(
        "payer_fees",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fees", sa.JSON(), nullable=False),
        sa.Column("percent_of_charge_basis_points", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", "effective_from"),
    )


def _postings() -> None:
    op.create_table(
        "postings",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("claim_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("message_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("posted_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )


def _practices() -> None:
    op.create_table(
        "practices",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("npi", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("time_zone", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("body", shared.database.sealing.SealedJson(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("practices", schema=None) as batch_op:
        batch_op.create_index("practices_by_npi", ["npi"], unique=False)


def _therapists() -> None:
    op.create_table(
        "therapists",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", shared.database.sealing.SealedJson(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
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
    # ### end Alembic commands ###


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
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_table("key_checks")
    op.drop_table("idempotency_keys")
    op.drop_table("events")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index("audit_by_subject")

    op.drop_table("audit_entries")
    op.drop_table("therapists")
    with op.batch_alter_table("practices", schema=None) as batch_op:
        batch_op.drop_index("practices_by_npi")

    op.drop_table("practices")
    op.drop_table("postings")
    op.drop_table("payer_fees")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index("messages_by_state")
        batch_op.drop_index("messages_by_arrival")

    op.drop_table("messages")
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.drop_index("ledger_by_claim")

    op.drop_table("ledger")
    op.drop_table("leases")
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.drop_index("files_by_state")

    op.drop_table("files")
    op.drop_table("fee_schedules")
    op.drop_table("cursors")
    op.drop_table("counters")
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.drop_index("claims_to_follow_up")
        batch_op.drop_index("claims_to_file")
        batch_op.drop_index("claims_by_therapist")
        batch_op.drop_index("claims_of_note")
        batch_op.drop_index("claims_by_state")
        batch_op.drop_index("claims_by_patient")
        batch_op.drop_index("claims_by_due")

    op.drop_table("claims")
    with op.batch_alter_table("claim_numbers", schema=None) as batch_op:
        batch_op.drop_index("claim_numbers_by_file")
        batch_op.drop_index("claim_numbers_by_number")

    op.drop_table("claim_numbers")
    # ### end Alembic commands ###
