"""Opening balances of a practice that moves in, what was used before, and its rule for small balances."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import shared.database.columns
import shared.database.sealing

revision = "0026"
down_revision = "0025"
kind = "expand"
branch_labels = None
depends_on = None

STANDS = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "opening_balances",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("claim_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("reference", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("reference_blind", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("claim_number", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("claim_number_blind", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("figures_from", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("entered_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", shared.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("opening_balances", schema=None) as batch_op:
        batch_op.create_index(
            "opening_balances_by_reference",
            ["organization_id", "reference_blind"],
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        )
        batch_op.create_index("opening_balances_by_number", ["organization_id", "claim_number_blind"])
        batch_op.create_index("opening_balances_by_claim", ["organization_id", "claim_id"])
    op.create_table(
        "opening_visits",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("patient_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("coverage_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("counted_through", sa.Date(), nullable=False),
        sa.Column("figures_from", shared.database.sealing.SealedText(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("opening_visits", schema=None) as batch_op:
        batch_op.create_index("opening_visits_by_patient", ["organization_id", "patient_id"])
    op.create_table(
        "small_balance_rules",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("patient_max_cents", sa.Integer(), nullable=False),
        sa.Column("insurer_max_cents", sa.Integer(), nullable=False),
        sa.Column("reason", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("set_by", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("set_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("small_balance_rules")
    op.drop_table("opening_visits")
    op.drop_table("opening_balances")
