"""the worklist without settled claims"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
kind = "rebuild"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leave settled claims out of the index of the worklist."""
    to_do = sa.text("next_kind <> 'none'")
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.drop_index("claims_by_due")
        batch_op.create_index(
            "claims_by_due",
            ["organization_id", "next_due_on", "id"],
            unique=False,
            sqlite_where=to_do,
            postgresql_where=to_do,
        )


def downgrade() -> None:
    """Put every claim in it again."""
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.drop_index("claims_by_due")
        batch_op.create_index("claims_by_due", ["organization_id", "next_due_on", "id"], unique=False)
