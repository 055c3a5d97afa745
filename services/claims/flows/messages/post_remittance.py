"""835: each claim payment is posted exactly once, one 835 transaction in one database transaction.

What a payment does to a claim is in `flows/remittances/post_payment`; a payment that cannot be posted waits for a
person, who is told why.
"""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from services.claims.domain.ledger import balances
from services.claims.domain.remittance import Posting
from services.claims.domain.remittances.numbered_payments import (
    NumberedPayment,
    numbered_payments,
    provider_adjustments,
)
from services.claims.domain.remittances.payment_states import (
    BEFORE_FORWARDING,
    MESSAGE_WAITS,
    POSTED_OTHERWISE,
    UNMATCHED,
    PaymentEvent,
    PaymentState,
)
from services.claims.domain.timeline import TimelineKind
from services.claims.domain.wire_code import wire_code
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.messages.message_outcome import MessageOutcome
from services.claims.flows.opening.named_claim import named_claim
from services.claims.flows.record_timeline import record_claim_answer
from services.claims.flows.remittances.forwarded_claims import claim_that_is_paid
from services.claims.flows.remittances.post_payment import PostingWork, post_payment, posting_sentence
from services.claims.flows.remittances.provider_accounts import book_remittance
from services.claims.flows.remittances.read_remittance import read_remittance
from services.claims.flows.remittances.record_remittance import (
    end_half_payments,
    end_waiting,
    let_wait,
    let_whole_message_wait,
    record_remittance,
    resolve_message,
    settle_remittance,
)
from services.claims.store import remittances as remittance_store
from services.claims.store.provider_accounts import is_booked_under_trace
from services.claims.store.remittance_tables import RemittancePaymentRow, RemittanceRow
from services.claims.store.tables import ClaimRow, MessageRow
from shared import x12
from shared.money import format_dollars

RESOLVE_PAYMENT = "resolve_payment"
"""The next action of a claim that a payment still waits for."""


def apply_remittance(
    session: Session,
    deps: Dependencies,
    row: MessageRow,
    transaction: x12.ReadTransaction,
    now: datetime,
    outcome: MessageOutcome,
) -> None:
    """Post every claim payment that matches a claim; one that matches none waits, with its position and amount."""
    header = transaction.header
    if not isinstance(header, x12.Remittance):
        outcome.leave_unresolved(
            code="remittance_without_header",
            message="The remittance has no readable header.",
            pointer="/BPR",
            fix="Ask for it again.",
        )
        return
    work = PostingWork(session, deps, header, row.id, now, outcome)
    payments = numbered_payments(header, transaction.records)
    digests = [one.digest for one in payments]
    waited = remittance_store.payments_by_digest(session, row.organization_id, digests)
    posted = remittance_store.postings_by_digest(session, row.organization_id, digests)
    remittance = record_remittance(work, row.organization_id, payments, transaction.records)
    own = (row.id, remittance.message_id)
    elsewhere = {digest for digest, one in posted.items() if one.message_id not in own}
    waits = {_post(work, row, remittance, one, waited.get(one.digest)) for one in payments}
    adjustments = provider_adjustments(transaction.records)
    here_already = bool(payments) and elsewhere >= set(digests) and is_booked_under_trace(session, remittance)
    if waits != {POSTED_OTHERWISE} and not here_already:
        # Else the whole of it is in the accounts already, from another source or another version of it.
        book_remittance(work, remittance, payments, adjustments)
    _settle_earlier(work, remittance, {row.remittance_id for row in waited.values()})
    for item in (item for adjustment in adjustments for item in adjustment.items):
        outcome.note(
            code="provider_adjustment",
            message=f"{format_dollars(item.amount_cents)} belong to no claim ({wire_code(item.reason)}).",
            pointer="/PLB",
            fix="Nothing to do: it is in the account with the payer (GET /v1/provider-accounts).",
        )
    settle_remittance(work, remittance)


def quarantine_remittances(
    session: Session, deps: Dependencies, row: MessageRow, file: x12.File, now: datetime
) -> None:
    """A message was not applied for its faults: the payments in it that can be read wait for a person."""
    for transaction in file.transactions:
        if isinstance(transaction.header, x12.Remittance):
            work = PostingWork(session, deps, transaction.header, row.id, now, MessageOutcome())
            let_whole_message_wait(work, row.organization_id, transaction)


