"""One database a service: SQLite where Handbill is embedded, PostgreSQL in production, the same code on both.

SQLite: WAL, synchronous=FULL, BEGIN IMMEDIATE for writes, a busy time-out. PostgreSQL: SERIALIZABLE. So on both, a
write sees the world as if it were alone, and `run` tries again when two writes met. A flow hands `run` a function
that only reads and writes rows; nothing outside (HTTP, files) may happen inside it, since it may run twice.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

import stamina
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session, create_engine

from shared.database.chain import append_entries
from shared.database.keys import Vault
from shared.database.sealing import bind_vault
from shared.errors import Unavailable

T = TypeVar("T")
WRITES = "handbill_writes"
BUSY_MILLISECONDS = 15_000
CONNECT_SECONDS = 5
ATTEMPTS = 12


class UnitOfWork(Protocol):
    """What a flow writes through: one call, one transaction. `Database` is one, an idempotent request another."""

    def run(self, write: Callable[[Session], T]) -> T:
        """Runs `write` in one transaction and returns its result. It may be called more than once."""
        ...


class MetAnotherWrite(Exception):
    """Raised within a transaction that found its row missing and now finds it there: `run` tries again."""


def _met_another_write(error: Exception) -> bool:
    if isinstance(error, MetAnotherWrite):
        return True
    # A broken constraint would break again. A flow whose insert may meet another's raises MetAnotherWrite itself.
    if isinstance(error, IntegrityError) or not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    # PostgreSQL: serialization failure and deadlock. SQLite has no such codes: `locked` is what is left after its busy
    # time-out.
    return state in {"40001", "40P01"} or (isinstance(error, OperationalError) and "locked" in str(error.orig))


class Database:
    """An engine with its vault. `url` is a SQLAlchemy URL of SQLite or PostgreSQL (psycopg 3); `service` is a part of
    every MAC, so that a row of one service's database is none of another's."""

    def __init__(self, url: str, vault: Vault, service: str = "") -> None:
        self.vault = vault
        self.service = service
        self.engine = create_database_engine(url)

    def run(self, write: Callable[[Session], T]) -> T:
        """Run `write` in one transaction and commit it; run it again when it met another write."""
        for attempt in stamina.retry_context(
            on=_met_another_write, attempts=ATTEMPTS, wait_initial=0.005, wait_max=0.3, wait_jitter=0.02
        ):
            # A new session for each attempt: rows that a failed one has loaded are of a transaction that never was.
            with attempt, self._session(writes=True) as session:
                result = write(session)
                append_entries(session, self.vault, self.service)
                _commit(session)
        return result

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session whose reads are of one moment; what it changes is thrown away."""
        with self._session(writes=False) as session:
            yield session

    def ping(self) -> None:
        """Raises when the database cannot be read."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Closes the pool's connections."""
        self.engine.dispose()

    @contextmanager
    def _session(self, *, writes: bool) -> Iterator[Session]:
        options: dict[str, Any] = {WRITES: writes}
        if not writes and self.engine.dialect.name == "postgresql":
            # A snapshot, without the conflict detection of SERIALIZABLE: a read is never refused, so it is never
            # repeated, and it never makes a write fail.
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        engine = self.engine.execution_options(**options)
        # Flows answer with rows after their commit; expired, each of them would be read again outside of its
        # transaction.
        with Session(engine, expire_on_commit=False) as session:
            bind_vault(session, self.vault)
            _begin(session)
            yield session


def _begin(session: Session) -> None:
    """Connect and begin. Raises Unavailable when the database cannot be reached."""
    try:
        session.connection()
    except (OperationalError, PoolTimeout) as error:
        if _met_another_write(error):
            raise
        raise Unavailable(
            "the database does not answer; nothing was written, try again", code="database_unavailable"
        ) from error


def _commit(session: Session) -> None:
    """A COMMIT that fails can leave its connection inside the transaction, so that connection is not used again;
    only where PostgreSQL itself says no (it gives a SQLSTATE) is the transaction surely over."""
    try:
        session.commit()
    except BaseException as error:
        if getattr(getattr(error, "orig", None), "sqlstate", None) is None:
            session.invalidate()
        raise


def create_database_engine(url: str) -> Engine:
    """The engine of a SQLAlchemy URL of SQLite or PostgreSQL (psycopg 3), with what this module promises of it."""
    return _sqlite(url) if url.startswith("sqlite") else _postgresql(url)


def _sqlite(url: str) -> Engine:
    file = url.removeprefix("sqlite:///").split("?")[0]
    Path(file).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(
        url,
        # The pool gives a connection to one thread at a time, but not always to the thread that opened it. Parameters
        # are hidden since SQLAlchemy would quote them in the text of its errors, which are logged.
        connect_args={"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN below is the only one
        # All but journal_mode hold for a connection, not for the file, so each new connection sets them. In WAL mode
        # anything less than FULL may lose the last commits in a power cut, whose answers have already left.
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_MILLISECONDS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        # Who takes a connection of the engine itself, as a migration does, writes. A plain BEGIN that first reads and
        # then writes would fail at once where another has written in between, and no waiting helps; IMMEDIATE takes the
        # lock for writing at the beginning, where the busy time-out holds.
        writes = connection.get_execution_options().get(WRITES, True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: str) -> Engine:
    return create_engine(
        url,
        connect_args={"connect_timeout": CONNECT_SECONDS},
        hide_parameters=True,
        isolation_level="SERIALIZABLE",
        # Connections that the server has closed meanwhile are replaced before they are used.
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=8,
    )
