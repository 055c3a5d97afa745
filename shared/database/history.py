"""Alembic, one history a service: `upgrade` runs a service's history, `run_environment` is every env.py.

A service's `migrations/env.py` is two lines that name its metadata. The tables of `operations` belong to every
history. DBOS keeps its own tables and Alembic does not look at them.

Each migration says in `kind` whether code that does not know it may go on (`shared.database.schema`); beside the
revision the database keeps the last one of which that is not so, for code that does not have its file.
"""

from importlib.resources import as_file
from importlib.resources.abc import Traversable
from pathlib import Path
from threading import Lock

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text

from shared.database.engine import create_database_engine
from shared.database.operations import Operations
from shared.database.schema import record_contract
from shared.database.steps.indexes import WHILE_SERVING
from shared.database.tenancy import of_every_organization, secure
from shared.settings import Settings

MIGRATION_LOCK = 0x48414E44
"""PostgreSQL advisory lock: processes that start together migrate one after the other."""
ONE_AT_A_TIME = Lock()
"""Alembic's context is global to a process."""


def upgrade(connection: Connection, migrations: Traversable, revision: str, *, while_serving: bool) -> None:
    """Run a history up to a revision in the transaction of a connection, and commit it. What serves meanwhile is not
    kept from its work, which makes indexes slower."""
    with ONE_AT_A_TIME, as_file(migrations) as folder:
        config = alembic_config(Path(folder), connection)
        config.attributes[WHILE_SERVING] = while_serving
        command.upgrade(config, revision)
        connection.commit()


def upgrade_within(connection: Connection, migrations: Traversable, revision: str) -> None:
    """Run a history up to a revision within the transaction of a connection, whose end the caller decides; on
    PostgreSQL nobody else migrates until then."""
    with ONE_AT_A_TIME, as_file(migrations) as folder:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        command.upgrade(alembic_config(Path(folder), connection), revision)


def alembic_config(folder: Path, connection: Connection) -> Config:
    """A configuration without an ini file: where the history is, and the connection to use."""
    config = Config()
    # A per cent sign in a path would be an interpolation to the parser of ini files.
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def run_environment(metadata: MetaData) -> None:
    """The body of every env.py: within the connection that was passed in, or, where `alembic` itself runs, on the
    database of `-x url=...` or of the settings."""
    connection = context.config.attributes.get("connection")
    if connection is not None:
        _run(metadata, connection)
        return
    url = context.get_x_argument(as_dictionary=True).get("url")
    engine = create_database_engine(url or Settings().database_url_of(context.config.config_ini_section))
    try:
        with engine.connect() as connection:
            _run(metadata, connection)
            connection.commit()
    finally:
        engine.dispose()


def _run(metadata: MetaData, connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=[metadata, Operations.metadata],
        # SQLite cannot alter most of a table; Alembic then makes a new one and copies the rows.
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
        include_name=lambda name, kind, _parents: not (kind == "table" and str(name).startswith("dbos")),
    )
    with context.begin_transaction():
        of_every_organization(connection)
        context.run_migrations()
        record_contract(connection, context.script)
        secure(connection, metadata, Operations.metadata)
