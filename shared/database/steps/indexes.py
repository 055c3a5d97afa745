"""An index on a table that services read and write meanwhile.

On PostgreSQL it is made CONCURRENTLY, which keeps nobody from writing but takes no transaction. So it is the only thing
that its migration does: when it is cut short, the whole migration is run again. Where nobody can be there (a new
database, a restore) it is made as any other.
"""

from typing import Any

from alembic import context, op
from sqlalchemy import text

WHILE_SERVING = "while_serving"


def add_index(name: str, table: str, columns: list[str], *, in_place_of: str = "", where: str = "") -> None:
    """Make the index, of the rows that fit the SQL condition `where`; what is left of an earlier try goes first. It is
    not unique: that would tighten. `in_place_of` is one that allows less and goes once this one is there."""
    rows: dict[str, Any] = {"postgresql_where": text(where), "sqlite_where": text(where)} if where else {}
    connection = op.get_bind()
    if connection.dialect.name != "postgresql" or not context.config.attributes.get(WHILE_SERVING):
        op.create_index(name, table, columns, **rows)
        if in_place_of:
            op.drop_index(in_place_of, table)
        return
    before = connection.get_isolation_level()
    connection.commit()
    connection.execution_options(isolation_level="AUTOCOMMIT")
    try:
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
        op.create_index(name, table, columns, postgresql_concurrently=True, **rows)
        if in_place_of:
            op.drop_index(in_place_of, table, if_exists=True, postgresql_concurrently=True)
    finally:
        connection.commit()
        connection.execution_options(isolation_level=before)
