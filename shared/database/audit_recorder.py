"""Audit entries of what changes no row: reads, refusals, repeats, logins. They wait for one writer, which commits all
that wait in one transaction for each organization; whoever asked is answered after the commit of his entry.

The first entry is written at once, and those that come meanwhile go together in the next group. Groups of several keep
a distance, so that the writer does not take a lock again before another writer could: SQLite has one writer, and on
PostgreSQL the writers of one organization meet at the end of its chain. Who reads alone waits for no distance.
"""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, Full, Queue

import structlog
from sqlmodel import Session

from shared.clocks import Clock
from shared.contracts.common import Actor
from shared.database.engine import Database
from shared.database.operations import Outcome, add_audit
from shared.errors import Unavailable
from shared.ids import Ids
from shared.tenancy import acting_for

log = structlog.get_logger()
MAX_WAITING = 1_000
MAX_GROUP = 200
SPACING_SECONDS = 0.005
"""How long the writer leaves its locks to others after a group of several."""
WAIT_SECONDS = 10.0
"""How long an answer waits for its entry; a group that is written later than that stays written."""
CLOSE_SECONDS = 15.0
RETRY_AFTER = {"Retry-After": "1"}


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did that changed no row. `subject_id` is empty where it was about nothing in particular."""

    organization_id: str
    client_id: str
    action: str
    outcome: Outcome
    subject_id: str = ""
    patient_id: str | None = None
    actor: Actor | None = None
    reason: str | None = None
    purpose: str | None = None
    request_id: str | None = None


Waiting = tuple[Act, Future[None]]


class AuditRecorder:
    """Writes acts into the audit trails of their organizations. Its thread starts with the first act."""

    def __init__(
        self,
        database: Database,
        ids: Ids,
        wall_clock: Clock,
        *,
        max_waiting: int = MAX_WAITING,
        close_seconds: float = CLOSE_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._database, self._ids, self._wall_clock = database, ids, wall_clock
        self._sleep, self._close_seconds = sleep, close_seconds
        self._waiting: Queue[Waiting | None] = Queue(max_waiting)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def submit(self, act: Act) -> Future[None]:
        """The future is done when the entry is committed, and fails with what kept it from being. Raises Unavailable
        when too many wait, or after `close`."""
        future: Future[None] = Future()
        with self._lock:
            if self._closed:
                raise unavailable()
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="audit", daemon=True)
                self._thread.start()
            try:
                self._waiting.put_nowait((act, future))
            except Full:
                raise unavailable() from None
        return future

    @property
    def waiting(self) -> int:
        """How many entries wait to be written."""
        return self._waiting.qsize()

    def record(self, act: Act) -> None:
        """Wait until the entry is committed; not for use in an event loop. Raises Unavailable."""
        try:
            self.submit(act).result(WAIT_SECONDS)
        except Exception as error:
            raise unavailable() from error

    def close(self) -> None:
        """Write what waits, and take no more; what a database that hangs does not take in time is given up. Closing
        twice is closing once."""
        with self._lock:
            self._closed = True
            thread = self._thread
        if thread is not None and thread.is_alive():
            ends = time.monotonic() + self._close_seconds
            # The queue is full where the database hangs; whoever waits for an entry of it has his refusal by then.
            with suppress(Full):
                self._waiting.put(None, timeout=self._close_seconds)
            thread.join(max(0.0, ends - time.monotonic()))

    def _work(self) -> None:
        while (first := self._waiting.get()) is not None:
            group, closing = self._group(first)
            by_organization: dict[str, list[Waiting]] = {}
            for waiting in group:
                by_organization.setdefault(waiting[0].organization_id, []).append(waiting)
            # One transaction for each organization: none waits at the end of another's chain, or fails with it.
            for organization_id, waiting_ones in by_organization.items():
                self._write(organization_id, waiting_ones)
            if closing:
                return
            if len(group) > 1:
                self._sleep(SPACING_SECONDS)

    def _group(self, first: Waiting) -> tuple[list[Waiting], bool]:
        """What waits beside the first one, and whether it is the last group."""
        group, closing = [first], False
        while len(group) < MAX_GROUP and not closing:
            try:
                waiting = self._waiting.get_nowait()
            except Empty:
                break
            if waiting is None:
                closing = True
            else:
                group.append(waiting)
        # Nobody waits any more for an entry that was cancelled, and its answer was a refusal.
        return [waiting for waiting in group if waiting[1].set_running_or_notify_cancel()], closing

    def _write(self, organization_id: str, group: list[Waiting]) -> None:
        now = self._wall_clock.now()

        def write(session: Session) -> None:
            for act, _future in group:
                add_audit(
                    session,
                    self._ids,
                    organization_id=organization_id,
                    at=now,
                    wall_at=now,
                    client_id=act.client_id,
                    action=act.action,
                    subject_id=act.subject_id,
                    actor=act.actor,
                    patient_id=act.patient_id,
                    reason=act.reason,
                    purpose=act.purpose,
                    outcome=act.outcome,
                    request_id=act.request_id,
                )

        try:
            with acting_for(organization_id):
                self._database.run(write)
        except Unavailable as error:
            _finish(group, error)  # the database has said what it lacks, once for all who wait for it
        except Exception as error:
            log.exception("audit_entries_not_written", entries=len(group))
            _finish(group, error)
        else:
            _finish(group, None)


def _finish(group: Iterable[Waiting], error: Exception | None) -> None:
    for _act, future in group:
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)


def unavailable() -> Unavailable:
    """What is answered where the trail cannot be written: nothing is shown that leaves no entry."""
    return Unavailable(
        "the audit trail cannot be written, and nothing is shown without an entry in it; try again shortly",
        code="audit_unavailable",
        headers=RETRY_AFTER,
    )
