"""A service's database at its newest version, whichever process starts first.

Most starts find it there. So the newest version is read from the names of the history's files, which begin with their
revision and are numbered in order; Alembic is imported only where something has to be done.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.database.engine import WRITES, Database


def migrate(database: Database, service: str) -> None:
    """Bring a service's database to the newest version; does nothing when it is there."""
    migrations = files(f"services.{service}") / "migrations"
    if _version(database) == newest(migrations):
        return
    from shared.database.history import upgrade  # noqa: PLC0415 (see above)

    upgrade(database, migrations)


def newest(migrations: Traversable) -> str:
    """The last revision of a history."""
    names = (file.name for file in (migrations / "versions").iterdir() if file.name.endswith(".py"))
    return max(name.partition("_")[0] for name in names)


def _version(database: Database) -> str | None:
    """Where the database stands; None when it is empty, or cannot be asked."""
    try:
        with database.engine.execution_options(**{WRITES: False}).connect() as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DBAPIError:
        return None
