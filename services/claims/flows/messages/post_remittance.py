"""835: each claim payment is posted exactly once, one 835 transaction in one database transaction.

A payment is known by a digest of its content (payer, trace, claim, amounts, services); one that comes again, in the
same message or in a re-issued one, has the same digest and posts nothing. Two equal payments of one remittance differ
in their count, which goes into the digest of all but the first.
"""

import hashlib
from collections import Counter
from datetime import datetime

from sqlmodel import Session

from services.claims.domain.adjustment_meaning import adjustment_meaning
from services.claims.domain.ledger import Account, Balances, balances
from services.claims.domain.lifecycle import CLAIM_LIFECYCLE, ClaimEvent, ClaimState
from services.claims.domain.payer_responses import OPEN, AdjustmentResponse, PaymentResponse
from services.claims.domain.remittance import (
    AdjustmentClassifier,
    ClassifiedAdjustment,
    PostedAdjustment,
    Posting,
    largest_amount,
    payment_digest,
    post,
)
from services.claims.domain.timeline import TimelineKind
from services.claims.domain.wire_code import wire_code
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.messages.message_outcome import MessageOutcome
from services.claims.flows.record_timeline import record_claim_answer
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow, MessageRow, PostingRow
from shared import x12
from shared.money import MAX_AMOUNT_CENTS, format_dollars

ACCOUNTS = {"patient": Account.PATIENT, "write_off": Account.WRITTEN_OFF}
FORWARDED = frozenset({"19", "20", "21", "23"})
FORECAST = "25"
"""CLP02 of a predetermination: it says what would be paid; no money moves."""
MEANINGS = {account: who_owes for who_owes, account in ACCOUNTS.items()}


def apply_remittance(
    session: Session,
    deps: Dependencies,
    row: MessageRow,
    transaction: x12.ReadTransaction,
    now: datetime,
    outcome: MessageOutcome,
) -> None:
    """Post every claim payment that matches a claim; one that matches none is reported with its position and amount."""
    header = transaction.header
    if not isinstance(header, x12.Remittance):
        outcome.leave_unresolved(
            code="remittance_without_header",
            message="The remittance has no readable header.",
            pointer="/BPR",
            fix="Ask for it again.",
        )
        return
    # Counted from zero in each transaction, so that in a re-issued remittance the twins have the same digests again.
    seen: Counter[str] = Counter()
    for place, record in enumerate(transaction.records, 1):
        match record:
            case x12.ClaimPayment() as payment:
                digest = payment_digest(header, payment)
                seen[digest] += 1
                if seen[digest] > 1:
                    digest = hashlib.sha256(f"{digest}|{seen[digest]}".encode()).hexdigest()
                _post_payment(session, deps, row, header, payment, digest, now, outcome)
            case x12.ProviderAdjustment(items=items):
                for item in items:
                    outcome.note(
                        code="provider_adjustment",
                        message=f"{format_dollars(item.amount_cents)} belong to no claim ({wire_code(item.reason)}).",
                        pointer=f"/records/{place}/PLB",
                        fix="Record it in the practice's own accounts.",
                    )
            case _:
                pass


def _post_payment(
    session: Session,
    deps: Dependencies,
    row: MessageRow,
    header: x12.Remittance,
    payment: x12.ClaimPayment,
    digest: str,
    now: datetime,
    outcome: MessageOutcome,
) -> None:
    number = store.number(session, row.organization_id, payment.claim_number)
    claim = store.claim(session, row.organization_id, number.claim_id) if number else None
    if claim is None:
        outcome.leave_unresolved(
            code="claim_unknown",
            message=f"{format_dollars(payment.paid_cents)} were paid on a claim number that is not known.",
            pointer="/CLP/1",
            fix="Look for the claim by member, date and charge, then release the message or leave it in quarantine.",
        )
        return
    outcome.claims += 1
    posting = _post(session, deps, row, claim, header, payment, digest, now, outcome)
    named, ids = payment.claim_number, deps.ids
    if posting is None:
        why = outcome.reasons[-1]
        kind, summary, codes = TimelineKind.PAYMENT_NOT_POSTED, why.message, [why.code]
        record_claim_answer(session, ids, row, claim, kind, summary, at=now, claim_number=named, codes=codes)
        return
    kind, moved = TimelineKind.PAYMENT_POSTED, balances(posting.entries)
    codes = list(dict.fromkeys(f"{one.group}-{one.reason}" for one in posting.adjustments))
    summary = _sentence(moved, reversal=posting.reversal)
    record_claim_answer(session, ids, row, claim, kind, summary, at=now, claim_number=named, codes=codes, moved=moved)


