"""Keys of organizations, each wrapped under a master key.

What was sealed before stays closed, and the check value that is there still refuses another keyring: those keys were
derived from the one master key that there was.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "organization_keys",
        sa.Column("organization_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("master_key_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("resealed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id"),
    )
    op.create_index("organization_keys_by_master", "organization_keys", ["master_key_id"])


def downgrade() -> None:
    """Remove it: what is sealed with its keys is lost."""
    op.drop_index("organization_keys_by_master", "organization_keys")
    op.drop_table("organization_keys")
