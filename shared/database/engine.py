"""One database a service: SQLite where Handbill is embedded, PostgreSQL in production, the same code on both.

SQLite: WAL, synchronous=FULL, BEGIN IMMEDIATE for writes, a busy time-out. PostgreSQL: SERIALIZABLE. So on both, a
write sees the world as if it were alone, and `run` tries again when two writes met. A flow hands `run` a function
that only reads and writes rows; nothing outside (HTTP, files) may happen inside it, since it may run twice.

What the database itself cannot do (it is gone, full, locked, damaged) is raised as Unavailable with a code of its own
(`shared.database.faults`), and says where it is not known whether a write was made.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol, TypeVar

import stamina
from sqlalchemy import Connection, Engine, ExceptionContext, event, make_url, text
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session, create_engine

from shared.database.anchors import Anchors
from shared.database.chain import append_entries
from shared.database.faults import (
    DAMAGED,
    NOT_KNOWN,
    READ_ONLY,
    FaultLog,
    fault_of,
    is_duplicate,
    is_refused,
    met_another_write,
    unavailable,
)
from shared.database.heads import hold_head
from shared.database.key_checks import confirm_keys
from shared.database.keyring import KeyPort
from shared.database.keys import Vault
from shared.database.organization_keys import OrganizationKeyMissing, OrganizationKeys
from shared.database.presence import PROCESS_NAME, Presence
from shared.database.row_macs import bind_service
from shared.database.sealing import bind_vault
from shared.database.tenancy import confine, of_every_organization
from shared.private_files import OWNER
from shared.telemetry.spans import part_span
from shared.telemetry.tally import Tally
from shared.tenancy import current_organization

T = TypeVar("T")
WRITES = "handbill_writes"
WAIT_SECONDS = 15.0
"""How long a write waits for others: for SQLite's lock, or until PostgreSQL no longer refuses it because of them."""
CONNECT_SECONDS = 5
DUPLICATES = 4
"""A duplicate key that is found as often is no race: the transaction itself is wrong."""
MAX_NEW_KEYS = 100
"""Organizations that one write may seal for the first time; more would be a write that never ends."""


class UnitOfWork(Protocol):
    """What a flow writes through: one call, one transaction. `Database` is one, an idempotent request another."""

    def run(self, write: Callable[[Session], T]) -> T:
        """Runs `write` in one transaction and returns its result. It may be called more than once."""
        ...


class _CommitFailed(Exception):
    """COMMIT was sent and its outcome is not known; `cause` says what broke."""

    def __init__(self, cause: Exception) -> None:
        super().__init__("the outcome of a COMMIT is not known")
        self.cause = cause


