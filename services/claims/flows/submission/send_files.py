"""Files are delivered, and none is accepted twice.

An attempt is recorded before it is made. After an unclear answer the clearinghouse is asked whether it has the file;
only if it does not, and not before `resend_after` in real time, the same bytes are sent again (CAQH CORE).

A file that the clearinghouse refuses for what it is (HTTP 4xx) is not sent again: its claims are rejected, and go out
in another file once they are fixed or submitted anew. Where it refuses the account (401, 403, 404) a person has to mend
that: after `TRIES_TURNED_AWAY` the file is tried once an hour, and the operator finds it in the log and by `handbill
files list`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from services.claims.clients import Delivery
from services.claims.domain.file_lifecycle import FILE_LIFECYCLE, UNSENT, FileEvent, FileState
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.record_timeline import record_file
from services.claims.flows.submission.form_files import FILES_A_PASS
from services.claims.flows.submission.refuse_file import refuse_file
from services.claims.store import exchange
from services.claims.store.tables import FileRow
from shared.clocks import age
from shared.wire.trading_partner import TradingPartner

MAX_RETRY_SECONDS = 60.0
TRIES_TURNED_AWAY = 10
TURNED_AWAY_SECONDS = 3600.0
log = structlog.get_logger()


def unsent_files(deps: Dependencies) -> list[exchange.UnsentFile]:
    """The files that the clearinghouse is not known to have."""
    with deps.database.reading() as session:
        return exchange.unsent_files(session, FILES_A_PASS)


def is_due(file: exchange.UnsentFile, now: datetime) -> bool:
    """Whether the next attempt may be made (wall time)."""
    seconds = TURNED_AWAY_SECONDS if file.state == FileState.TURNED_AWAY else retry_delay(file.tries)
    return file.tried_at is None or age(file.tried_at, now) >= timedelta(seconds=seconds)


def retry_delay(tries: int) -> float:
    """Seconds before the next attempt to send a file: none before the first, then 1, 2, 4 ... up to a minute."""
    return 0.0 if tries == 0 else min(2.0 ** (tries - 1), MAX_RETRY_SECONDS)


def send_file(deps: Dependencies, organization_id: str, file_id: str) -> bool:
    """One attempt to deliver a file; True if this one succeeded. Raises Unavailable when the clearinghouse is asked
    whether it has the file and does not answer."""
    attempt = _begin_attempt(deps, organization_id, file_id)
    unclear = attempt is not None and attempt.content is None
    if attempt is not None and unclear:
        if deps.clearinghouse.has_file(attempt.partner, attempt.control_number):
            return _end_attempt(deps, organization_id, file_id, Delivery.TAKEN)
        # It does not have it, or not yet: the bytes of the earlier try may still be on their way, so `resend_after`
        # must have passed.
        attempt = _begin_attempt(deps, organization_id, file_id, asked=True)
    if attempt is None or attempt.content is None:
        return False
    # Between two transactions and in none: this call may take long. When the process dies here, the row
    # says SENDING, and the next attempt asks first.
    delivery = deps.clearinghouse.submit(attempt.partner, attempt.content)
    # An earlier attempt may still arrive, so the next one asks first as well. Where these bytes are refused, they are
    # refused whenever they arrive.
    if unclear and delivery in (Delivery.NOT_TAKEN, Delivery.TURNED_AWAY):
        delivery = Delivery.UNCLEAR
    return _end_attempt(deps, organization_id, file_id, delivery)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One attempt to send a file. `content` is what to send, None if the clearinghouse is asked for the file first.

    `partner` is the account that the file was formed for, whatever the organization's account is by now."""

    partner: TradingPartner
    control_number: str
    content: str | None = None


def _begin_attempt(deps: Dependencies, organization_id: str, file_id: str, *, asked: bool = False) -> _Attempt | None:
    """Record an attempt before it is made. None if there is nothing to attempt now: the file has been sent, its account
    is gone, or an earlier attempt may still arrive (`asked`, but `resend_after` has not passed)."""
    now = deps.wall_clock.now()

    def write(session: Session) -> _Attempt | None:
        row = exchange.file(session, organization_id, file_id)
        # It was listed in an earlier transaction; another worker may have delivered it since.
        if row is None or row.state not in UNSENT:
            return None
        partner, number = deps.trading_partners.account(row.sender_id), row.interchange_control_number
        if partner is None:
            log.warning("trading_partner_gone", organization_id=organization_id, file_id=file_id)
            return None
        # A try began and nothing says how it ended: it was unclear, or the process died.
        if row.state == FileState.SENDING and not asked:
            return _Attempt(partner, number)
        if row.state == FileState.SENDING and row.tried_at is not None and now - row.tried_at < deps.resend_after:
            if row.tried_at > now:  # by a clock that was wrong: nobody knows when, so the wait begins now
                row.tried_at = now
                session.add(row)
            return None
        row.state = FILE_LIFECYCLE.step(FileState(row.state), FileEvent.TRIED)
        row.tries, row.tried_at = row.tries + 1, now
        session.add(row)
        return _Attempt(partner, number, row.content)

    return deps.database.run(write)


def _end_attempt(deps: Dependencies, organization_id: str, file_id: str, delivery: Delivery) -> bool:
    """Record the result of an attempt; True if it changed the file's state to sent."""
    # Business time, as for every date that people see; attempts themselves are timed in wall time.
    now = deps.clock.now()

    def write(session: Session) -> bool:
        row = exchange.file(session, organization_id, file_id)
        if row is None:
            return False
        before = FileState(row.state)
        if delivery is Delivery.REFUSED:
            _refuse(session, deps, row, before, now)
            return False
        row.state = FILE_LIFECYCLE.step(before, _event(row, delivery))
        if delivery is Delivery.TAKEN and row.sent_at is None:
            row.sent_at = now
        session.add(row)
        # Its 999 may have come before the answer to the call, and then this try did not make it sent.
        sent = before in UNSENT and row.state == FileState.SENT
        if sent:
            summary = f"File {row.interchange_control_number} was sent; the clearinghouse has it."
            record_file(session, deps.ids, row, TimelineKind.FILE_SENT, summary, at=now)
        return sent

    return deps.database.run(write)


def _event(row: FileRow, delivery: Delivery) -> FileEvent:
    if delivery is not Delivery.TURNED_AWAY:
        return FileEvent(delivery.value)
    if row.tries < TRIES_TURNED_AWAY:
        return FileEvent.NOT_TAKEN
    log.error(
        "file_turned_away",
        organization_id=row.organization_id,
        file_id=row.id,
        sender_id=row.sender_id,
        tries=row.tries,
        advice="The clearinghouse refuses the account; mend its password or address, then: handbill files retry.",
    )
    return FileEvent.TURNED_AWAY


def _refuse(session: Session, deps: Dependencies, row: FileRow, before: FileState, now: datetime) -> None:
    """One that is known to have arrived in another way is not refused: its acknowledgement says what became of it."""
    if before not in UNSENT:
        return
    log.warning("file_refused", organization_id=row.organization_id, file_id=row.id)
    refuse_file(
        session, deps.ids, row, now, "The clearinghouse refused the file when it was sent, and keeps nothing of it."
    )
