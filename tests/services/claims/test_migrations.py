"""The tables that the migrations make are the tables that the models name, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.claims.store.tables import Row
from shared.database.migrating import migrate
from shared.database.operations import Operations


def test_migrations_and_models_agree(database) -> None:
    migrate(database, "claims")
    migrate(database, "claims")
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, [Row.metadata, Operations.metadata]) == []
