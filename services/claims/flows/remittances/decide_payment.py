"""A person decides about payments that wait: which claim one is for, or that it is not to be posted.

The payment is posted as a message would post it, by the same digest, so that it is never posted twice. What may be the
same money as another source's is posted only where a person matches that very payment.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from services.claims.domain.ledger import balances
from services.claims.domain.remittance import NOTHING_BY_HAND, Posting
from services.claims.domain.remittances.numbered_payments import NumberedPayment
from services.claims.domain.remittances.payment_states import (
    CUT_OFF,
    PAYMENT_LIFECYCLE,
    POSTED_OTHERWISE,
    PaymentEvent,
    PaymentState,
)
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.audit import audit
from services.claims.flows.claim.build_claim import found_claim
from services.claims.flows.claim.submissions import named_submission
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.messages.message_outcome import MessageOutcome
from services.claims.flows.queries.views import claim_view
from services.claims.flows.record_timeline import record_act
from services.claims.flows.remittances.forwarded_claims import claim_that_is_paid
from services.claims.flows.remittances.post_payment import PostingWork, post_payment, posting_sentence
from services.claims.flows.remittances.provider_accounts import book_remittance
from services.claims.flows.remittances.read_remittance import ReadRemittance, found_remittance, read_remittance
from services.claims.flows.remittances.record_remittance import end_waiting, resolve_message, settle_remittance
from services.claims.flows.remittances.remittance_views import payment_view, remittance_view
from services.claims.store import claims as claim_store
from services.claims.store import remittances as store
from services.claims.store.remittance_tables import RemittancePaymentRow
from services.claims.store.tables import ClaimRow
from shared.contracts.claims import Claim
from shared.contracts.common import Actor
from shared.contracts.remittances import PaymentDecision, PaymentMatch, RemittancePayment, RemittanceSummary
from shared.database import UnitOfWork
from shared.errors import Conflict, Fault, RuleBroken
from shared.security.caller import Caller

NOT_WAITING = "payment_not_waiting"


def match_payment(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    remittance_id: str,
    number: int,
    command: PaymentMatch,
) -> RemittancePayment:
    """Post a payment that waits, or was set aside, to the claim that a person names. Raises NotFound, Conflict,
    RuleBroken with the code of why it cannot be posted there."""
    found = read_remittance(deps.database, caller.organization_id, remittance_id)
    one, now = found.payment(number), deps.clock.now()
    lines = {match.service: match.line for match in command.lines}

    def write(session: Session) -> RemittancePayment:
        work = replace(_work(session, deps, found, now), decided=True)
        row = _undecided(session, found, one, PaymentEvent.POST)
        claim = found_claim(claim_store.claim(session, caller.organization_id, command.claim_id))
        _check_lines(session, claim, one, lines)
        posting = _posted(work, row, claim, one, lines)
        if row.code == POSTED_OTHERWISE:
            # It is other money, so the accounts have not had it yet.
            book_remittance(work, found.row, list(found.payments), list(found.adjustments))
        summary = posting_sentence(balances(posting.entries), reversal=posting.reversal)
        kind, act = TimelineKind.PAYMENT_MATCHED, f"A person matched a payment to this claim. {summary}"
        record_act(session, deps, caller, claim, kind, act, at=now, actor=command.actor, payment=one.digest)
        _settle(work, found)
        audit_decision(session, deps, caller, now, found, "match_payment", command.actor, command.reason)
        return decided_view(session, found, one)

    return unit_of_work.run(write)


def set_aside_payment(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    remittance_id: str,
    number: int,
    command: PaymentDecision,
) -> RemittancePayment:
    """A person finds that a payment that waits is not to be posted; it may still be matched. Raises NotFound,
    Conflict."""
    found = read_remittance(deps.database, caller.organization_id, remittance_id)
    one, now = found.payment(number), deps.clock.now()

    def write(session: Session) -> RemittancePayment:
        work = _work(session, deps, found, now)
        _set_aside(work, caller, _undecided(session, found, one, PaymentEvent.SET_ASIDE), command.actor)
        _settle(work, found)
        audit_decision(session, deps, caller, now, found, "set_aside_payment", command.actor, command.reason)
        return decided_view(session, found, one)

    return unit_of_work.run(write)


def set_aside_remittance(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, remittance_id: str, command: PaymentDecision
) -> RemittanceSummary:
    """The same of every payment of a remittance that waits. Raises NotFound, Conflict where none does."""
    found = read_remittance(deps.database, caller.organization_id, remittance_id)
    now = deps.clock.now()

    def write(session: Session) -> RemittanceSummary:
        work = _work(session, deps, found, now)
        waiting = store.waiting_payments(session, caller.organization_id, remittance_id)
        if not waiting:
            raise nothing_to_decide("no payment of this remittance waits", "/remittance_id")
        for row in waiting:
            _set_aside(work, caller, row, command.actor)
        _settle(work, found, whole=True)
        audit_decision(session, deps, caller, now, found, "set_aside_remittance", command.actor, command.reason)
        return remittance_view(found_remittance(session, caller.organization_id, remittance_id))

    return unit_of_work.run(write)


def post_waiting_payments(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: PaymentDecision
) -> Claim:
    """Post everything that waits for a claim, as a person has decided, on it or on what it was forwarded as. Raises
    NotFound, Conflict where nothing waits, RuleBroken with the code of why it cannot be posted; then nothing is."""
    now, owner = deps.clock.now(), caller.organization_id
    with deps.database.reading() as session:
        found_claim(claim_store.patient_of_claim(session, owner, claim_id))
        named = {row.remittance_id for row in store.waiting_for_claim(session, owner, claim_id)}
    remittances = {one: read_remittance(deps.database, owner, one) for one in sorted(named)}

    def write(session: Session) -> Claim:
        claim = found_claim(claim_store.claim(session, owner, claim_id))
        waiting = [row for row in store.waiting_for_claim(session, owner, claim_id) if row.remittance_id in remittances]
        if not waiting:
            raise nothing_to_decide("no payment waits for this claim", "/claim_id")
        for row in waiting:
            found = remittances[row.remittance_id]
            work = _work(session, deps, found, now)
            one = found.payment(row.number)
            paid = claim_that_is_paid(session, claim, found.header, one.payment)
            posting = _posted(work, row, paid, one, NOTHING_BY_HAND)
            summary = posting_sentence(balances(posting.entries), reversal=posting.reversal)
            kind, act = TimelineKind.PAYMENT_MATCHED, f"A person had a payment posted that waited. {summary}"
            record_act(session, deps, caller, paid, kind, act, at=now, actor=command.actor, payment=one.digest)
            _settle(work, found)
        transition_claim(session, deps.ids, claim, now)
        action, reason = "post_waiting_payments", command.reason
        audit(session, deps, caller, at=now, action=action, subject_id=claim.id, actor=command.actor, reason=reason)
        return claim_view(session, claim)

    return unit_of_work.run(write)


def _work(session: Session, deps: Dependencies, found: ReadRemittance, now: datetime) -> PostingWork:
    return PostingWork(session, deps, found.header, found.row.message_id, now, MessageOutcome())


def _undecided(
    session: Session, found: ReadRemittance, one: NumberedPayment, event: PaymentEvent
) -> RemittancePaymentRow:
    row = store.payments_by_digest(session, found.row.organization_id, [one.digest]).get(one.digest)
    if row is None or not PAYMENT_LIFECYCLE.allows(PaymentState(row.state), event):
        raise nothing_to_decide("this payment does not wait for anybody", "/payment_number")
    return row


def nothing_to_decide(detail: str, pointer: str) -> Conflict:
    """The refusal where there is nothing to decide or to take back."""
    message = f"{detail[0].upper()}{detail[1:]}."
    fix = "Nothing to decide; `result` of each payment in the remittance says what became of it, and for which claim."
    return Conflict(detail, code=NOT_WAITING, errors=[Fault(pointer, NOT_WAITING, message, fix)])


def _check_lines(session: Session, claim: ClaimRow, one: NumberedPayment, lines: Mapping[int, int]) -> None:
    billed = named_submission(session, claim, one.payment.claim_number).document.claim.billed_lines
    services, named = len(one.payment.services), ", ".join(map(str, billed))
    for place, (service, line) in enumerate(lines.items()):
        if service > services or line not in billed:
            message = f"The payment has {services} services, and the claim was sent with the lines {named}."
            fault = Fault(f"/body/lines/{place}", "line_unknown", message, "Name a service and a line that there are.")
            raise Conflict("a service is matched to a line that there is not", code="line_unknown", errors=[fault])


def _posted(
    work: PostingWork,
    row: RemittancePaymentRow,
    claim: ClaimRow,
    one: NumberedPayment,
    lines: Mapping[int, int],
) -> Posting:
    if row.code == CUT_OFF:
        message = "The remittance ends in the middle of this payment, which may be half of itself."
        fault = Fault("/CLP", CUT_OFF, message, "Have the remittance sent again, or set this payment aside.")
        raise RuleBroken("the payment cannot be posted", code=CUT_OFF, errors=[fault])
    posting = post_payment(work, claim, one, lines)
    if posting is None:
        why = work.outcome.reasons[-1]
        fault = Fault(why.pointer, why.code, why.message, why.fix)
        raise RuleBroken("the payment cannot be posted to this claim", code=why.code, errors=[fault])
    end_waiting(work, row, PaymentEvent.POST, claim)
    return posting


def _set_aside(work: PostingWork, caller: Caller, row: RemittancePaymentRow, actor: Actor) -> None:
    end_waiting(work, row, PaymentEvent.SET_ASIDE, None)
    claim = claim_store.claim(work.session, row.organization_id, row.claim_id) if row.claim_id else None
    if claim is not None:
        kind, summary = TimelineKind.PAYMENT_SET_ASIDE, "A person set a payment of this claim aside: it is not posted."
        record_act(work.session, work.deps, caller, claim, kind, summary, at=work.now, actor=actor, codes=[row.code])


def _settle(work: PostingWork, found: ReadRemittance, *, whole: bool = False) -> None:
    row = found_remittance(work.session, found.row.organization_id, found.row.id)
    settle_remittance(work, row)
    work.session.flush()
    resolve_message(work, row, whole=whole)


def audit_decision(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    now: datetime,
    found: ReadRemittance,
    action: str,
    actor: Actor,
    reason: str,
) -> None:
    """The entry of the audit trail, about the remittance."""
    audit(session, deps, caller, at=now, action=action, subject_id=found.row.id, actor=actor, reason=reason)


def decided_view(session: Session, found: ReadRemittance, one: NumberedPayment) -> RemittancePayment:
    """The payment as it is now."""
    owner, digests = found.row.organization_id, [one.digest]
    waited = store.payments_by_digest(session, owner, digests)
    return payment_view(one, waited, store.postings_by_digest(session, owner, digests))
