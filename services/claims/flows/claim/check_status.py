"""Ask a claim's payer for its status (276), on demand or by Handbill when a silence has ended.

The question leaves between transactions. An answer that is about this claim and no other is kept as a message of the
organization, together with the act, and is applied in the way of every message; without one nothing is changed.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlmodel import Session

from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.next_action_progress import NO_PROGRESS
from services.claims.domain.sending import IllegalMove
from services.claims.domain.status_question import ASKED_BY_HANDBILL, refuse_question
from services.claims.domain.timeline import TimelineKind
from services.claims.domain.worked_action import completed
from services.claims.flows.audit import audit
from services.claims.flows.claim.build_claim import found_claim
from services.claims.flows.claim.correct_claim import refused
from services.claims.flows.claim.transition_claim import local_today, transition_claim
from services.claims.flows.claim.work_on_claim import facts_of
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.disclosures import disclose_question
from services.claims.flows.messages.message_ids import asked_id
from services.claims.flows.messages.tries import try_apply
from services.claims.flows.queries.views import claim_view
from services.claims.flows.record_timeline import record_act, record_question
from services.claims.flows.submission.status_inquiry import status_interchange
from services.claims.store import claims as store
from services.claims.store import exchange
from services.claims.store.tables import ClaimRow
from shared import x12
from shared.contracts.claims import Claim, ClaimAction
from shared.database import UnitOfWork
from shared.errors import Conflict, Unavailable
from shared.security.caller import Caller
from shared.tenancy import acting_for
from shared.wire.envelope import interchange_control_number
from shared.wire.trading_partner import TradingPartner

ACTION = "check_claim_status"
ANSWER = "277"
QUESTIONS_A_PASS = 20
CLAIMS_A_PASS = 200
ASKED = "The payer was asked for the status of the claim."
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Question:
    """A 276 that is about to leave, with the number by which its answer is kept."""

    partner: TradingPartner
    claim_number: str
    number: str
    content: str


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who asks; without a caller it is Handbill."""

    caller: Caller | None = None
    command: ClaimAction | None = None


def check_claim_status(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: ClaimAction
) -> Claim:
    """Ask the payer now. Raises NotFound, Conflict with the reason where nobody can be asked, Unavailable."""
    _ask(deps, caller.organization_id, claim_id, _Asker(caller, command))

    def read(session: Session) -> Claim:
        return claim_view(session, found_claim(store.claim(session, caller.organization_id, claim_id)))

    return unit_of_work.run(read)


def ask_payers(deps: Dependencies) -> int:
    """Ask for every claim whose silence has ended, at most QUESTIONS_A_PASS; returns how many were answered. The
    account that gets no answer is left alone for the rest of the pass."""
    now, answered, tried = deps.clock.now(), 0, 0
    silent: set[str] = set()
    with deps.database.reading() as session:
        due = store.claims_to_ask(session, ACTION, ASKED_BY_HANDBILL, now.date(), CLAIMS_A_PASS)
    for organization_id, claim_id in due:
        sender_id = deps.trading_partners.of(organization_id).sender_id
        if tried == QUESTIONS_A_PASS or sender_id in silent:
            continue
        tried += 1
        with acting_for(organization_id):
            try:
                answered += _ask(deps, organization_id, claim_id, _Asker())
            except Unavailable:
                silent.add(sender_id)
                log.warning("clearinghouse_unavailable", step="ask_status")
            except Conflict as conflict:
                log.warning("status_not_asked", claim_id=claim_id, code=conflict.code)
    return answered


def _ask(deps: Dependencies, organization_id: str, claim_id: str, asker: _Asker) -> bool:
    """Whether the payer was asked. Raises NotFound, Conflict, Unavailable."""
    now = deps.clock.now()
    question = deps.database.run(lambda session: _question(session, deps, organization_id, claim_id, asker, now))
    if question is None:
        return False
    answer = deps.clearinghouse.ask(question.partner, question.content)
    if not _is_about(answer, question.claim_number):
        log.warning("status_not_answered", claim_id=claim_id)
        raise Unavailable(
            "the clearinghouse gave no status of this claim; nothing was changed, ask again later",
            code="clearinghouse_unavailable",
        )
    message_id = asked_id(question.number)
    deps.database.run(lambda session: _keep(session, deps, organization_id, claim_id, asker, now, message_id, answer))
    try_apply(deps, organization_id, message_id)
    return True


def _question(
    session: Session, deps: Dependencies, organization_id: str, claim_id: str, asker: _Asker, now: datetime
) -> _Question | None:
    """None where Handbill would ask on the practice's morrow, or what was due has been done meanwhile."""
    row = found_claim(store.claim(session, organization_id, claim_id))
    if asker.caller is None and not (row.next_kind == ACTION and row.next_due_on <= local_today(row, now)):
        return None
    document, printed = row.document, row.document.claim.printed
    by_others = document.chain.sent_by_earlier_payer or document.sent_elsewhere is not None
    sent = row.file_id is not None or printed or by_others
    try:
        refuse_question(ClaimState(row.state), sent=sent, on_paper=printed)
    except IllegalMove as illegal:
        raise refused(row, illegal) from None
    number = exchange.next_number(session, "interchange")
    partner = deps.trading_partners.of(organization_id)
    try:
        content = status_interchange(row, partner, now, interchange_number=number)
    except x12.WriteError as error:
        message = f"The question cannot be written as X12: {error.message} (at {error.pointer})."
        mend = "Ask the payer by telephone or in its portal."
        raise refused(row, IllegalMove("question_unwritable", message, mend)) from None
    return _Question(partner, row.claim_number, interchange_control_number(number), content)


def _is_about(answer: str, claim_number: str) -> bool:
    """Whether it is a 277 of this claim alone: what is about another is another's record."""
    file = x12.read_all(answer.encode())
    statuses = [one for found in file.transactions for one in found.records if isinstance(one, x12.ClaimStatus)]
    kinds = {found.opened.type for found in file.transactions}
    return kinds == {ANSWER} and {one.claim_number for one in statuses} == {claim_number}


def _keep(
    session: Session,
    deps: Dependencies,
    organization_id: str,
    claim_id: str,
    asker: _Asker,
    now: datetime,
    message_id: str,
    answer: str,
) -> None:
    """The answer as a message, and the act: what was asked for is done, and is waited for."""
    exchange.keep_message(session, organization_id, message_id, ANSWER, answer, now)
    row = found_claim(store.claim(session, organization_id, claim_id))
    disclose_question(session, deps.ids, row, now)
    _record(session, deps, row, asker, now)
    if row.next_kind == ACTION:
        facts = facts_of(session, row, now)
        done = completed(facts, ACTION, facts.today, None)
        row.progress = replace(row.progress or NO_PROGRESS, done=done)
    transition_claim(session, deps.ids, row, now)


def _record(session: Session, deps: Dependencies, row: ClaimRow, asker: _Asker, now: datetime) -> None:
    if asker.caller is None or asker.command is None:
        record_question(session, deps.ids, row, ASKED, at=now)
        return
    caller, actor = asker.caller, asker.command.actor
    audit(session, deps, caller, at=now, action=ACTION, subject_id=row.id, actor=actor, patient_id=row.patient_id)
    record_act(session, deps, caller, row, TimelineKind.STATUS_ASKED, ASKED, at=now, actor=actor)
