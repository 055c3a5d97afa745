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
    """Create the first tables of eligibility with their indexes."""
    _records()
    _permissions()
    _checks()
    _operations()


def _records() -> None:
    """What callers put."""
    op.create_table(
        "patients",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", shared.database.sealing.SealedJson(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    op.create_table(
        "payers",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", shared.database.sealing.SealedJson(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    op.create_table(
        "coverages",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", shared.database.sealing.SealedJson(), nullable=False),
        sa.Column("patient_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("payer_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("member_blind", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "patient_id"],
            ["patients.organization_id", "patients.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "payer_id"],
            ["payers.organization_id", "payers.id"],
        ),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("coverages", schema=None) as batch_op:
        batch_op.create_index("coverages_by_member", ["organization_id", "member_blind", "id"])
        batch_op.create_index("coverages_by_patient", ["organization_id", "patient_id", "id"])


def _permissions() -> None:
    """What payers and physicians allow."""
    op.create_table(
        "authorizations",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", shared.database.sealing.SealedJson(), nullable=False),
        sa.Column("coverage_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "coverage_id"],
            ["coverages.organization_id", "coverages.id"],
        ),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("authorizations", schema=None) as batch_op:
        batch_op.create_index("authorizations_by_coverage", ["organization_id", "coverage_id", "id"])
    op.create_table(
        "referrals",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", shared.database.sealing.SealedJson(), nullable=False),
        sa.Column("coverage_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "coverage_id"],
            ["coverages.organization_id", "coverages.id"],
        ),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.create_index("referrals_by_coverage", ["organization_id", "coverage_id", "id"])


def _checks() -> None:
    """What payers were asked, and what it came to."""
    op.create_table(
        "inquiries",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("check_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("coverage_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("service_types", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("control_number", sa.Integer(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("sent_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("request_x12", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("response_x12", shared.database.sealing.SealedText(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id"),
        sa.UniqueConstraint("control_number"),
    )
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.create_index("inquiries_by_coverage", ["organization_id", "coverage_id", "sent_at"])
    op.create_table(
        "eligibility_checks",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("coverage_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("checked_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("content", shared.database.sealing.SealedJson(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "coverage_id"],
            ["coverages.organization_id", "coverages.id"],
        ),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("eligibility_checks", schema=None) as batch_op:
        batch_op.create_index("checks_by_coverage", ["organization_id", "coverage_id", "checked_at", "id"])


def _operations() -> None:
    """The tables that every service has."""
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
        batch_op.create_index("audit_by_subject", ["organization_id", "subject_id"])
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
    op.create_table(
        "idempotency_keys",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("body_mac", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("reserved_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer", shared.database.sealing.SealedText(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
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
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.drop_index("referrals_by_coverage")

    op.drop_table("referrals")
    with op.batch_alter_table("eligibility_checks", schema=None) as batch_op:
        batch_op.drop_index("checks_by_coverage")

    op.drop_table("eligibility_checks")
    with op.batch_alter_table("authorizations", schema=None) as batch_op:
        batch_op.drop_index("authorizations_by_coverage")

    op.drop_table("authorizations")
    with op.batch_alter_table("coverages", schema=None) as batch_op:
        batch_op.drop_index("coverages_by_patient")
        batch_op.drop_index("coverages_by_member")

    op.drop_table("coverages")
    op.drop_table("payers")
    op.drop_table("patients")
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.drop_index("inquiries_by_coverage")

    op.drop_table("inquiries")
