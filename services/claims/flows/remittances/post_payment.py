"""One claim payment is posted to one claim exactly once, whole or not at all; what keeps it from that is said.

A payment is known by a digest of its content (payer, trace, claim, amounts, services); one that comes again, in the
same message or in a re-issued one, has the same digest and posts nothing. One that another source has brought in
other words (a typed paper and its 835) is known by trace, claim and amounts, and waits for a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace
from sqlmodel import Session

from services.claims.domain.ledger import Balances
from services.claims.domain.lifecycle import ClaimEvent, ClaimState
from services.claims.domain.next_payer import FIRST_PAYER, answered_before, answered_by_earlier_payers
from services.claims.domain.remittance import NOTHING_BY_HAND, Posting, largest_amount, post
from services.claims.domain.remittances.numbered_payments import NumberedPayment
from services.claims.domain.remittances.payment_response import classifier, payment_response
from services.claims.domain.remittances.payment_states import BEFORE_FORWARDING, POSTED_OTHERWISE
from services.claims.flows.claim.submissions import (
    Submission,
    answer_earlier,
    named_submission,
    remitted,
    takes_payments,
)
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.messages.message_outcome import MessageOutcome
from services.claims.flows.remittances.forwarded_claims import (
    add_forwarded_claim,
    comes_before_forwarding,
    is_of_unknown_payer,
)
from services.claims.flows.scrub.expected_payment import underpayment_of
from services.claims.store import claims as store
from services.claims.store import remittances as remittance_store
from services.claims.store.posting_sources import source_of_payment
from services.claims.store.remittance_tables import TRACE_FIELD
from services.claims.store.tables import ClaimRow, PostingRow
from shared import x12
from shared.money import MAX_AMOUNT_CENTS, format_dollars

FORECAST = "25"
"""CLP02 of a predetermination: it says what would be paid; no money moves."""


@dataclass(frozen=True, slots=True)
class PostingWork:
    """The transaction in which payments of one remittance are posted; `message_id` is the message that has it.
    `decided`: a person has decided that this very payment is to be posted."""

    session: Session
    deps: Dependencies
    header: x12.Remittance
    message_id: str
    now: datetime
    outcome: MessageOutcome
    decided: bool = False


def post_payment(
    work: PostingWork, claim: ClaimRow, one: NumberedPayment, lines: Mapping[int, int] = NOTHING_BY_HAND
) -> Posting | None:
    """What was posted. None if nothing was posted: the last reason in the outcome says why. `lines` are the claim's
    lines of services that a person has matched, by position."""
    submission = named_submission(work.session, claim, one.payment.claim_number)
    known = _is_in_opening_balance, _is_for_a_person
    if not _may_be_posted(work, claim, submission, one) or any(is_here(work, claim, one.payment) for is_here in known):
        return None
    source = submission.document.source
    classify = classifier(source.profile.program, notice_on_file=source.notice_on_file)
    # A forwarded claim is known to its payer by the number of the claim that was forwarded, one that was sent elsewhere
    # by the number that it was given there.
    unsent = claim.document.chain.sent_by_earlier_payer or claim.document.sent_elsewhere is not None
    known_as = one.payment.claim_number if unsent else submission.claim_number
    answered = _answered_before(work.session, claim)
    posting = post(one.payment, known_as, submission.document.claim.billed_lines, classify, lines, answered)
    # All of a payment or nothing: with a part of it the balances would be wrong and look right.
    if posting.unmatched_services:
        work.outcome.leave_unresolved(
            code="service_unknown",
            message=f"Service {posting.unmatched_services[0]} of a claim payment matches no line of the claim.",
            pointer=f"/CLP/SVC/{posting.unmatched_services[0]}",
            fix="Match it to the claim, and say which service is which line.",
        )
        return None
    session = work.session
    session.add(
        # The digest is the primary key: two workers with two copies of one remittance cannot both commit it.
        PostingRow(
            organization_id=claim.organization_id,
            id=one.digest,
            claim_id=claim.id,
            message_id=work.message_id,
            posted_at=work.now,
        )
    )
    source_id = source_of_payment(work.message_id, one.digest)
    store.book(session, work.deps.ids, claim, posting.entries, posted_at=work.now, source_id=source_id)
    response = payment_response(work.header.payment_date, one, posting, submission.place, submission.covers)
    responses = claim.document.responses.with_payment(response)
    claim.document = claim.document.with_responses(responses)
    compare_allowed(session, work.deps, claim)
    answer_earlier(session, submission, ClaimEvent.REMITTED)
    event = remitted(session, work.deps, claim, submission, work.now)
    transition_claim(session, work.deps.ids, claim, work.now, event)
    if responses.forwarded:
        add_forwarded_claim(session, work.deps, claim, work.now, message_id=work.message_id)
    return posting


def compare_allowed(session: Session, deps: Dependencies, claim: ClaimRow) -> None:
    """Work out anew which lines the payer allowed too little for."""
    with session.no_autoflush:
        short = underpayment_of(session, deps, claim.organization_id, claim.document)
    claim.document = replace(claim.document, underpayment=short)


def _answered_before(session: Session, claim: ClaimRow) -> Mapping[int, int]:
    """What earlier payers had answered for; of a claim to a first payer nothing, and no question of the database. One
    that is voided has given it back, and has it again with the payment."""
    if claim.document.claim.sequence == FIRST_PAYER:
        return {}
    if claim.state == ClaimState.VOIDED:
        return answered_by_earlier_payers(claim.document.claim)
    return answered_before(store.entries(session, claim.organization_id, [claim.id])[claim.id])


def posting_sentence(moved: Balances, *, reversal: bool) -> str:
    """What a posted payment did, in dollars."""
    parts = (
        f"{format_dollars(moved.paid_cents)} paid",
        f"{format_dollars(moved.written_off_cents)} written off",
        f"{format_dollars(moved.patient_cents)} to the patient",
    )
    act = "An earlier payment was reversed" if reversal else "A payment was posted"
    return f"{act}: {', '.join(parts)}."


def _may_be_posted(work: PostingWork, claim: ClaimRow, submission: Submission, one: NumberedPayment) -> bool:
    """Whether this payment moves money of this claim now. If not, a reason in the outcome says why."""
    payment, outcome = one.payment, work.outcome
    if payment.status == FORECAST:
        outcome.note(
            code="payment_forecast",
            message="It is a predetermination of payment; nothing was posted.",
            pointer="/CLP/2",
            fix="Nothing to do: the payment itself comes later.",
        )
        return False
    if largest_amount(payment) > MAX_AMOUNT_CENTS:
        outcome.leave_unresolved(
            code="amount_beyond_limit",
            message=f"An amount is more than {format_dollars(MAX_AMOUNT_CENTS)}; nothing of this payment was posted.",
            pointer="/CLP/3",
            fix="Ask the payer; set it aside if it is a mistake.",
        )
        return False
    # Before the state is looked at: a repeat is nobody's work, whatever has become of the claim since.
    if store.was_posted(work.session, claim.organization_id, one.digest):
        outcome.note(
            code="payment_posted_before",
            message="The same payment was posted from an earlier message.",
            pointer="/CLP/1",
            fix="Nothing to do.",
        )
        return False
    if is_of_unknown_payer(claim, payment) and not work.decided:
        outcome.leave_unresolved(
            code="next_payer_unknown",
            message="A later payer has answered the claim that was forwarded to it, and none is on file.",
            pointer="/CLP/2",
            fix="Record the patient's other coverage and bill it (`bill-secondary`); then post what waits.",
        )
        return False
    if not takes_payments(work.session, claim, submission):
        outcome.leave_unresolved(
            code="claim_not_submitted",
            message=f"{format_dollars(payment.paid_cents)} were paid on a claim that has not been submitted.",
            pointer="/CLP/1",
            fix="Compare it with the claim; post it once the claim is submitted, or set it aside.",
        )
        return False
    return True


def _is_for_a_person(work: PostingWork, claim: ClaimRow, payment: x12.ClaimPayment) -> bool:
    """Whether it may be no payment of this claim, or no other money than was posted, and nobody has decided that."""
    if work.decided:
        return False
    return _comes_too_early(work, claim, payment) or _came_from_elsewhere(work, claim, payment)


def _comes_too_early(work: PostingWork, claim: ClaimRow, payment: x12.ClaimPayment) -> bool:
    """Whether it is the next payer's answer to a claim that this one's payer is not known to have forwarded."""
    if not comes_before_forwarding(claim, work.header, payment):
        return False
    paid = format_dollars(payment.paid_cents)
    work.outcome.leave_unresolved(
        code=BEFORE_FORWARDING,
        message=f"{paid} are the next payer's, of a claim that its payer is not known to have forwarded.",
        pointer="/CLP/1",
        fix="Wait for the remittance of the payer before, which says so; or bill the next payer and match it there.",
    )
    return True


def _came_from_elsewhere(work: PostingWork, claim: ClaimRow, payment: x12.ClaimPayment) -> bool:
    """Whether another message has paid the same amounts on this claim under the same trace."""
    amounts, owner, header = (payment.charge_cents, payment.paid_cents), claim.organization_id, work.header
    alike = {one.digest for one in claim.document.responses.payments if (one.charge_cents, one.paid_cents) == amounts}
    if not alike:
        return False
    trace = work.deps.database.vault.blind(owner, TRACE_FIELD, header.trace.value)
    posted = remittance_store.postings_under(work.session, owner, claim.id, trace)
    if not any(one.id in alike and one.message_id != work.message_id for one in posted):
        return False
    work.outcome.leave_unresolved(
        code=POSTED_OTHERWISE,
        message=f"{format_dollars(payment.paid_cents)} were posted on this claim under the same trace already.",
        pointer="/CLP/1",
        fix="Set it aside if it is the same money; match it to the claim if the payer has paid twice.",
    )
    return True


def _is_in_opening_balance(work: PostingWork, claim: ClaimRow, payment: x12.ClaimPayment) -> bool:
    """Whether the payment is of a day whose figures the claim's opening balance has; then a person decides."""
    elsewhere, paid_on = claim.document.sent_elsewhere, work.header.payment_date
    if work.decided or elsewhere is None or paid_on > elsewhere.as_of:
        return False
    work.outcome.leave_unresolved(
        code="in_opening_balance",
        message=f"{format_dollars(payment.paid_cents)} of {paid_on} are in the opening balance of {elsewhere.as_of}.",
        pointer="/CLP/1",
        fix="Set it aside if the balance has it; match it to the claim if it was left out there.",
    )
    return True
