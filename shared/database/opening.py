"""A service's database, ready for use: at its newest version, and sealed with master keys that are here.

What can be wrong there is said when the process starts, as a sentence: the database cannot be reached, is damaged, was
made by a newer Handbill, or was sealed with a master key that is not in the keyring.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from shared.database.anchors import Anchors
from shared.database.engine import WRITES, Database, create_database_engine
from shared.database.key_checks import MasterKeyMismatch, confirm_keys, hold_check, is_sealed
from shared.database.keyring import PUT_BACK, LocalKeyring
from shared.database.migrating import head_of_history, migrate
from shared.database.tenancy import ROLE
from shared.errors import Unavailable
from shared.private_files import refuse_open
from shared.settings import Settings
from shared.startup import DISK_FULL, FULL, CannotStart, file_fault

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


def open_database(settings: Settings, service: str, *, contract: bool = False, exact: bool = False) -> Database:
    """Whoever calls this closes it. `contract` and `exact` are those of `migrate`: bring it to its newest version,
    though processes of before could not go on; refuse one of a newer Handbill that this code could work with, since all
    of it is wanted. Raises DatabaseUnusable, SchemaUnfit, MasterKeyMismatch, ReadableByOthers, and what LocalKeyring
    raises."""
    url = settings.database_url_of(service)
    if settings.unfinished_restore.exists():
        raise DatabaseUnusable(
            f"a restore is under way, or was not finished: {settings.unfinished_restore} is there; wait for it, or "
            "empty the databases, remove that folder, and restore again"
        )
    if url.startswith("sqlite"):
        refuse_open(Path(make_url(url).database or ""))
    with database_faults(url, service):
        if not settings.keyring_file.exists() and _is_sealed(url):
            raise MasterKeyMismatch(
                f"{settings.keyring_file} is missing, and the database of {service} was sealed with it; {PUT_BACK} (a "
                "new key cannot open what the old one sealed)"
            )
        database = Database(url, LocalKeyring(settings.keyring_file), service, code=head_of_history(service))
        try:
            migrate(database, service, contract=contract, exact=exact)
            database.presence.announce()
            _check_keys(database, settings.keyring_file)
            database.anchors = Anchors(settings.anchors_dir, database.vault, service, settings.anchor_seconds)
            database.confined = True
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
    if isinstance(original, psycopg.errors.InsufficientPrivilege):
        user = make_url(url).username
        return (
            f"the database of {service}: its user {user} may not act as the role {ROLE}, which keeps tenants apart; "
            f"let a superuser run once: CREATE ROLE {ROLE} NOLOGIN; GRANT {ROLE} TO {user}"
        )
    if isinstance(original, psycopg.OperationalError) and original.sqlstate is None:
        reason = str(original).strip().splitlines()[0].removesuffix(":")
        return (
            f"the database of {service} at {make_url(url).render_as_string(hide_password=True)} does not answer; see "
            f"that PostgreSQL runs there and that HANDBILL_DATABASE_URL is right ({reason})"
        )
    return None


def has_seals(url: str, service: str) -> bool:
    """Whether the database is there and has been used with a master key. Raises DatabaseUnusable."""
    with database_faults(url, service):
        return _is_sealed(url)


def _is_sealed(url: str) -> bool:
    if url.startswith("sqlite") and not Path(make_url(url).database or "").exists():
        return False
    engine = create_database_engine(url)
    try:
        with engine.execution_options(**{WRITES: False}).connect() as connection:
            return is_sealed(connection)
    finally:
        engine.dispose()


def _check_keys(database: Database, keyring_file: Path) -> None:
    """The first process to see a database leaves a check value in it; every later one opens that. Each master key that
    becomes the current one leaves one too."""
    master = database.organization_keys.master
    try:
        with database.short_transaction(writes=False) as connection:
            confirm_keys(connection, master, database.service)
    except MasterKeyMismatch as mismatch:
        raise MasterKeyMismatch(
            f"{keyring_file} is not the keyring of this database: {mismatch}; {PUT_BACK}, or set HANDBILL_DATA_DIR and "
            "HANDBILL_DATABASE_URL to an installation and its own databases"
        ) from None
    with database.short_transaction(writes=True) as connection:
        hold_check(connection, master, database.service, master.current_id())
