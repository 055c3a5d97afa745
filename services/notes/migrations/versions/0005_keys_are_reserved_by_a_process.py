"""A reserved idempotency key names the work of a process, and old keys are found by their age."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0005"
down_revision = "0004"
kind = "rebuild"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keys that are reserved now name nobody, and are free after their lease."""
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reserved_by", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True))
        batch_op.create_index("idempotency_keys_by_age", ["organization_id", "reserved_at"])


def downgrade() -> None:
    """Forget who reserved a key."""
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.drop_index("idempotency_keys_by_age")
        batch_op.drop_column("reserved_by")
