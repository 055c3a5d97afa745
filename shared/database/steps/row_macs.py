"""Tables get their MACs. A row that is there already has none and is not loaded any more: its sealed columns do not
open either, since organizations have keys of their own."""

from collections.abc import Iterable

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op


def upgrade(tables: Iterable[str]) -> None:
    """Add the column, empty."""
    for table in (*tables, "events"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            kind = sqlmodel.sql.sqltypes.AutoString(length=100)
            batch_op.add_column(sa.Column("mac", kind, nullable=False, server_default=""))


def downgrade(tables: Iterable[str]) -> None:
    """Take it away."""
    for table in (*tables, "events"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("mac")
