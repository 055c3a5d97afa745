"""The control number of an inquiry is unique among those of its organization."""

from alembic import op

revision = "0008"
down_revision = "0007"
kind = "rebuild"
branch_labels = None
depends_on = None
NAMES = {"uq": "%(table_name)s_%(column_0_name)s_key"}
"""What PostgreSQL calls a constraint that was given no name; SQLite calls it nothing."""


def upgrade() -> None:
    with op.batch_alter_table("inquiries", schema=None, naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint("inquiries_control_number_key", type_="unique")
        batch_op.create_unique_constraint(
            "inquiries_organization_id_control_number_key", ["organization_id", "control_number"]
        )


def downgrade() -> None:
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.drop_constraint("inquiries_organization_id_control_number_key", type_="unique")
        batch_op.create_unique_constraint("inquiries_control_number_key", ["control_number"])
