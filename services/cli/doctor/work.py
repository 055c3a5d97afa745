"""Work that is stuck: what waits too long and for whom, and workers that are not there or whose leases lie."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from services.cli.doctor.examination import Examination
from services.cli.doctor.finding import Finding, fail, ok, warn
from shared.errors import Unavailable
from shared.plural import counted

if TYPE_CHECKING:
    from services.claims.flows.waiting_work import WaitingWork

STUCK_SECONDS, SILENT_SECONDS = 900, 2 * 86_400
"""A worker looks every second, and a file that is not taken is tried every minute; TA1 and 999 come within a day."""
SHOWN = 20
NOT_LOOKED = warn("Nothing was looked at, since the database of claims cannot be read.", "See databases.")


def stuck_work(examination: Examination) -> Iterator[Finding]:
    """What waits for the worker and the clearinghouse for longer than it should."""
    if "claims" not in examination.readable:
        yield NOT_LOOKED
        return
    work = _work(examination)
    for kind, one in work.for_worker.items():
        if one.count and (one.oldest_seconds or 0) > STUCK_SECONDS:
            tried = f", tried {one.tries} times at most" if one.tries else ""
            yield fail(
                f"{one.count} {_words(kind)} wait, the oldest for {_long(one.oldest_seconds)}{tried}.",
                "See that a worker runs (handbill worker claims) and what its log says.",
            )
    for kind, one in work.for_clearinghouse.items():
        if (one.oldest_seconds or 0) > SILENT_SECONDS:
            yield warn(
                f"{one.count} {_words(kind)}, the oldest sent {_long(one.oldest_seconds)} ago.",
                "Ask the clearinghouse for the TA1 and 999 of those files (GET /v1/files has their numbers).",
            )
    waiting = sum(one.count for one in work.for_worker.values())
    yield ok(f"{waiting} rows wait for the worker, none of them too long.")


def operator_messages(examination: Examination) -> Iterator[Finding]:
    """What only the operator can route, close or retry."""
    if "claims" not in examination.readable:
        yield NOT_LOOKED
        return
    found = {kind: one.count for kind, one in _work(examination).for_operator.items() if one.count}
    if found:
        said = ", ".join(f"{count} {_words(kind)}" for kind, count in found.items())
        yield warn(f"Messages wait for the operator: {said}.", "Run: handbill messages list")
    yield ok("No message waits for the operator.")


def workers(examination: Examination) -> Iterator[Finding]:
    """Leases: of workers that live, that died, and of clocks that were wrong."""
    if "claims" not in examination.readable:
        yield NOT_LOOKED
        return
    leases = _work(examination).leases
    if leases.ahead:
        latest = max(leases.ends.values())
        yield fail(
            f"{leases.ahead} leases of workers end far ahead, the last on {latest:%Y-%m-%d}: a clock was wrong.",
            "Set the clock right, then stop and start every worker of claims.",
        )
    if not leases.alive and not examination.before_start:
        yield fail("No worker of claims lives: nothing is sent or received.", "Start one: handbill worker claims")
    late = timedelta(seconds=3 * examination.settings.worker_lease_seconds)
    now = examination.clock.now()
    dead = sum(ends_at + late < now for ends_at in leases.ends.values()) if leases.alive else 0
    if dead:
        yield warn(f"{dead} workers have died, and nobody has taken over their work.", "See the log of the worker.")
    yield ok(f"{counted(leases.alive, 'worker lives', 'workers live')}.")


def overdue_actions(examination: Examination) -> Iterator[Finding]:
    """Next actions whose day is over, by organization."""
    from services.claims.flows.waiting_work import overdue_actions as overdue

    if "claims" not in examination.readable:
        yield NOT_LOOKED
        return
    try:
        found = overdue(examination.database("claims"), examination.business_clock)
    except Unavailable:
        yield warn("What is overdue is not known, since the simulator's clock does not answer.", "See services.")
        return
    if found:
        most = sorted(found.items(), key=lambda one: (-one[1], one[0]))
        said = ", ".join(f"{owner} {count}" for owner, count in most[:SHOWN])
        more = f", and {len(most) - SHOWN} organizations more" if len(most) > SHOWN else ""
        yield warn(
            f"Claims whose next action is overdue: {said}{more}.", "Tell those practices; their worklist has them."
        )
    yield ok("No next action is overdue.")


def _work(examination: Examination) -> "WaitingWork":
    from services.claims.flows.waiting_work import waiting_work

    if "work" not in examination.asked:
        database = examination.database("claims")
        examination.asked["work"] = waiting_work(database, examination.business_clock, examination.clock)
    work: WaitingWork = examination.asked["work"]
    return work


def _words(kind: str) -> str:
    return kind.replace("_", " ")


def _long(seconds: float | None) -> str:
    """In the largest unit that fits."""
    if seconds is None:
        return "a time that is not known"
    for size, unit in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
