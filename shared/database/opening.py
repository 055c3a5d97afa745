"""A service's database, ready for use: at its newest version, and sealed with the master key that is here.

What can be wrong there is said when the process starts, as a sentence: the database cannot be reached, is damaged, was
made by a newer Handbill, or was sealed with another master key. Without that last check every sealed row would fail
later, one by one, in a service that says that it is ready.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from alembic.util import CommandError
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from shared.database.engine import Database
from shared.database.keys import LocalKeyFile, SealBroken, Vault
from shared.database.migrating import migrate
from shared.errors import Unavailable
from shared.settings import Settings
from shared.startup import DISK_FULL, FULL, CannotStart, file_fault

PLACE = ("", "key_checks", "sealed", "master")
CONSTANT = b"handbill"
INSERT = text(
    "INSERT INTO key_checks (organization_id, id, sealed) "
    "VALUES (:organization_id, :id, :sealed) ON CONFLICT DO NOTHING"
)
SELECT = text("SELECT sealed FROM key_checks WHERE id = :id")
SQLITE_FAULTS = {
    "file is not a database": "is damaged; restore it from its backup",
    "malformed": "is damaged; restore it from its backup",
    "is full": DISK_FULL,
    "disk i/o error": "cannot be read or written: the disk is full or damaged",
    "readonly": "cannot be written; let this user write it and its folder",
    "read-only": "cannot be written; let this user write it and its folder",
    "unable to open": "cannot be opened; see that its folder is there, and that this user may write in it",
}


class DatabaseUnusable(CannotStart):
    """The database cannot be reached, read or written."""


class MasterKeyMismatch(CannotStart):
    """The database was sealed with another master key than the one that is here, or none is here."""


def open_database(settings: Settings, service: str) -> Database:
    """Whoever calls this closes it. Raises DatabaseUnusable, MasterKeyMismatch, and what LocalKeyFile raises."""
    url = settings.database_url_of(service)
    with database_faults(url, service):
        if not settings.key_file.exists() and _is_sealed(url):
            raise MasterKeyMismatch(
                f"{settings.key_file} is missing, and the database of {service} was sealed with it; put the file back "
                "from its copy (a new key cannot open what the old one sealed)"
            )
        database = Database(url, Vault(LocalKeyFile(settings.key_file)), service)
        try:
            migrate(database, service)
            _check_key(database, settings.key_file, service)
        except BaseException:
            database.close()
            raise
    return database


@contextmanager
def database_faults(url: str, service: str) -> Iterator[None]:
    """Within it, what the database cannot do is raised as DatabaseUnusable, with a sentence. The URL's password is left
    out."""
    try:
        yield
    except CommandError:
        raise DatabaseUnusable(
            f"the database of {service} was made by a newer Handbill; run that one, or restore the backup from before"
        ) from None
    except (DBAPIError, sqlite3.Error, psycopg.Error, Unavailable) as error:
        sentence = _sentence(url, service, error)
        if sentence is None:
            raise
        raise DatabaseUnusable(sentence) from None
    except OSError as error:
        if error.errno in FULL or error.filename is None or file_fault(error) is None:
            raise
        raise DatabaseUnusable(f"the database of {service}: {file_fault(error)}") from None


def _sentence(url: str, service: str, error: Exception) -> str | None:
    """None for an error that is no fault of the installation."""
    cause = error.__cause__ if isinstance(error, Unavailable) and error.__cause__ else error
    original = getattr(cause, "orig", cause)
    if isinstance(original, sqlite3.Error):
        fault = next((words for sign, words in SQLITE_FAULTS.items() if sign in str(original).lower()), None)
        return f"{make_url(url).database} {fault}" if fault else None
    if isinstance(original, psycopg.OperationalError) and original.sqlstate is None:
        reason = str(original).strip().splitlines()[0].removesuffix(":")
        return (
            f"the database of {service} at {make_url(url).render_as_string(hide_password=True)} does not answer; see "
            f"that PostgreSQL runs there and that HANDBILL_DATABASE_URL is right ({reason})"
        )
    return None


class _NoKeys:
    """For looking into a database without a key."""

    def key(self, organization_id: str, purpose: str) -> bytes:
        raise AssertionError(f"no {purpose} key of {organization_id or 'the installation'} is wanted here")


def _is_sealed(url: str) -> bool:
    """Whether the database holds something that a master key has sealed."""
    if url.startswith("sqlite") and not Path(make_url(url).database or "").exists():
        return False
    database = Database(url, Vault(_NoKeys()))
    try:
        with database.engine.connect() as connection:
            if not database.engine.dialect.has_table(connection, "key_checks"):
                return False
            return connection.execute(SELECT, {"id": PLACE[3]}).first() is not None
    finally:
        database.close()


def _check_key(database: Database, key_file: Path, service: str) -> None:
    """The first process to see a database leaves a sealed constant in it; every later one opens that."""
    row = {"organization_id": PLACE[0], "id": PLACE[3], "sealed": database.vault.seal(*PLACE, CONSTANT)}
    with database.reading() as session:
        found = session.connection().execute(SELECT, {"id": PLACE[3]}).scalar()
    if found is None:
        # Two processes may start together: one constant stays (ON CONFLICT DO NOTHING), and both open that one.
        database.run(lambda session: session.connection().execute(INSERT, row))
        with database.reading() as session:
            found = session.connection().execute(SELECT, {"id": PLACE[3]}).scalar_one()
    try:
        opened = database.vault.open(*PLACE, bytes(found))
    except SealBroken:
        opened = b""
    if opened != CONSTANT:
        raise MasterKeyMismatch(
            f"{key_file} is not the master key that the database of {service} was sealed with; put that key back from "
            "its copy, or set HANDBILL_DATA_DIR and HANDBILL_DATABASE_URL to an installation and its own databases"
        )
