"""A remittance that was read is recorded, and so is each of its payments that waits for a person, and why.

A claim that a payment waits for says so as its next action. Once every payment of a message is decided, the message is
over: it counts as applied.
"""

from collections.abc import Sequence

from services.claims.domain.message_lifecycle import MESSAGE_LIFECYCLE, MessageEvent, MessageState
from services.claims.domain.remittances.numbered_payments import (
    NumberedPayment,
    is_cut_off,
    numbered_payments,
    provider_adjustments,
    remittance_digest,
)
from services.claims.domain.remittances.payer_identifier import payer_identifier
from services.claims.domain.remittances.payment_states import (
    CUT_OFF,
    DECIDED_BY_PAYMENT,
    MESSAGE_WAITS,
    PAYMENT_LIFECYCLE,
    RELEASE_TAKEN_BACK,
    UNMATCHED,
    PaymentEvent,
    PaymentState,
    RemittanceState,
    code_after_unmatching,
)
from services.claims.domain.sanitize import sanitize
from services.claims.domain.wire_code import wire_code
from services.claims.flows.claim.transition_claim import local_today, transition_claim
from services.claims.flows.messages.message_outcome import BLOCK, finding
from services.claims.flows.messages.message_task import task_of_message
from services.claims.flows.opening.named_claim import named_claim
from services.claims.flows.remittances.post_payment import FORECAST, PostingWork
from services.claims.store import claims as claim_store
from services.claims.store import exchange
from services.claims.store import remittances as store
from services.claims.store.remittance_tables import PAYER_FIELD, TRACE_FIELD, RemittancePaymentRow, RemittanceRow
from services.claims.store.tables import ClaimRow
from shared import x12
from shared.database.operations import add_event

METHOD_LENGTH = 3
LARGEST_STORED_CENTS = 10**15
"""No column holds what a mistaken file may claim; the message itself has it as it came."""


def record_remittance(
    work: PostingWork, organization_id: str, payments: Sequence[NumberedPayment], records: Sequence[object]
) -> RemittanceRow:
    """The row of this remittance, a new one where its content has not come before."""
    header, vault = work.header, work.deps.database.vault
    digest = remittance_digest(header, payments, provider_adjustments(records))
    found = store.remittance_of_digest(work.session, organization_id, digest)
    if found is not None:
        return found
    payer = payer_identifier(header)
    row = RemittanceRow(
        organization_id=organization_id,
        id=work.deps.ids("era"),
        digest=digest,
        message_id=work.message_id,
        payer_name=header.payer.name,
        payer_identifier=payer,
        payer_blind=vault.blind(organization_id, PAYER_FIELD, payer),
        trace=header.trace.value,
        trace_blind=vault.blind(organization_id, TRACE_FIELD, header.trace.value),
        method=sanitize(wire_code(header.method), METHOD_LENGTH),
        amount_cents=stored_cents(header.payment_cents),
        paid_on=header.payment_date,
        received_at=work.now,
        payments=len(payments),
        state=RemittanceState.READ,
    )
    work.session.add(row)
    work.session.flush()
    return row


def let_wait(
    work: PostingWork, remittance: RemittanceRow, one: NumberedPayment, code: str, claim: ClaimRow | None
) -> None:
    """Record that a payment waits, and let the claim that it names say so."""
    today = work.now.date() if claim is None else local_today(claim, work.now)
    work.session.add(
        RemittancePaymentRow(
            organization_id=remittance.organization_id,
            id=one.digest,
            remittance_id=remittance.id,
            number=one.number,
            claim_id=claim.id if claim is not None else None,
            paid_cents=stored_cents(one.payment.paid_cents),
            code=code,
            waits_since=today,
            state=PaymentState.WAITING,
        )
    )
    if claim is not None:
        transition_claim(work.session, work.deps.ids, claim, work.now)


def let_whole_message_wait(work: PostingWork, organization_id: str, transaction: x12.ReadTransaction) -> None:
    """Nothing of a message was applied: each payment in it that was not posted before waits."""
    payments = numbered_payments(work.header, transaction.records)
    digests = [one.digest for one in payments]
    known = {
        *store.payments_by_digest(work.session, organization_id, digests),
        *store.postings_by_digest(work.session, organization_id, digests),
    }
    remittance = record_remittance(work, organization_id, payments, transaction.records)
    trace = remittance.trace_blind
    half = len(payments) if is_cut_off(transaction) else None
    for one in payments:
        if one.digest not in known and one.payment.status != FORECAST:
            why = CUT_OFF if one.number == half else MESSAGE_WAITS
            claim = named_claim(work.session, work.deps, organization_id, one.payment.claim_number)
            if why == CUT_OFF and claim and store.postings_under(work.session, organization_id, claim.id, trace):
                continue  # the whole of it is here already
            let_wait(work, remittance, one, why, claim)
    settle_remittance(work, remittance)


def end_half_payments(work: PostingWork, remittance: RemittanceRow, claim: ClaimRow) -> None:
    """What a remittance that was cut off left of a payment waits no more once the claim was paid under its trace."""
    for row in store.waiting_for_claim(work.session, claim.organization_id, claim.id):
        cut = store.remittance(work.session, claim.organization_id, row.remittance_id)
        if row.code == CUT_OFF and cut is not None and cut.trace_blind == remittance.trace_blind:
            end_waiting(work, row, PaymentEvent.SET_ASIDE, None)
            settle_remittance(work, cut)


