"""Alembic, one history a service: `upgrade` runs a service's history, `run_environment` is every env.py.

A service's `migrations/env.py` is two lines that name its metadata. The tables of `operations` belong to every
history. DBOS keeps its own tables and Alembic does not look at them.
"""

from importlib.resources import as_file
from importlib.resources.abc import Traversable
from pathlib import Path
from threading import Lock

from alembic import command, context
from alembic.config import Config
from alembic.operations.ops import MigrationScript
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from shared.database.engine import Database, create_database_engine
from shared.database.operations import Operations
from shared.database.tenancy import of_every_organization, secure
from shared.settings import Settings

MIGRATION_LOCK = 0x48414E44
"""PostgreSQL advisory lock: two processes that start together migrate one after the other. READ COMMITTED, so that the
second one, when the lock lets it in, sees what the first has made."""
_one_at_a_time = Lock()
"""Alembic's context is global to a process."""


def upgrade(database: Database, migrations: Traversable) -> None:
    """Run what a database lacks of a history. Processes that start together do it one after the other."""
    engine = database.engine
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="READ COMMITTED")
    with _one_at_a_time, as_file(migrations) as folder, engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        command.upgrade(alembic_config(Path(folder), connection), "head")
        connection.commit()


def upgrade_within(connection: Connection, migrations: Traversable, revision: str) -> None:
    """Run a history up to a revision within the transaction of a connection, whose end the caller decides; on
    PostgreSQL nobody else migrates until then."""
    with _one_at_a_time, as_file(migrations) as folder:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        command.upgrade(alembic_config(Path(folder), connection), revision)


def new_revision(migrations: Path, message: str) -> Path | None:
    """Write the next revision of a history: what the tables in the code have and its newest version lacks.

    The history is run on an empty SQLite database that goes afterwards. None, and no file, when nothing differs."""
    engine = create_database_engine("sqlite://")
    try:
        with _one_at_a_time, engine.connect() as connection:
            config = alembic_config(migrations, connection)
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            command.upgrade(config, "head")
            number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
            made = command.revision(
                config, message, autogenerate=True, rev_id=f"{number:04}", process_revision_directives=_drop_empty
            )
    finally:
        engine.dispose()
    return Path(made.path) if isinstance(made, Script) else None


def _drop_empty(_context: object, _revision: object, directives: list[MigrationScript]) -> None:
    """A revision that changes nothing is not written."""
    if all(one.upgrade_ops is None or one.upgrade_ops.is_empty() for one in directives):
        directives.clear()


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
        secure(connection, metadata, Operations.metadata)
