"""A message that fails because of an error of Handbill's own is tried again later, and then set aside.

Nothing of a failed try is kept, since each is one transaction. After `MAX_TRIES` the message is `failed`: an
organization lists its own (`GET /v1/messages?state=failed`), the operator those of everybody (`handbill messages
list`), and both can have it tried again. Where the database does not answer, that is no try.
"""

from collections.abc import Callable
from functools import partial

import structlog
from sqlmodel import Session

from services.claims.domain.message_lifecycle import (
    MAX_TRIES,
    MESSAGE_LIFECYCLE,
    RECEIVED_LIFECYCLE,
    TO_APPLY,
    MessageEvent,
    MessageState,
    ReceivedEvent,
    ReceivedState,
    wait_after,
)
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.messages.apply_message import apply_message, tell_that_it_waits
from services.claims.flows.messages.message_outcome import finding
from services.claims.flows.messages.message_task import task_of_message
from services.claims.flows.messages.split_message import PART_NOTES, split_message
from services.claims.store import exchange
from services.claims.store import received as store
from services.claims.store.tables import MessageRow, ReceivedMessageRow
from shared.errors import Unavailable
from shared.tenancy import acting_for

log = structlog.get_logger()
FAILED_TRY = "failed_try"


def try_split(deps: Dependencies, received_id: str) -> str:
    """Split a received message; returns its state, or `failed_try`. Raises Unavailable."""
    with acting_for(None):
        failed = partial(_split_failed, deps, received_id)
        return _try(deps, "split_message", partial(split_message, deps, received_id), failed, received_id)


def try_apply(deps: Dependencies, organization_id: str, message_id: str) -> str:
    """Apply an organization's message; returns its state, or `failed_try`. Raises Unavailable."""
    with acting_for(organization_id):
        failed = partial(_apply_failed, deps, organization_id, message_id)
        work = partial(apply_message, deps, organization_id, message_id)
        return _try(deps, "apply_message", work, failed, message_id)


def _try(deps: Dependencies, step: str, work: Callable[[], str], failed: Callable[[], None], message_id: str) -> str:
    try:
        return work()
    except Unavailable:
        raise
    except Exception:
        # Its class and place only (`shared.logs`): its text may quote the message.
        log.exception("message_failed", message_id=message_id)
        deps.failures.count(step)
        failed()
        return FAILED_TRY


def _split_failed(deps: Dependencies, received_id: str) -> None:
    def write(session: Session) -> None:
        row = store.received_message(session, received_id)
        # Another worker may have had more luck with it.
        if row is None or row.state != ReceivedState.RECEIVED:
            return
        if not _waits(deps, row):
            row.state = RECEIVED_LIFECYCLE.step(ReceivedState(row.state), ReceivedEvent.FAIL)
        session.add(row)

    deps.database.run(write)


def _apply_failed(deps: Dependencies, organization_id: str, message_id: str) -> None:
    def write(session: Session) -> None:
        row = exchange.message(session, organization_id, message_id)
        if row is None or row.state not in TO_APPLY:
            return
        if not _waits(deps, row):
            row.state = MESSAGE_LIFECYCLE.step(MessageState(row.state), MessageEvent.FAIL)
            failed = finding(
                code="message_failed",
                severity="block",
                message=f"An error of Handbill's own kept it {row.tries} times from being applied; nothing was posted.",
                pointer="/ISA",
                fix="Have it tried again, and tell the operator if it fails again.",
            )
            row.reasons = [*(one for one in row.reasons if one.code in PART_NOTES), failed]
            task_of_message(session, deps.ids, row, deps.clock.now())
            tell_that_it_waits(session, deps, row, deps.clock.now())
        session.add(row)

    deps.database.run(write)


def _waits(deps: Dependencies, row: ReceivedMessageRow | MessageRow) -> bool:
    """Count a try that failed; whether there is to be another one, which then has its time."""
    row.tries = (row.tries or 0) + 1
    again = row.tries < MAX_TRIES
    row.retry_at = deps.wall_clock.now() + wait_after(row.tries) if again else None
    return again