def end_waiting(work: PostingWork, row: RemittancePaymentRow, event: PaymentEvent, claim: ClaimRow | None) -> None:
    """A payment waits no more. `claim` is the one that it was posted to; the one that it named before says no more that
    a payment waits for it."""
    before = row.claim_id
    row.state = PAYMENT_LIFECYCLE.step(PaymentState(row.state), event)
    if claim is not None:
        row.claim_id = claim.id
    work.session.add(row)
    work.session.flush()
    for claim_id in {before, row.claim_id} - {None}:
        named = claim_store.claim(work.session, row.organization_id, str(claim_id))
        if named is not None:
            transition_claim(work.session, work.deps.ids, named, work.now)


def wait_again(
    work: PostingWork,
    remittance: RemittanceRow,
    one: NumberedPayment,
    row: RemittancePaymentRow | None,
    posted_from: str | None = None,
) -> None:
    """A payment that was set aside, or was posted from a message, waits again; `row` is None of one that never waited.
    A posted one waits for the claim that it names, if any."""
    claim = named_claim(work.session, work.deps, remittance.organization_id, one.payment.claim_number)
    if row is None:
        let_wait(work, remittance, one, UNMATCHED, claim)
        return
    if posted_from is not None:
        row.claim_id = claim.id if claim is not None else None
        row.code = code_after_unmatching(row.code, released=posted_from == remittance.message_id)
    row.state = PAYMENT_LIFECYCLE.step(PaymentState(row.state), PaymentEvent.UNMATCH)
    work.session.add(row)
    work.session.flush()
    if claim is not None and row.claim_id == claim.id:
        transition_claim(work.session, work.deps.ids, claim, work.now)


def settle_remittance(work: PostingWork, row: RemittanceRow) -> None:
    """Work out anew how much of a remittance waits; the feed says when that changes."""
    work.session.flush()
    before = (row.state, row.waiting)
    row.waiting = store.waiting_count(work.session, row.organization_id, row.id)
    row.state = RemittanceState.WAITING if row.waiting else RemittanceState.POSTED
    work.session.add(row)
    if (row.state, row.waiting) != before:
        add_event(
            work.session,
            work.deps.ids,
            organization_id=row.organization_id,
            at=work.now,
            kind=f"remittance.{row.state}",
            subject_id=row.id,
            data={"message_id": row.message_id, "payments": row.payments, "waiting": row.waiting},
        )


def resolve_message(work: PostingWork, row: RemittanceRow, *, whole: bool = False) -> None:
    """A quarantined message whose every payment is decided, and in which nothing else waits, counts as applied, and
    nothing is to be done about it; so does one that a person has set aside as a `whole`, whatever else is wrong with
    it."""
    session, organization_id, message_id = work.session, row.organization_id, row.message_id
    message = exchange.message(session, organization_id, message_id)
    if message is None or message.state != MessageState.QUARANTINED:
        return
    others = [one for one in message.reasons if one.severity == BLOCK and one.code not in DECIDED_BY_PAYMENT]
    if (others and not whole) or any(
        one.waiting for one in store.remittances_of_message(session, organization_id, message_id)
    ):
        return
    message.state = MESSAGE_LIFECYCLE.step(MessageState(message.state), MessageEvent.RESOLVE)
    message.reasons = [one for one in message.reasons if one.code not in DECIDED_BY_PAYMENT]
    session.add(message)
    task_of_message(session, work.deps.ids, message, work.now)


def reopen_message(work: PostingWork, row: RemittanceRow, code: str) -> None:
    """A message that was over waits again for a person, who has taken back what was decided about a payment in it that
    waits because of `code`."""
    message = exchange.message(work.session, row.organization_id, row.message_id)
    if message is None or message.state not in (MessageState.APPLIED, MessageState.QUARANTINED):
        return
    if code in (MESSAGE_WAITS, CUT_OFF):
        why = finding(
            code=RELEASE_TAKEN_BACK,
            severity=BLOCK,
            message="A person took back what its release, or a decision about a payment in it, had done.",
            pointer="/CLP",
            fix="Release it again, decide each payment that waits, or have it sent again.",
        )
    else:
        why = finding(
            code=UNMATCHED,
            severity=BLOCK,
            message="A person took back what was decided about a payment in it.",
            pointer="/CLP/1",
            fix="Match the payment to the claim that it is for (its suggestions say which it may be), or set it aside.",
        )
    if why not in message.reasons:
        message.reasons = [*message.reasons, why]
    if message.state == MessageState.APPLIED:
        message.state = MESSAGE_LIFECYCLE.step(MessageState.APPLIED, MessageEvent.REOPEN)
    work.session.add(message)
    task_of_message(work.session, work.deps.ids, message, work.now)


def stored_cents(cents: int) -> int:
    """An amount as a column holds it."""
    return max(-LARGEST_STORED_CENTS, min(LARGEST_STORED_CENTS, cents))
