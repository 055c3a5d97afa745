"""A service's database at its newest version, whichever process starts first."""

from importlib.resources import files
from importlib.resources.abc import Traversable

from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.database.engine import WRITES, Database
from shared.database.history import upgrade
from shared.database.tenancy import is_secured


def migrate(database: Database, service: str) -> None:
    """Bring a service's database to the newest version; does nothing when it is there and, on PostgreSQL,
    secured."""
    migrations = history_of(service)
    if _version(database) != newest(migrations) or not _is_secured(database):
        upgrade(database, migrations)


def newest(migrations: Traversable) -> str | None:
    """The last revision of a history."""
    return ScriptDirectory(str(migrations)).get_current_head()


def head_of_history(service: str) -> str:
    """The revision that this Handbill's tables of a service have."""
    return str(newest(history_of(service)))


def history_of(service: str) -> Traversable:
    """Where a service's migrations are."""
    return files(f"services.{service}") / "migrations"


def is_known(service: str, revision: str) -> bool:
    """Whether a revision is one of this Handbill's; a newer one has others."""
    return revision in {one.revision for one in ScriptDirectory(str(history_of(service))).walk_revisions()}


def _version(database: Database) -> str | None:
    """Where the database stands; None when it is empty, or cannot be asked."""
    try:
        with database.engine.execution_options(**{WRITES: False}).connect() as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DBAPIError:
        return None


def _is_secured(database: Database) -> bool:
    if database.engine.dialect.name != "postgresql":
        return True
    with database.engine.connect() as connection:
        return is_secured(connection)
