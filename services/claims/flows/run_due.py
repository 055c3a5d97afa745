"""What is due: one pass over all work that waits for Handbill itself, in the order of a claim's life.

The worker and the in-process journeys run this same pass. Waiting is a row with a date, never a sleep; a service
that does not answer ends its own step of this pass and no other.
"""

from dataclasses import astuple, dataclass
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from services.claims.domain.ledger import balances
from services.claims.domain.next_action import LONGEST_WAIT_DAYS
from services.claims.flows.authorization_tasks import renew_authorizations
from services.claims.flows.claim.check_status import ask_payers
from services.claims.flows.claim.small_balances import write_off_small_balances
from services.claims.flows.claim.transition_claim import local_today, refresh_next_action
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.histories.report_history import asked_histories, report_history
from services.claims.flows.messages.apply_message import waiting_messages
from services.claims.flows.messages.receive_messages import receive
from services.claims.flows.messages.split_message import unsplit_messages
from services.claims.flows.messages.tries import try_apply, try_split
from services.claims.flows.record_timeline import record_next_action
from services.claims.flows.submission.form_files import form_files
from services.claims.flows.submission.send_files import send_file, unsent_files
from services.claims.flows.unbilled_notes import find_unbilled_notes
from services.claims.store import claims as store
from services.claims.store import remittances
from services.claims.store.tables import ClaimRow
from shared.errors import Unavailable
from shared.tenancy import INSTALLATION, acting_for

log = structlog.get_logger()
CLAIMS_A_PASS = 500
BILLER = "biller"
AHEAD = timedelta(days=1)
"""Dates of two machines, and of a payer's and a practice's zone, may differ by this much."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass did."""

    formed: int = 0
    sent: int = 0
    received: int = 0
    applied: int = 0
    followed_up: int = 0
    unbilled: int = 0
    asked: int = 0
    written_off: int = 0
    histories: int = 0
    renewed: int = 0

    @property
    def idle(self) -> bool:
        """Whether the pass found nothing at all to do, so that whoever drives it may wait."""
        return not any(astuple(self))


def run_due(deps: Dependencies) -> Pass:
    """Form, send, receive, split, apply, follow up, find unbilled notes, ask payers, write off small balances,
    report histories and look after authorizations once, for all organizations."""
    with acting_for(INSTALLATION):
        return _run_due(deps)


def _run_due(deps: Dependencies) -> Pass:
    deps.code_sets.look()
    formed = form_files(deps)
    sent = sum(deliver(deps, file.organization_id, file.id) for file in unsent_files(deps))
    received = receive_quietly(deps)
    for received_id in unsplit_messages(deps):
        try_split(deps, received_id)
    applied = 0
    for organization_id, message_id in waiting_messages(deps):
        try_apply(deps, organization_id, message_id)
        applied += 1
    return Pass(
        formed=formed,
        sent=sent,
        received=received,
        applied=applied,
        followed_up=follow_up(deps),
        unbilled=find_unbilled_notes(deps),
        asked=ask_payers(deps),
        written_off=write_off_small_balances(deps),
        histories=sum(bool(report_history(deps, owner, key)) for owner, key in asked_histories(deps)),
        renewed=renew_authorizations(deps),
    )


def deliver(deps: Dependencies, organization_id: str, file_id: str) -> bool:
    """One attempt to send one file; True when the clearinghouse has it now."""
    with acting_for(organization_id):
        try:
            return send_file(deps, organization_id, file_id)
        except Unavailable:
            log.warning("clearinghouse_unavailable", step="ask", file_id=file_id)
            return False


def receive_quietly(deps: Dependencies) -> int:
    """Fetch new messages; an outage of the clearinghouse is logged, and the next pass tries again."""
    try:
        return receive(deps)
    except Unavailable:
        log.warning("clearinghouse_unavailable", step="fetch")
        return 0


def follow_up(deps: Dependencies) -> int:
    """Work out the next action anew where a wait has ended without an answer, and count the claim's version up. So is
    one that would end in years, since the clock was ahead when it began: it begins now."""
    now = deps.clock.now()
    latest = now.date() + timedelta(days=LONGEST_WAIT_DAYS)

    def write(session: Session) -> int:
        changed = 0
        for row in store.overdue(session, now.date(), latest, CLAIMS_A_PASS):
            # The query asks by the date in UTC, which may be a day ahead of the practice's.
            if local_today(row, now) <= row.next_due_on <= latest:
                continue
            with acting_for(row.organization_id):
                changed += _follow_up(session, deps, row, now)
        return changed

    return deps.database.run(write)


def _follow_up(session: Session, deps: Dependencies, row: ClaimRow, now: datetime) -> bool:
    """Whether the claim has another next action now, or another day for it."""
    kind, due_on = row.next_kind, row.next_due_on
    _date_anew(row, now)
    money = balances(store.entries(session, row.organization_id, [row.id])[row.id])
    waits = remittances.waits_since(session, row.organization_id, [row.id])
    refresh_next_action(row, money, now, payment_waits_since=waits.get(row.id))
    if (row.next_kind, row.next_due_on) == (kind, due_on):
        return False
    row.version += 1
    session.add(row)
    if row.next_kind != kind or row.next_owner != BILLER:  # else a person has the same to do as before
        record_next_action(session, deps.ids, row, at=now)
    return True


def _date_anew(row: ClaimRow, now: datetime) -> None:
    """What a wait is counted from lies in the past; where a clock that was ahead has dated it, it is now."""
    if row.submitted_at is not None and row.submitted_at > now + AHEAD:
        row.submitted_at = now
    today, responses = local_today(row, now), row.document.responses
    if responses.accepted_on is not None and responses.accepted_on > today + AHEAD:
        row.document = row.document.with_responses(responses.accepted_by(today))
