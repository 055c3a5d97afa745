"""Columns in the clear that repeat what their row says already, such as the one a list looks in for what is sealed.

Such a column can be added to a protected table while code that does not know it goes on reading and writing its rows.
It stays empty at first, and a MAC leaves out what is empty, so the MACs of old code and of new hold for each other.
From the contract on that the column names, its value is worked out whenever its row is written, and `fill_derived` does
so for the rows that are there, which get new MACs. What a column would lose by being empty is not for it: that belongs
into sealed content, or into a table of its own.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, MetaData, event, inspect, or_, select, text, tuple_
from sqlalchemy.orm import Mapper, object_session
from sqlmodel import Session, SQLModel

from shared.database.engine import WAIT_SECONDS, Database
from shared.database.schema import standing_of
from shared.database.tenancy import tenant_classes
from shared.errors import Unavailable

INFO = "derived"
LAST = "contracted"
ROWS_AT_ONCE = 16
TRIES = 20
POLL_SECONDS = 0.1
STILL_AT_WORK = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND application_name LIKE 'handbill %' AND xact_start < :moment"
)


@dataclass(frozen=True, slots=True)
class Derived:
    """How a column's value follows from its row, and the migration from which on it is kept."""

    of: Callable[[Any], Any]
    contract: str


def derived(of: Callable[[Any], Any], *, contract: str) -> dict[str, Any]:
    """For `sa_column_kwargs` of a column that may be empty."""
    return {"info": {INFO: Derived(of, contract)}}


def derived_columns(mapper: Mapper[Any]) -> dict[str, Derived]:
    """Those of a mapped class, by attribute."""
    return {p.key: p.columns[0].info[INFO] for p in mapper.column_attrs if INFO in p.columns[0].info}


def fill_derived(database: Database, metadata: MetaData) -> int:
    """Work out what rows lack that were written before the contract, in small pieces, while services serve. How many
    rows were changed. Raises Unavailable."""
    done = 0
    for cls in tenant_classes(metadata):
        if derived_columns(inspect(cls)):
            _let_earlier_writes_end(database)
            done += sum(_pieces(database, cls))
    return done


def _pieces(database: Database, cls: type[SQLModel]) -> Iterator[int]:
    mapper = inspect(cls)
    keys = mapper.primary_key
    lacking = or_(*(getattr(cls, name).is_(None) for name in derived_columns(mapper)))
    after: tuple[Any, ...] | None = None

    size = ROWS_AT_ONCE

    def piece(session: Session) -> tuple[int, tuple[Any, ...] | None]:
        query = select(cls).where(lacking).order_by(*keys).limit(size)
        if after is not None:
            query = query.where(tuple_(*keys) > tuple_(*after))
        rows = session.scalars(query).all()
        # What is empty by right stays so, and its row is not written.
        changed = sum([_work_out(session, row) for row in rows])
        return changed, tuple(mapper.primary_key_from_instance(rows[-1])) if rows else None

    failed = 0
    while True:
        began = time.monotonic()
        try:
            changed, after = database.run(piece)
        except Unavailable:
            # Where requests write all the while, a piece of many rows is refused again and again; one of one row is a
            # write like theirs.
            failed, size = failed + 1, max(1, size // 2)
            if failed == TRIES:
                raise
            continue
        if after is None:
            return
        failed = 0
        yield changed
        # Half of the time belongs to requests: SQLite's lock for writing is not given out in turn.
        time.sleep(time.monotonic() - began)


def _work_out(session: Session, row: SQLModel) -> bool:
    mapper = inspect(type(row))
    _derive(mapper, session.connection(), row)
    return session.is_modified(row)


def _derive(mapper: Mapper[Any], connection: Connection, row: Any) -> None:
    for name, column in derived_columns(mapper).items():
        session = object_session(row)
        assert session is not None
        if LAST not in session.info:
            session.info[LAST] = standing_of(connection).contracted or ""
        value = column.of(row) if session.info[LAST] >= column.contract else None
        if getattr(row, name) != value:
            setattr(row, name, value)


def _let_earlier_writes_end(database: Database) -> None:
    """A write that began before the contract still leaves the column empty; on SQLite there is none beside it."""
    if database.engine.dialect.name != "postgresql":
        return
    ends = time.monotonic() + WAIT_SECONDS
    with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        moment = connection.execute(text("SELECT clock_timestamp()")).scalar()
        while connection.execute(STILL_AT_WORK, {"moment": moment}).scalar() and time.monotonic() < ends:
            time.sleep(POLL_SECONDS)


# Before MACs are made, which cover the column.
event.listen(Mapper, "before_insert", _derive, insert=True)
event.listen(Mapper, "before_update", _derive, insert=True)
