"""Users, the issuers that they come in by, and what they have read in an emergency."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import shared.database

revision = "0008"
down_revision = "0007"
kind = "rebuild"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; organizations go on taking their clients' word for who decides."""
    op.create_table(
        "emergency_accesses",
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("user_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("client_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("reason", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    op.create_table(
        "identities",
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("user_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.create_index("identities_by_user", ["organization_id", "user_id"], unique=False)

    op.create_table(
        "issuers",
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("issuer", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("audience", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column("jwks_uri", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("created_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    op.create_table(
        "users",
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("content", shared.database.sealing.SealedJson(), nullable=False),
        sa.Column("created_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("tokens_end_at", shared.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index("users_by_end_of_tokens", ["tokens_end_at"], unique=False)

    with op.batch_alter_table("organizations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("persons_decide", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Drop them, and with them who may come in."""
    with op.batch_alter_table("organizations", schema=None) as batch_op:
        batch_op.drop_column("persons_decide")

    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_index("users_by_end_of_tokens")

    op.drop_table("users")
    op.drop_table("issuers")
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.drop_index("identities_by_user")

    op.drop_table("identities")
    op.drop_table("emergency_accesses")