def _post(
    work: PostingWork,
    row: MessageRow,
    remittance: RemittanceRow,
    one: NumberedPayment,
    waited: RemittancePaymentRow | None,
) -> str | None:
    """Post it or let it wait; the code why it waits or was set aside."""
    if waited is not None and waited.state == PaymentState.SET_ASIDE:
        work.outcome.note(
            code="payment_set_aside",
            message="A person has set this payment aside; nothing was posted.",
            pointer="/CLP/1",
            fix="Nothing to do; match it to a claim if it is to be posted after all.",
        )
        return waited.code
    if waited is not None and (waited.state, waited.code) == (PaymentState.WAITING, UNMATCHED):
        work.outcome.add(_waits_elsewhere(0))
        return waited.code
    of_this = replace(work, outcome=MessageOutcome())
    claim = named_claim(work.session, work.deps, row.organization_id, one.payment.claim_number)
    posting, why = None, None
    if claim is not None:
        claim = claim_that_is_paid(work.session, claim, work.header, one.payment)
    if claim is None:
        _unknown(of_this, one)
    else:
        of_this.outcome.claims += 1
        posting = post_payment(of_this, claim, one)
    if posting is not None and waited is not None and claim is not None:
        end_waiting(work, waited, PaymentEvent.POST, claim)
    elif posting is None and of_this.outcome.open:
        why = of_this.outcome.reasons[-1].code
        if waited is None:
            let_wait(work, remittance, one, why, claim)
        elif _message_of(work, remittance, waited) != row.id:
            of_this = replace(of_this, outcome=_waits_elsewhere(of_this.outcome.claims))
        elif waited.code == MESSAGE_WAITS:
            # A person has released the message, so it is this that the payment waits for now.
            waited.code = why
    if posting is not None and claim is not None and claim.next_kind == RESOLVE_PAYMENT:
        end_half_payments(work, remittance, claim)
        _post_forwarded(work, remittance, claim)
    work.outcome.add(of_this.outcome)
    if claim is not None:
        _record(work, row, claim, one, posting)
    return why


def _post_forwarded(work: PostingWork, remittance: RemittanceRow, claim: ClaimRow) -> None:
    """Payments of the next payer that came before this payer had said that it has forwarded the claim."""
    for waited in remittance_store.waiting_for_claim(work.session, claim.organization_id, claim.id):
        if waited.code != BEFORE_FORWARDING:
            continue
        found = read_remittance(work.deps.database, claim.organization_id, waited.remittance_id)
        one, message_id = found.payment(waited.number), found.row.message_id
        early = replace(work, header=found.header, message_id=message_id, outcome=MessageOutcome())
        following = claim_that_is_paid(work.session, claim, found.header, one.payment)
        posting = post_payment(early, following, one) if following is not claim else None
        if posting is not None:
            end_waiting(work, waited, PaymentEvent.POST, following)
            _settle_earlier(work, remittance, {waited.remittance_id})
            message = work.session.get_one(MessageRow, (claim.organization_id, message_id))
            _record(early, message, following, one, posting)


def _record(work: PostingWork, row: MessageRow, claim: ClaimRow, one: NumberedPayment, posting: Posting | None) -> None:
    """An entry of the claim's timeline."""
    ids, named = work.deps.ids, one.payment.claim_number
    if posting is None:
        why = work.outcome.reasons[-1]
        kind, summary, codes = TimelineKind.PAYMENT_NOT_POSTED, why.message, [why.code]
        record_claim_answer(work.session, ids, row, claim, kind, summary, at=work.now, claim_number=named, codes=codes)
        return
    kind, moved = TimelineKind.PAYMENT_POSTED, balances(posting.entries)
    codes = list(dict.fromkeys(f"{one.group}-{one.reason}" for one in posting.adjustments))
    summary = posting_sentence(moved, reversal=posting.reversal)
    record_claim_answer(
        work.session,
        ids,
        row,
        claim,
        kind,
        summary,
        at=work.now,
        claim_number=named,
        codes=codes,
        moved=moved,
        payment=one.digest,
    )


def _unknown(work: PostingWork, one: NumberedPayment) -> None:
    work.outcome.leave_unresolved(
        code="claim_unknown",
        message=f"{format_dollars(one.payment.paid_cents)} were paid on a claim number that is not known.",
        pointer="/CLP/1",
        fix="Match it to the claim that it is for (its suggestions say which it may be), or set it aside.",
    )


def _message_of(work: PostingWork, remittance: RemittanceRow, waited: RemittancePaymentRow) -> str:
    """The message in which a payment came first."""
    if waited.remittance_id == remittance.id:
        return remittance.message_id
    first = remittance_store.remittance(work.session, waited.organization_id, waited.remittance_id)
    return first.message_id if first is not None else ""


def _waits_elsewhere(claims: int) -> MessageOutcome:
    outcome = MessageOutcome(claims=claims)
    outcome.note(
        code="payment_waits_already",
        message="The same payment came in an earlier message, where it waits for a person.",
        pointer="/CLP/1",
        fix="Nothing to do here: decide it where it came first.",
    )
    return outcome


def _settle_earlier(work: PostingWork, remittance: RemittanceRow, remittance_ids: set[str]) -> None:
    """The remittances in which payments had waited that this one may have posted after all, each once."""
    for first_id in sorted(remittance_ids - {remittance.id}):
        first = remittance_store.remittance(work.session, remittance.organization_id, first_id)
        if first is not None:
            settle_remittance(work, first)
            resolve_message(work, first)
