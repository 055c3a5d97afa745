"""Databases made from a backup (`snapshots`), each as it was, at the revision that it had; what is newer is brought to
them afterwards, as to any database.

On PostgreSQL all of it is one transaction a database, and the caller ends it, so that no half of one is ever seen.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Connection, create_engine, inspect, make_url
from sqlalchemy.pool import NullPool

from shared.database.backup_manifest import BackupRefused, DatabaseCopy, checked
from shared.database.engine import create_database_engine
from shared.database.history import upgrade_within
from shared.database.migrating import history_of
from shared.database.presence import Presence
from shared.database.snapshots import VERSIONS, copy_statement, is_sound, tables_of
from shared.private_files import OWNER

WORKFLOWS = "dbos"


def restore_file(folder: Path, copy: DatabaseCopy, target: Path) -> None:
    """On SQLite: a new file with the database. Raises BackupRefused where it is not as the manifest says."""
    source = folder / f"{copy.service}.sqlite"
    expected = copy.files[source.name]
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER), "wb") as written:
        for chunk in checked(source, expected):
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        if not is_sound(connection):
            raise BackupRefused(f"{source} is damaged; take another backup")
        _compare(copy, {name: table.rows for name, table in tables_of(connection).items()})


@contextmanager
def restoring(url: str) -> Iterator[Connection]:
    """On PostgreSQL: a connection in the transaction that everything is restored in. Who leaves without a commit has
    done nothing."""
    engine = create_database_engine(url)
    try:
        with engine.execution_options(isolation_level="READ COMMITTED").connect() as connection:
            yield connection
    finally:
        engine.dispose()


def restore_tables(folder: Path, copy: DatabaseCopy, connection: Connection) -> None:
    """Make the tables of the backup's revision and fill them. Raises BackupRefused where the database has some already,
    or where the rows are not as many as the manifest says."""
    refuse_tables(connection, copy.service)
    upgrade_within(connection, history_of(copy.service), copy.revision)
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    # In the order in which they refer to one another.
    for name, _keys in inspect(connection).get_sorted_table_and_fkc_names():
        if name in copy.tables:
            file = f"{copy.service}/{name}.copy"
            _fill(raw, checked(folder / file, copy.files[file]), name, copy.tables[name].columns)
    counted = {name: _count(raw, name) for name in inspect(connection).get_table_names() if name != VERSIONS}
    _compare(copy, counted)
    for name in counted:
        if _is_secured(raw, name):
            raw.execute(_on(name, "FORCE ROW LEVEL SECURITY"))


def refuse_processes(url: str, service: str) -> None:
    """Raises BackupRefused where a process still works with a database, or would as soon as it is there: it remembers
    keys of the one before, and would seal with them what nobody could open later."""
    # SQLAlchemy's own: ours makes SQLite's file, which is not to be there.
    if Presence(create_engine(url, poolclass=NullPool)).codes():
        raise BackupRefused(f"processes that use the database of {service} are still running; stop them first")


def refuse_tables(connection: Connection, service: str) -> None:
    """Raises BackupRefused where a database on PostgreSQL has tables."""
    found = inspect(connection)
    if found.get_table_names() or WORKFLOWS in found.get_schema_names():
        raise BackupRefused(
            f"the database of {service} has tables already, and a restore overwrites nothing; name new, empty databases"
        )


def refuse_file(url: str, service: str) -> None:
    """Raises BackupRefused where a database on SQLite is there."""
    file = Path(make_url(url).database or "")
    if file.exists() and file.stat().st_size:
        raise BackupRefused(
            f"{file} is there already, and a restore overwrites nothing; move the database of {service} away, with "
            "its -wal and -shm, or name another HANDBILL_DATA_DIR"
        )


def drop_tables(connection: Connection) -> None:
    """Take everything back that a restore has made on PostgreSQL."""
    names = inspect(connection).get_table_names()
    if names:
        named = ", ".join(f'public."{name}"' for name in names)
        connection.exec_driver_sql(f"DROP TABLE {named} CASCADE")
    connection.commit()


def _fill(raw: psycopg.Connection, content: Iterator[bytes], table: str, columns: list[str]) -> None:
    if _is_secured(raw, table):
        # PostgreSQL refuses COPY FROM to whom the policies bind. Nobody else sees this before the commit, and until
        # then it is taken back.
        raw.execute(_on(table, "NO FORCE ROW LEVEL SECURITY"))
    with raw.cursor() as cursor, cursor.copy(copy_statement(table, columns, "FROM STDIN")) as copy:
        for block in content:
            copy.write(block)


def _is_secured(raw: psycopg.Connection, table: str) -> bool:
    query = "SELECT relrowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = %s"
    found = raw.execute(query, (table,)).fetchone()
    return found is not None and bool(found[0])


def _on(table: str, what: str) -> sql.Composed:
    return sql.SQL("ALTER TABLE {} ").format(sql.Identifier("public", table)) + sql.SQL(what)


def _count(raw: psycopg.Connection, table: str) -> int:
    found = raw.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", table))).fetchone()
    return int(found[0]) if found else 0


def _compare(copy: DatabaseCopy, counted: dict[str, int]) -> None:
    expected = {name: table.rows for name, table in copy.tables.items()}
    for name in sorted(expected.keys() | (counted.keys() - {VERSIONS})):
        if expected.get(name) != counted.get(name):
            raise BackupRefused(
                f"{copy.service}.{name} has {counted.get(name, 'no table and no')} rows, and "
                f"{expected.get(name, 'none')} in the backup's list; take another backup"
            )