class Database:
    """An engine with its vault. `url` is a SQLAlchemy URL of SQLite or PostgreSQL (psycopg 3); `service` is a part of
    every seal and MAC, so that a row of one service's database is none of another's. A write waits `wait_seconds` for
    others. Once it is `confined` (`open_database` does that when the tables are there), a session is of one
    organization's work. `code` is the newest migration that this process knows; others see it."""

    def __init__(
        self, url: str, keys: KeyPort, service: str, *, wait_seconds: float = WAIT_SECONDS, code: str = ""
    ) -> None:
        self.service = service
        self.confined = False
        name = f"{PROCESS_NAME} {service} {code}".strip()
        self.engine = create_database_engine(url, wait_seconds, name)
        self.organization_keys = OrganizationKeys(self.short_transaction, keys, service)
        event.listen(self.engine, "connect", lambda *_connection: self.organization_keys.forget())
        self.vault = Vault(service, self.organization_keys)
        self.presence = Presence(self.engine, code, name)
        self.anchors: Anchors | None = None
        self.retries = Tally()
        self._wait_seconds = wait_seconds
        self.faults = FaultLog(Path(self.engine.url.database or "memory").name)
        # Reentrant, since a write that is run again may itself run another one.
        self._turn = threading.RLock()

    def run(self, write: Callable[[Session], T]) -> T:
        """Run `write` in one transaction and commit it; run it again when it met another write, or when it was the
        first one to seal something for an organization. Raises Unavailable when the database cannot do it."""
        with part_span("database write", "internal"), self._as_problems():
            result = self._with_keys(write)
        self.faults.ends()
        return result

    def _with_keys(self, write: Callable[[Session], T]) -> T:
        for _ in range(MAX_NEW_KEYS):
            try:
                return self._run(write)
            except OrganizationKeyMissing as missing:
                self.organization_keys.make(missing.organization_id)
        return self._run(write)

    def _run(self, write: Callable[[Session], T]) -> T:
        duplicates = 0

        def may_run_again(error: Exception) -> bool:
            nonlocal duplicates
            duplicates += is_duplicate(error)
            return met_another_write(error) or (is_duplicate(error) and duplicates < DUPLICATES)

        with ExitStack() as turn:
            for attempt in stamina.retry_context(
                on=may_run_again,
                attempts=None,
                timeout=self._wait_seconds,
                wait_initial=0.005,
                wait_max=0.3,
                wait_jitter=0.02,
            ):
                if attempt.num > 1:
                    self.retries.count("retries")
                if attempt.num == 2:
                    # Fifty writes to one row that all try again at once refuse one another again and again. Those of
                    # this process that were refused take turns, so that only one process stands against another.
                    turn.enter_context(self._turn)
                # A new session for each attempt: rows that a failed one has loaded are of a transaction that never was.
                with attempt, self._session(writes=True) as session:
                    if attempt.num > 1:
                        hold_head(session, current_organization())
                    result = write(session)
                    ends = append_entries(session, self.vault, self.service)
                    _commit(session)
        if self.anchors is not None:
            self.anchors.note(ends)
        return result

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session whose reads are of one moment; what it changes is thrown away. Raises Unavailable."""
        with part_span("database read", "internal"), self._as_problems(), self._session(writes=False) as session:
            yield session
            _end_reading(session)

    def ping(self) -> None:
        """Raises Unavailable when the database cannot be read or, after a write failed, when it still takes none."""
        fault = self.faults.present
        if fault is DAMAGED:
            raise unavailable(fault)
        with self._as_problems(), self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        if fault is not None:
            # Committed, not only begun: a full disk refuses no BEGIN.
            self.run(lambda session: session.connection().execute(text("UPDATE key_checks SET id = id")))

    def confirm_keys(self) -> None:
        """Raises CannotStart when a key that something was sealed with is not here."""
        with self.short_transaction(writes=False) as connection:
            confirm_keys(connection, self.organization_keys.master, self.service)

    def close(self) -> None:
        """Writes the anchors that are not written yet, closes the pool's connections, and leaves: what this process had
        reserved is free."""
        if self.anchors is not None:
            self.anchors.close()
        self.presence.close()
        self.engine.dispose()

    @contextmanager
    def short_transaction(self, writes: bool) -> Iterator[Connection]:
        """A connection in a transaction of few statements, each of which sees what is committed; committed at the
        end. Raises Unavailable."""
        options: dict[str, Any] = {WRITES: writes}
        if self.engine.dialect.name == "postgresql":
            options["isolation_level"] = "READ COMMITTED"
        with self._as_problems(), self.engine.execution_options(**options).begin() as connection:
            if self.confined:
                of_every_organization(connection)
            yield connection

    @contextmanager
    def _as_problems(self) -> Iterator[None]:
        """Within it, what the database cannot do is raised as Unavailable."""
        try:
            yield
        except (DBAPIError, PoolTimeout, _CommitFailed) as error:
            cause = error.cause if isinstance(error, _CommitFailed) else error
            fault = fault_of(cause)
            # A key that is there twice is the flow's own mistake, also when it was tried again.
            if fault is None or is_duplicate(cause):
                raise cause from None
            self.faults.begins(fault)
            known = {"written": NOT_KNOWN} if isinstance(error, _CommitFailed) else {}
            raise unavailable(fault, **known) from cause

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
            bind_service(session, self.service)
            session.connection()
            if self.confined:
                confine(session)
            with self.organization_keys.within(session.connection(), writes=writes):
                yield session


def _end_reading(session: Session) -> None:
    """On PostgreSQL with a COMMIT, which has nothing to make lasting: at a ROLLBACK psycopg forgets the statements that
    it has prepared, and has the server forget them in one more round trip, so each query would be planned anew."""
    if session.get_bind().dialect.name == "postgresql":
        session.expunge_all()
        session.commit()


def _commit(session: Session) -> None:
    """A COMMIT that fails can leave its connection inside the transaction, so that connection is not used again;
    only where PostgreSQL itself refuses it is the transaction surely over, without effect."""
    # Apart from the COMMIT: what fails here has written nothing.
    session.flush()
    try:
        session.commit()
    except BaseException as error:
        if not is_refused(error):
            session.invalidate()
            if isinstance(error, DBAPIError):
                raise _CommitFailed(error) from error
        raise


def create_database_engine(url: str, wait_seconds: float = WAIT_SECONDS, name: str = PROCESS_NAME) -> Engine:
    """The engine of a SQLAlchemy URL of SQLite or PostgreSQL (psycopg 3), with what this module promises of it.
    PostgreSQL shows its connections under `name`."""
    return _sqlite(url, wait_seconds) if url.startswith("sqlite") else _postgresql(url, name)


def _sqlite(url: str, wait_seconds: float) -> Engine:
    name = make_url(url).database
    # Neither a database in memory nor one that is named by a URI has a file of ours to look after.
    file = Path(name) if name and not name.startswith("file:") else None
    engine = create_engine(
        url,
        # The pool gives a connection to one thread at a time, but not always to the thread that opened it. Parameters
        # are hidden since SQLAlchemy would quote them in the text of its errors, which are logged.
        connect_args={"timeout": wait_seconds, "check_same_thread": False},
        hide_parameters=True,
    )
    if file is not None:
        _make_private(file)
        _watch(engine, file)
        _let_go_of_read_only(engine)

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN below is the only one
        # All but journal_mode hold for a connection, not for the file, so each new connection sets them. In WAL mode
        # anything less than FULL may lose the last commits in a power cut, whose answers have already left.
        for pragma in (
            f"busy_timeout={round(wait_seconds * 1000)}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
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


def _let_go_of_read_only(engine: Engine) -> None:
    """A connection to a file that may not be written is never one that writes, also when the file may be: the pool
    makes new ones."""

    @event.listens_for(engine, "handle_error")
    def on_error(context: ExceptionContext) -> None:
        if fault_of(context.sqlalchemy_exception or context.original_exception) is READ_ONLY:
            context.is_disconnect = True


def _make_private(file: Path) -> None:
    """Make the file where there is none, for its owner alone; SQLite gives its WAL the same mode."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # What keeps it from being made is said by SQLite, which tries it next.
    with suppress(OSError):
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, OWNER))


def _watch(engine: Engine, file: Path) -> None:
    """Let connections go whose file was replaced, as by a restore: they would write into the one that is gone. And let
    none make a new, empty file in the place of one that was moved away."""

    @event.listens_for(engine, "do_connect")
    def before_connect(*_arguments: Any) -> None:
        if not file.exists():
            gone = sqlite3.OperationalError("unable to open database file")
            gone.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise gone

    @event.listens_for(engine, "connect")
    def on_connect(_connection: Any, record: Any) -> None:
        record.info["inode"] = _inode(file)

    @event.listens_for(engine, "checkout")
    def on_checkout(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info["inode"] != _inode(file):
            raise DisconnectionError("the database file is another one")


def _inode(file: Path) -> int | None:
    try:
        return file.stat().st_ino
    except OSError:
        return None


def _postgresql(url: str, name: str) -> Engine:
    return create_engine(
        url,
        connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": name},
        hide_parameters=True,
        isolation_level="SERIALIZABLE",
        # Connections that the server has closed meanwhile are replaced before they are used.
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=8,
    )
