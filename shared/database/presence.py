"""Which processes are alive, known exactly and at once: by a lock that goes when its process does.

A process that reserves something (an idempotency key) leaves its presence in the row. On SQLite the presence is a
locked file beside the database, which the kernel unlocks when the process ends; on PostgreSQL an advisory lock of a
connection that does nothing else, which the server lets go when the connection breaks. So whoever finds a reservation
sees whether its holder is there, without waiting for a lease to end, also after SIGKILL and on another machine.

A presence is no right to write: it may be lost while its process lives (PostgreSQL is restarted). Who takes over
writes its own name into the row, and a write checks that name in its own transaction.

Others also see which migrations a process knows, so that none is run that it would not survive: on SQLite that is the
content of its file, on PostgreSQL a part of the name that its connections have (`application_name`).
"""

import fcntl
import os
import secrets
import select
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy import Engine, text
from sqlmodel import Session

from shared.private_files import OWNER

PROCESS_NAME = "handbill"
HOLDER_BYTES = 8
CODE_BYTES = 32
CODES = text(
    "SELECT DISTINCT split_part(application_name, ' ', 3) FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name LIKE :names AND split_part(application_name, ' ', 3) <> ''"
)
TRIES = 20
CONNECT_SECONDS = 5
IS_FREE = text("SELECT pg_try_advisory_xact_lock_shared(:holder)")
KEEPALIVE = (("tcp_keepalives_idle", 10), ("tcp_keepalives_interval", 5), ("tcp_keepalives_count", 3))
"""Seconds, and a count: how soon PostgreSQL notices that the machine of a process is gone."""


class Locks(Protocol):
    """A lock for each holder, held as long as its process lives."""

    def is_kept(self) -> bool:
        """Whether the lock that was taken last is still held."""
        ...

    def take(self, holder: str) -> None:
        """Raises OSError or psycopg.Error where it cannot be taken."""
        ...

    def is_held(self, session: Session, holder: str, /) -> bool:
        """Whether any process holds that lock."""
        ...

    def codes(self) -> Iterator[str]:
        """What each process knows that lives, this one among them."""
        ...

    def close(self) -> None:
        """Let go of the lock."""
        ...


class Presence:
    """This process, as others see it. `begin` names a piece of work of it, `end` ends that; `lives` says of any
    process's work whether it can still be under way."""

    def __init__(self, engine: Engine, code: str = "", name: str = PROCESS_NAME) -> None:
        self._locks = _locks_of(engine, code, name)
        self._holder = ""
        self._running: set[str] = set()
        self._one_at_a_time = threading.Lock()

    def announce(self) -> None:
        """Let others see this process, before it reserves anything."""
        with self._one_at_a_time:
            if not self._holder or not self._locks.is_kept():
                self._holder = self._take()

    def codes(self) -> set[str]:
        """The newest migrations that processes of this database know, those of this one among them."""
        return set(self._locks.codes())

    def begin(self) -> str:
        """A name, at most 64 characters, that is no other work's. Without a lock it names no holder, and its work
        counts as alive for as long as whoever asks likes."""
        with self._one_at_a_time:
            if not self._holder or not self._locks.is_kept():
                self._holder = self._take()
            work = f"{self._holder}.{secrets.token_hex(HOLDER_BYTES)}"
            self._running.add(work)
        return work

    def end(self, work: str) -> None:
        """The work is over, whatever became of it."""
        with self._one_at_a_time:
            self._running.discard(work)

    def lives(self, session: Session, work: str | None) -> bool:
        """Whether the work can still be under way. `session` is a transaction, on whose database the lock is looked
        for."""
        holder = (work or "").partition(".")[0]
        with self._one_at_a_time:
            if work in self._running:
                return True
            if holder and holder == self._holder:
                return False
        return not holder or self._locks.is_held(session, holder)

    def close(self) -> None:
        """Let go, as the end of the process would."""
        with self._one_at_a_time:
            self._holder = ""
            self._locks.close()

    def _take(self) -> str:
        # A new name each time: what was reserved under the old one counts as left behind.
        holder = secrets.token_hex(HOLDER_BYTES)
        try:
            self._locks.take(holder)
        except (OSError, psycopg.Error):
            return ""
        return holder


