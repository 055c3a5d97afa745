"""Inquiries are counted by a counter, which goes on where the last inquiry stands."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0007"
down_revision = "0006"
kind = "rebuild"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counters",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    op.execute(
        "INSERT INTO counters (organization_id, id, value)"
        " SELECT 'handbill', 'inquiry', max(control_number) FROM inquiries HAVING count(*) > 0"
    )


def downgrade() -> None:
    op.drop_table("counters")
