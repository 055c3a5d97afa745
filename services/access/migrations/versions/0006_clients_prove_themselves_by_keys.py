"""Clients may have public keys, and the assertions that they have used are remembered until they end."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import shared.database

revision = "0006"
down_revision = "0005"
kind = "rebuild"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table."""
    op.create_table(
        "client_assertions",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("expires_at", shared.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    with op.batch_alter_table("client_assertions", schema=None) as batch_op:
        batch_op.create_index("client_assertions_by_end", ["organization_id", "expires_at"], unique=False)

    with op.batch_alter_table("clients", schema=None) as batch_op:
        batch_op.add_column(sa.Column("jwks", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    """Drop them. A client with keys gets no tokens then, since it has no secret."""
    with op.batch_alter_table("clients", schema=None) as batch_op:
        batch_op.drop_column("jwks")

    with op.batch_alter_table("client_assertions", schema=None) as batch_op:
        batch_op.drop_index("client_assertions_by_end")

    op.drop_table("client_assertions")