def _locks_of(engine: Engine, code: str, name: str) -> Locks:
    if engine.dialect.name == "postgresql":
        return _ServerLocks(engine, name)
    # Of another name than the database's own files, so that whoever copies these by a pattern does not meet it.
    return _FileLocks(Path(engine.url.database or "memory").with_suffix(".processes"), code)


class _FileLocks:
    """An empty file for each process, locked with flock."""

    def __init__(self, folder: Path, code: str) -> None:
        self._folder, self._code = folder, code
        self._descriptor: int | None = None

    def is_kept(self) -> bool:
        return self._descriptor is not None

    def take(self, holder: str) -> None:
        self.close()
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._sweep()
        file = self._folder / holder
        for _ in range(TRIES):
            descriptor = os.open(file, os.O_CREAT | os.O_RDWR, OWNER)
            # Another process that sweeps may have seen the file before it was locked, and removed it.
            if _lock(descriptor, fcntl.LOCK_EX) and _is_there(file, descriptor):
                self._descriptor = descriptor
                os.write(descriptor, self._code.encode())
                return
            os.close(descriptor)
        raise OSError(f"{file} could not be locked")

    def is_held(self, _session: Session, holder: str, /) -> bool:
        try:
            descriptor = os.open(self._folder / holder, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            return not _lock(descriptor, fcntl.LOCK_SH)
        finally:
            os.close(descriptor)

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def codes(self) -> Iterator[str]:
        if self._folder.is_dir():
            self._sweep()
            for file in self._folder.iterdir():
                with suppress(FileNotFoundError), file.open("rb") as opened:
                    if code := opened.read(CODE_BYTES).decode(errors="replace"):
                        yield code

    def _sweep(self) -> None:
        """Remove the files of processes that are no longer there."""
        for file in self._folder.iterdir():
            with suppress(FileNotFoundError):
                descriptor = os.open(file, os.O_RDONLY)
                if _lock(descriptor, fcntl.LOCK_SH):
                    file.unlink()
                os.close(descriptor)


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_there(file: Path, descriptor: int) -> bool:
    try:
        return file.stat().st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False


class _ServerLocks:
    """An advisory lock of PostgreSQL for each process, held by a connection outside of the pool."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine, self._name = engine, name
        self._connection: psycopg.Connection | None = None

    def is_kept(self) -> bool:
        if self._connection is None or self._connection.closed:
            return False
        watched = select.poll()
        watched.register(self._connection.fileno(), select.POLLIN)
        # Nobody asked anything of this connection: what can be read there is its end.
        return not watched.poll(0)

    def take(self, holder: str) -> None:
        self.close()
        # Not one of the pool's: whoever asks for work holds one of these already.
        arguments, options = self._engine.dialect.create_connect_args(self._engine.url)
        # Named like those, so that this process is seen also while its pool has none.
        connection = psycopg.connect(
            *arguments,
            **options,
            connect_timeout=CONNECT_SECONDS,
            application_name=self._name,
            autocommit=True,
        )
        try:
            for name, value in KEEPALIVE:
                # A server on another system may not know them.
                with suppress(psycopg.Error):
                    connection.execute(f"SET {name} = {value}")
            connection.execute("SELECT pg_advisory_lock(%s)", (_number(holder),))
        except BaseException:
            connection.close()
            raise
        self._connection = connection

    def is_held(self, session: Session, holder: str, /) -> bool:
        return not session.connection().execute(IS_FREE, {"holder": _number(holder)}).scalar_one()

    def codes(self) -> Iterator[str]:
        with self._engine.connect() as connection:
            yield from connection.execute(CODES, {"names": f"{PROCESS_NAME} %"}).scalars().all()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _number(holder: str) -> int:
    """PostgreSQL's advisory locks are numbers of 64 bits."""
    return int.from_bytes(bytes.fromhex(holder), byteorder="big", signed=True)
