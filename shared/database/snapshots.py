"""Copies of databases while services read and write them: all of one moment, each whole.

A snapshot is a transaction that reads. Whoever makes a backup opens one for every database first, which takes
milliseconds, and copies afterwards, which may take long. SQLite: its online backup, which blocks no writer. PostgreSQL:
`COPY` of every table, so that no program of its version has to be there.

The tables of workflows are left out. They hold ids of rows that wait, and the worker makes them anew from those rows; a
workflow that was restored, whose process is not known any more, would keep its row from being worked on.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from shared.database.backup_manifest import BackupRefused, DatabaseCopy, TableCopy, sum_of
from shared.database.engine import WAIT_SECONDS, WRITES, create_database_engine
from shared.database.tenancy import of_every_organization
from shared.private_files import OWNER
from shared.startup import DISK_FULL

VERSIONS = "alembic_version"
TABLES_OF_FILE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
TABLES_OF_SERVER = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
COLUMNS_OF_SERVER = (
    "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s "
    "AND is_generated = 'NEVER' ORDER BY ordinal_position"
)
REVISION = "SELECT version_num FROM alembic_version"
MASTER_KEYS = "SELECT DISTINCT master_key_id FROM organization_keys ORDER BY master_key_id"


class Snapshot(Protocol):
    """A database as it was at one moment."""

    def copy_to(self, folder: Path) -> DatabaseCopy:
        """Write it to new files (0600) of a folder. Raises OSError, BackupRefused where it is damaged or has no tables,
        and what the database raises."""
        ...


@contextmanager
def snapshot(url: str, service: str) -> Iterator[Snapshot]:
    """The database of a service from now on, whatever others write meanwhile. Raises what the database raises."""
    if url.startswith("sqlite"):
        file = Path(make_url(url).database or "")
        # `rw` makes no file where there is none; a WAL cannot always be read by one who may not write.
        address = f"file:{quote(str(file))}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=WAIT_SECONDS)) as source:
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            yield _FileSnapshot(source, service)
        return
    engine = create_database_engine(url)
    options = {WRITES: False, "isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    try:
        with engine.execution_options(**options).connect() as connection:
            of_every_organization(connection)
            connection.exec_driver_sql("SELECT 1")
            raw = connection.connection.driver_connection
            assert isinstance(raw, psycopg.Connection)
            yield _ServerSnapshot(raw, service)
    finally:
        engine.dispose()


class _FileSnapshot:
    def __init__(self, source: sqlite3.Connection, service: str) -> None:
        self._source, self._service = source, service

    def copy_to(self, folder: Path) -> DatabaseCopy:
        file = folder / f"{self._service}.sqlite"
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, OWNER))
        with closing(sqlite3.connect(file, isolation_level=None)) as copy:
            try:
                self._source.backup(copy)
                # One file, without a WAL beside it; who opens it for work makes that anew.
                copy.execute("PRAGMA journal_mode = DELETE")
            except sqlite3.OperationalError as error:
                if "full" in str(error):
                    raise BackupRefused(f"{folder} {DISK_FULL}") from None
                raise
            if not is_sound(copy):
                raise BackupRefused(f"the database of {self._service} is damaged; restore it from an earlier backup")
            tables = tables_of(copy)
            if VERSIONS not in tables:
                raise _no_tables(self._service)
            revision = str(copy.execute(REVISION).fetchone()[0])
            keys = [str(row[0]) for row in copy.execute(MASTER_KEYS)]
        with file.open("rb") as written:
            os.fsync(written.fileno())
        return DatabaseCopy(
            service=self._service,
            kind="sqlite",
            revision=revision,
            master_keys=keys,
            tables=tables,
            files={file.name: sum_of(file)},
        )


class _ServerSnapshot:
    def __init__(self, source: psycopg.Connection, service: str) -> None:
        self._source, self._service = source, service

    def copy_to(self, folder: Path) -> DatabaseCopy:
        names = [str(row[0]) for row in self._source.execute(TABLES_OF_SERVER)]
        if VERSIONS not in names:
            raise _no_tables(self._service)
        (folder / self._service).mkdir(mode=0o700)
        tables: dict[str, TableCopy] = {}
        files: dict[str, str] = {}
        for name in names:
            if name != VERSIONS:
                file = f"{self._service}/{name}.copy"
                tables[name], files[file] = self._copy(name, folder / file)
        version = self._source.execute(REVISION).fetchone()
        return DatabaseCopy(
            service=self._service,
            kind="postgresql",
            revision=str(version[0]) if version else "",
            master_keys=[str(row[0]) for row in self._source.execute(MASTER_KEYS)],
            tables=tables,
            files=files,
        )

    def _copy(self, table: str, file: Path) -> tuple[TableCopy, str]:
        columns = [str(row[0]) for row in self._source.execute(COLUMNS_OF_SERVER, (table,))]
        digest = sha256()
        with (
            os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER), "wb") as written,
            self._source.cursor() as cursor,
        ):
            with cursor.copy(copy_statement(table, columns, "TO STDOUT")) as copy:
                for block in copy:
                    digest.update(block)
                    written.write(block)
            written.flush()
            os.fsync(written.fileno())
            return TableCopy(rows=cursor.rowcount, columns=columns), digest.hexdigest()


def copy_statement(table: str, columns: list[str], direction: str) -> sql.Composed:
    """`COPY public.table (columns) TO STDOUT`, or FROM STDIN; the text format, which is the same in every version."""
    named = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({}) ").format(sql.Identifier("public", table), named) + sql.SQL(direction)


def is_sound(connection: sqlite3.Connection) -> bool:
    """Whether every page of a file can be read and is where it belongs."""
    try:
        return [row[0] for row in connection.execute("PRAGMA quick_check(1)")] == ["ok"]
    except sqlite3.DatabaseError:
        return False


def tables_of(connection: sqlite3.Connection) -> dict[str, TableCopy]:
    """All tables of a file, with their rows counted."""
    found = {}
    for (name,) in connection.execute(TABLES_OF_FILE).fetchall():
        columns = [str(row[1]) for row in connection.execute(f'PRAGMA table_info("{name}")')]
        found[name] = TableCopy(rows=_count(connection, name), columns=columns)
    return found


def _count(connection: sqlite3.Connection, table: str) -> int:
    query = f'SELECT count(*) FROM "{table}"'  # noqa: S608 - a name from the file's own catalog
    return int(connection.execute(query).fetchone()[0])


def _no_tables(service: str) -> BackupRefused:
    return BackupRefused(f"the database of {service} has no tables yet; run: handbill init")
