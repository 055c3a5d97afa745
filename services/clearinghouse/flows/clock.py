"""The virtual clock: set once at the first start, kept in the database, moved forward by whoever asks.

Moving it does all that became due on the way, in the same transaction: time and its messages appear together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from services.clearinghouse.domain.clock import ClockError, ClockReading
from services.clearinghouse.flows.dependencies import Dependencies
from services.clearinghouse.flows.run_due import run_due
from services.clearinghouse.store import CLOCK, SIMULATOR, ClockRow, clock_row, one_writer
from shared.database import Database
from shared.errors import Conflict


@dataclass(frozen=True, slots=True)
class ClockNow:
    """What the clock shows."""

    now: datetime
    running: bool


def set_at_first_start(database: Database, starts_at: datetime, wall: datetime, running: bool) -> None:
    """Set the clock, unless an earlier start has. Whether it runs follows the settings of this start."""

    def write(session: Session) -> None:
        one_writer(session)
        row = clock_row(session)
        if row is None:
            row = ClockRow(organization_id=SIMULATOR, id=CLOCK, moment=starts_at, wall=wall, running=running)
        elif row.running != running:
            _write(row, ClockReading(_reading(row).now(wall), wall, running))
        session.add(row)

    database.run(write)


def read(deps: Dependencies) -> ClockNow:
    """What the clock shows now."""
    with deps.database.reading() as session:
        reading = reading_of(session)
    return ClockNow(reading.now(deps.wall.now()), reading.running)


def advance(deps: Dependencies, target_of: Callable[[datetime], datetime]) -> ClockNow:
    """Move the clock to `target_of(now)` and do all that became due. Raises Conflict for a move back."""

    def write(session: Session) -> ClockNow:
        one_writer(session)
        row = clock_row(session)
        assert row is not None, "the composition root sets the clock"
        wall = deps.wall.now()
        reading = _reading(row)
        try:
            moved = reading.moved_to(target_of(reading.now(wall)), wall)
        except (ClockError, OverflowError):
            raise Conflict(
                "the simulator's clock only moves forward, ten years at most in one step",
                code="clock_move_refused",
                pointer="/body",
                fix="Name a later moment, at most ten years on.",
            ) from None
        _write(row, moved)
        session.add(row)
        run_due(deps, session, moved.now(wall))
        return ClockNow(moved.now(wall), moved.running)

    return deps.database.run(write)


def reading_of(session: Session) -> ClockReading:
    """The clock as it was last set."""
    row = clock_row(session)
    assert row is not None, "the composition root sets the clock"
    return _reading(row)


def _reading(row: ClockRow) -> ClockReading:
    return ClockReading(row.moment, row.wall, row.running)


def _write(row: ClockRow, reading: ClockReading) -> None:
    row.moment, row.wall, row.running = reading.moment, reading.wall, reading.running
