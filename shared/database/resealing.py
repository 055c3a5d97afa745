"""A new generation of organizations' keys, and everything sealed anew with it, while the service goes on.

Running processes seal with the new generation within REFRESH_SECONDS; what is older is sealed anew in small pieces. A
value is exchanged only where its bytes are still those that were opened, so what is written meanwhile is never
overwritten. Each value names its generation: a run that was interrupted is made again and goes on where it was.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import MetaData, Row, Table, select, text, update

from shared.database.engine import Database
from shared.database.keys import SealBroken
from shared.database.organization_keys import REFRESH_SECONDS
from shared.database.sealed_rows import (
    ORGANIZATION_KEYS,
    BrokenSeal,
    all_rows,
    open_value,
    organizations,
    pieces,
    sealed_tables,
    values_of,
)
from shared.database.sealing import VERSION, Sealed, place_of
from shared.errors import Unavailable
from shared.tenancy import acting_for

SETTLE_SECONDS = REFRESH_SECONDS + 1
MAX_PASSES = 100
LOCK_MILLISECONDS = 200
"""PostgreSQL: shorter than its deadlock time-out, so that this gives way and never a request."""
BUSY = frozenset({"database_locked", "database_busy"})


@dataclass(slots=True)
class Resealed:
    """What came of it."""

    organizations: int = 0
    values: int = 0
    broken: list[BrokenSeal] = field(default_factory=list)


def reseal(
    database: Database,
    metadata: MetaData,
    organization_id: str | None = None,
    *,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> Resealed:
    """A new generation for one organization or for all of them, or the one that was begun and not finished. Raises
    Unavailable where the database does not answer, or never comes to rest."""
    wanted = [name for name in organizations(database) if organization_id in (None, name)]
    began = monotonic()
    generations = {name: _begin(database, name) for name in wanted}
    result = Resealed(organizations=len(wanted))
    for _ in range(MAX_PASSES):
        settled = monotonic() - began > SETTLE_SECONDS
        result.broken.clear()
        found = 0
        for name, generation in generations.items():
            with acting_for(name):
                found += _pass(database, metadata, name, generation, result, sleep, monotonic)
        if settled and not found:
            break
        sleep(min(0.5, SETTLE_SECONDS))
    else:
        raise Unavailable("what is sealed with earlier keys does not come to an end; run it again")
    broken = {one.organization_id for one in result.broken}
    for name, generation in generations.items():
        if name not in broken:
            _finish(database, name, generation)
    return result


def _begin(database: Database, organization_id: str) -> int:
    """The generation to seal with: the newest where not everything is sealed with it yet, else a new one."""
    table = ORGANIZATION_KEYS
    query = select(table.c.generation, table.c.resealed).where(table.c.organization_id == organization_id)
    with database.short_transaction(writes=False) as connection:
        newest = connection.execute(query.order_by(table.c.generation.desc()).limit(1)).one()
    if not newest.resealed:
        return int(newest.generation)
    return database.organization_keys.make(organization_id, newest.generation + 1).generation


def _finish(database: Database, organization_id: str, generation: int) -> None:
    table = ORGANIZATION_KEYS
    own = (table.c.organization_id == organization_id, table.c.generation == generation)
    with database.short_transaction(writes=True) as connection:
        connection.execute(update(table).where(*own).values(resealed=True))


def _pass(
    database: Database,
    metadata: MetaData,
    organization_id: str,
    generation: int,
    result: Resealed,
    sleep: Callable[[float], None],
    monotonic: Callable[[], float],
) -> int:
    """Seal anew what a look through all tables finds. Answers how many rows there were to do, done or not."""
    header = database.organization_keys.of(organization_id, generation).header
    found = 0
    for table in sealed_tables(metadata):
        for rows in pieces(database, table, organization_id, without=header):
            began = monotonic()
            changes = [(row, _anew(database, table, row, generation, result)) for row in rows]
            changes = [(row, values) for row, values in changes if values]
            found += len(changes)
            result.values += _exchange(database, table, changes)
            # Half of the time belongs to the service: SQLite's lock for writing is not given out in turn.
            sleep(monotonic() - began)
    return found


def _anew(database: Database, table: Table, row: Row[Any], generation: int, result: Resealed) -> dict[str, Sealed]:
    sealed: dict[str, Sealed] = {}
    header = database.organization_keys.of(row.organization_id, generation).header
    for column, old in values_of(table, row).items():
        if old.startswith(header):
            continue
        try:
            plain = open_value(database, table, row, column)
        except SealBroken:
            result.broken.append(BrokenSeal(database.service, table.name, column, row.organization_id, row.id))
            continue
        place = place_of(table, column, row.organization_id, row.id, getattr(row, VERSION, None))
        sealed[column] = Sealed(database.vault.seal(place, plain, generation))
    return sealed


def _exchange(database: Database, table: Table, changes: Sequence[tuple[Row[Any], dict[str, Sealed]]]) -> int:
    """Write the values whose rows are as they were read; the others are left to a later pass, or are new already."""
    done = 0
    try:
        with all_rows(database, writes=True) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}"))
            for row, values in changes:
                same = [table.c[column] == Sealed(getattr(row, column)) for column in values]
                if VERSION in table.c:
                    same.append(table.c[VERSION] == row.version)
                own = (table.c.organization_id == row.organization_id, table.c.id == row.id)
                written = connection.execute(update(table).where(*own, *same).values(values)).rowcount
                done += len(values) * written
    except Unavailable as unavailable:
        if unavailable.problem_code not in BUSY:
            raise
        return 0
    return done
