"""The control number of a file is unique among those of its account."""

from alembic import op

revision = "0011"
down_revision = "0010"
kind = "rebuild"
branch_labels = None
depends_on = None
NAMES = {"uq": "%(table_name)s_%(column_0_name)s_key"}
"""What PostgreSQL calls a constraint that was given no name; SQLite calls it nothing."""


def upgrade() -> None:
    with op.batch_alter_table("files", schema=None, naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint("files_interchange_control_number_key", type_="unique")
        batch_op.create_index("files_by_control_number", ["interchange_control_number", "sender_id"], unique=True)


def downgrade() -> None:
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.drop_index("files_by_control_number")
        batch_op.create_unique_constraint("files_interchange_control_number_key", ["interchange_control_number"])
