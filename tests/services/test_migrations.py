"""The tables that a service's migrations make are the tables that its models name, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

import services.access.store
import services.claims.store.tables
import services.clearinghouse.store
import services.eligibility.store
import services.notes.store
from shared.database import Database
from shared.database.migrating import migrate
from shared.database.operations import Operations
from shared.settings import PORTS

ROWS = {
    "access": services.access.store.Row,
    "eligibility": services.eligibility.store.Row,
    "notes": services.notes.store.Row,
    "claims": services.claims.store.tables.Row,
    "clearinghouse": services.clearinghouse.store.Row,
}


@pytest.mark.parametrize("service", PORTS)
def test_migrations_and_models_agree(database: Database, service: str) -> None:
    migrate(database, service)
    migrate(database, service)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, [ROWS[service].metadata, Operations.metadata]) == []


@pytest.mark.parametrize("service", PORTS)
def test_an_index_is_of_some_rows_where_its_model_says_so(database: Database, service: str) -> None:
    """Alembic compares the columns of an index, and not its condition."""
    migrate(database, service)
    found, where = inspect(database.engine), f"{database.engine.dialect.name}_where"
    for table in ROWS[service].metadata.tables.values():
        kept = {
            one["name"]
            for one in found.get_indexes(table.name)
            if one.get("dialect_options", {}).get(where) is not None
        }
        wanted = {one.name for one in table.indexes if one.dialect_kwargs.get(where) is not None}
        assert kept == wanted, table.name


@pytest.mark.parametrize("service", PORTS)
def test_a_column_holds_as_many_characters_as_its_model_says(database: Database, service: str) -> None:
    """Alembic compares types, and of a text whose model names no length it compares none."""
    migrate(database, service)
    found = inspect(database.engine)
    for table in ROWS[service].metadata.tables.values():
        kept = {column["name"]: getattr(column["type"], "length", None) for column in found.get_columns(table.name)}
        wanted = {column.name: getattr(column.type, "length", None) for column in table.columns}
        assert kept == wanted, table.name
