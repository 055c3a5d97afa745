"""Looking at a database without changing anything: no migration runs, no lock is kept, and what is asked ends in time.

`Database` is for work; this is for whoever examines an installation of which parts may be broken.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from shared.database.tenancy import of_every_organization


class InspectedDatabase:
    """A service's database by its SQLAlchemy URL, read only. Whatever is asked raises what SQLAlchemy raises, after
    `seconds` at the latest."""

    def __init__(self, url: str, seconds: int) -> None:
        self._engine = _sqlite(url, seconds) if url.startswith("sqlite") else _postgresql(url, seconds)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection of its own that sees the rows of all organizations at one moment."""
        with self._engine.connect() as connection:
            of_every_organization(connection)
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """The same as a session; what is sealed in its rows cannot be read."""
        with self.connection() as connection, Session(connection) as session:
            yield session


def _sqlite(url: str, seconds: int) -> Engine:
    file = Path(make_url(url).database or "").resolve()
    # `mode=ro` makes no database where there is none, but still the files beside it that connections share. Where there
    # are none of those nobody has the database open, and nobody needs them.
    shared = file.with_name(f"{file.name}-wal").exists()
    engine = create_engine(
        f"sqlite:///file:{quote(str(file))}?mode=ro{'' if shared else '&immutable=1'}&uri=true",
        connect_args={"timeout": seconds, "check_same_thread": False},
        hide_parameters=True,
        poolclass=NullPool,
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA query_only=ON")

    return engine


def _postgresql(url: str, seconds: int) -> Engine:
    options = f"-c default_transaction_read_only=on -c statement_timeout={seconds * 1000}"
    return create_engine(
        url,
        connect_args={"connect_timeout": seconds, "options": options},
        hide_parameters=True,
        isolation_level="REPEATABLE READ",
        poolclass=NullPool,
    )
