"""messages in parts, and billing NPIs"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import shared.database.columns
import shared.database.sealing

revision = "0008"
down_revision = "0007"
kind = "rebuild"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, and count the tries of a message."""
    op.create_table(
        "billing_npis",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("holder", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("confirmed_at", shared.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("billing_npis", schema=None) as batch_op:
        batch_op.create_index("billing_npis_by_holder", ["holder"], unique=False)

    op.create_table(
        "received_messages",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("arrival", sa.Integer(), nullable=False),
        sa.Column("account", sqlmodel.sql.sqltypes.AutoString(length=15), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("content", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("received_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("retry_at", shared.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("received_messages", schema=None) as batch_op:
        batch_op.create_index("received_messages_by_state", ["state", "arrival"], unique=False)

    op.create_table(
        "unrouted_parts",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("received_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("content", shared.database.sealing.SealedText(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("received_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("npi", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("claims_of", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("routed_to", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("unrouted_parts", schema=None) as batch_op:
        batch_op.create_index("unrouted_parts_by_state", ["state", "id"], unique=False)

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tries", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("retry_at", shared.database.columns.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop them; messages that were split stay split."""
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_column("retry_at")
        batch_op.drop_column("tries")

    with op.batch_alter_table("unrouted_parts", schema=None) as batch_op:
        batch_op.drop_index("unrouted_parts_by_state")

    op.drop_table("unrouted_parts")
    with op.batch_alter_table("received_messages", schema=None) as batch_op:
        batch_op.drop_index("received_messages_by_state")

    op.drop_table("received_messages")
    with op.batch_alter_table("billing_npis", schema=None) as batch_op:
        batch_op.drop_index("billing_npis_by_holder")

    op.drop_table("billing_npis")
