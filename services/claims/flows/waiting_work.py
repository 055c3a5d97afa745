"""What waits, and since when: for the worker, for the clearinghouse and for the operator, over all organizations.

The worker tells it to Prometheus, and `handbill doctor` to whoever asks why nothing moves. There is nothing in it but
numbers: no id, no name.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from sqlmodel import Session

from services.claims.domain.next_action_kinds import WAITS
from services.claims.store import waiting as store
from shared.clocks import Clock
from shared.errors import Unavailable
from shared.tenancy import INSTALLATION, acting_for

A_DAY = timedelta(days=1)
LONGEST_LEASE = timedelta(hours=1)
"""A lease lasts ten minutes at most (`HANDBILL_WORKER_LEASE_SECONDS`); what ends later was written by a clock that was
ahead."""


class Readable(Protocol):
    """A database of claims that is read: the one that is worked with, or one that is only looked at."""

    def reading(self) -> AbstractContextManager[Session]:
        """A session whose reads are of one moment."""
        ...


@dataclass(frozen=True, slots=True)
class Waiting:
    """Work of one kind that waits: how much, the age of the oldest, how often one was tried at most, and when the next
    is due of what waits for its time. What is not known is None."""

    count: int
    oldest_seconds: float | None = None
    tries: int = 0
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Leases:
    """Workers by what their leases say: alive, ended without having been taken over, and dated by a clock that was
    ahead. `ends` has those of single workers."""

    alive: int
    ended: int
    ahead: int
    ends: dict[str, datetime]


@dataclass(frozen=True, slots=True)
class WaitingWork:
    """Each by the fixed words of its kinds."""

    for_worker: dict[str, Waiting]
    for_clearinghouse: dict[str, Waiting]
    for_operator: dict[str, Waiting]
    leases: Leases


def waiting_work(database: Readable, clock: Clock, wall_clock: Clock) -> WaitingWork:
    """All of it at one moment. Raises Unavailable where the database does not answer."""
    now, wall = _now(clock), wall_clock.now()
    with acting_for(INSTALLATION), database.reading() as session:
        for_worker = {
            "claims_to_file": _aged(store.claims_to_file(session), wall),
            "files_to_send": _aged(store.files_to_send(session), now),
            "messages_to_split": _aged(store.messages_to_split(session), now),
            "messages_to_apply": _aged(store.messages_to_apply(session), now),
            "claims_to_follow_up": _to_follow_up(*store.claims_due(session, WAITS, before=_ended(now)), now),
        }
        for_operator = {
            "belongs_to_nobody": _aged(store.parts_of_nobody(session), now),
            "not_split": _aged(store.messages_not_split(session), now),
            "not_applied": _aged(store.messages_not_applied(session), now),
        }
        unacknowledged = {"files_unacknowledged": _aged(store.files_unacknowledged(session), now)}
        return WaitingWork(for_worker, unacknowledged, for_operator, _leases(store.lease_ends(session), wall))


def overdue_actions(database: Readable, clock: Clock) -> dict[str, int]:
    """How many claims have a next action whose day is over, by organization. Raises Unavailable."""
    now = clock.now()
    with acting_for(INSTALLATION), database.reading() as session:
        return store.overdue_by_organization(session, before=_ended(now), done="none")


def _now(clock: Clock) -> datetime | None:
    """None where the business clock is a peer's that does not answer: ages are not known then, and counts are."""
    try:
        return clock.now()
    except Unavailable:
        return None


def _ended(now: datetime | None) -> date:
    """What was due before this day is overdue in every time zone: a practice may be a day behind UTC."""
    return date.min if now is None else now.astimezone(UTC).date() - A_DAY


def _aged(rows: store.Rows, now: datetime | None) -> Waiting:
    age = None if rows.since is None or now is None else max(0.0, (now - rows.since).total_seconds())
    return Waiting(rows.count, age, rows.tries, rows.next_at)


def _to_follow_up(count: int, first: date | None, now: datetime | None) -> Waiting:
    if first is None or now is None:
        return Waiting(count)
    due = datetime.combine(first + 2 * A_DAY, time.min, UTC)  # the end of the day everywhere
    return Waiting(count, max(0.0, (now - due).total_seconds()) if count else None, next_at=due)


def _leases(ends: dict[str, datetime], now: datetime) -> Leases:
    ahead = sum(one > now + LONGEST_LEASE for one in ends.values())
    ended = sum(one <= now for one in ends.values())
    return Leases(len(ends) - ahead - ended, ended, ahead, ends)