def _post(
    session: Session,
    deps: Dependencies,
    row: MessageRow,
    claim: ClaimRow,
    header: x12.Remittance,
    payment: x12.ClaimPayment,
    digest: str,
    now: datetime,
    outcome: MessageOutcome,
) -> Posting | None:
    """What was posted. None if nothing was posted: the last reason in `outcome` says why."""
    if not _may_be_posted(session, claim, payment, digest, outcome):
        return None
    source = claim.document.source
    classifier = _classifier(source.profile.program, notice_on_file=source.notice_on_file)
    # Under an earlier claim number the lines may have been others, so a line is then found by what it bills.
    posting = post(payment, claim.claim_number, claim.document.claim.lines, classifier)
    # All of a payment or nothing: with a part of it the balances would be wrong and look right.
    if posting.unmatched_services:
        outcome.leave_unresolved(
            code="service_unknown",
            message=f"Service {posting.unmatched_services[0]} of a claim payment matches no line of the claim.",
            pointer=f"/CLP/SVC/{posting.unmatched_services[0]}",
            fix="Compare the lines with the claim, then post it by hand.",
        )
        return None
    session.add(
        # The digest is the primary key: two workers with two copies of one remittance cannot both commit it.
        PostingRow(organization_id=row.organization_id, id=digest, claim_id=claim.id, message_id=row.id, posted_at=now)
    )
    store.book(session, deps.ids, claim, posting.entries, posted_at=now, source_id=row.id)
    responses = claim.document.responses.with_payment(_response(header, payment, posting, digest))
    claim.document = claim.document.with_responses(responses)
    transition_claim(session, deps.ids, claim, now, ClaimEvent.REMITTED)
    return posting


def _may_be_posted(
    session: Session, claim: ClaimRow, payment: x12.ClaimPayment, digest: str, outcome: MessageOutcome
) -> bool:
    """Whether this payment moves money of this claim now. If not, a reason in `outcome` says why."""
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
            fix="Ask the payer; leave it in quarantine if it is a mistake.",
        )
        return False
    # Before the state is looked at: a repeat is nobody's work, whatever has become of the claim since.
    if store.was_posted(session, claim.organization_id, digest):
        outcome.note(
            code="payment_posted_before",
            message="The same payment was posted from an earlier message.",
            pointer="/CLP/1",
            fix="Nothing to do.",
        )
        return False
    if not CLAIM_LIFECYCLE.allows(ClaimState(claim.state), ClaimEvent.REMITTED):
        outcome.leave_unresolved(
            code="claim_not_submitted",
            message=f"{format_dollars(payment.paid_cents)} were paid on a claim that has not been submitted.",
            pointer="/CLP/1",
            fix="Compare it with the claim; release it once the claim is submitted, otherwise leave it in quarantine.",
        )
        return False
    return True


def _sentence(moved: Balances, *, reversal: bool) -> str:
    """What a posted payment did, in dollars."""
    parts = (
        f"{format_dollars(moved.paid_cents)} paid",
        f"{format_dollars(moved.written_off_cents)} written off",
        f"{format_dollars(moved.patient_cents)} to the patient",
    )
    act = "An earlier payment was reversed" if reversal else "A payment was posted"
    return f"{act}: {', '.join(parts)}."


def _classifier(program: str, *, notice_on_file: bool) -> AdjustmentClassifier:
    def classify(group: str, reason: str, remarks: tuple[str, ...]) -> ClassifiedAdjustment:
        found = adjustment_meaning(group, reason, remarks, program, notice_on_file=notice_on_file)
        return ClassifiedAdjustment(ACCOUNTS.get(found.who_owes, Account.INSURER), found.next_action, found.label)

    return classify


def _response(header: x12.Remittance, payment: x12.ClaimPayment, posting: Posting, digest: str) -> PaymentResponse:
    return PaymentResponse(
        paid_on=header.payment_date,
        digest=digest,
        charge_cents=payment.charge_cents,
        paid_cents=payment.paid_cents,
        reversal=posting.reversal,
        forwarded=payment.status in FORWARDED,
        payer_claim_number=payment.payer_claim_number,
        adjustments=tuple(_adjustment(one) for one in posting.adjustments),
    )


def _adjustment(one: PostedAdjustment) -> AdjustmentResponse:
    return AdjustmentResponse(
        line_number=one.line_number or None,
        group=one.group,
        reason_code=one.reason,
        remark_codes=one.remarks,
        amount_cents=one.amount_cents,
        label=one.classified.label,
        meaning=MEANINGS.get(one.classified.account, OPEN),
        next_action=one.classified.next_action,
    )
