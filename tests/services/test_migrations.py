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
def test_a_column_holds_as_many_characters_as_its_model_says(database: Database, service: str) -> None:
    """Alembic compares types, and of a text whose model names no length it compares none."""
    migrate(database, service)
    found = inspect(database.engine)
    for table in ROWS[service].metadata.tables.values():
        kept = {column["name"]: getattr(column["type"], "length", None) for column in found.get_columns(table.name)}
        wanted = {column.name: getattr(column.type, "length", None) for column in table.columns}
        assert kept == wanted, table.name
