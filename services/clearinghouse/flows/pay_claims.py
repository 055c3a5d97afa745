"""A payer's payment to one payee on one day: decisions claim by claim, and one 835 that adds up.

A replacement takes back what its original got (CLP02 22) and is decided anew without it; a void only takes back.
"""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from sqlmodel import Session

from services.clearinghouse.domain.accumulators import PastClaim
from services.clearinghouse.domain.adjudication import (
    DENIED_UNTIL_REPLACED,
    DUPLICATE,
    NOBODY_KNOWN,
    TAKEN_BACK_BEFORE,
    UNNECESSARY,
    adjudicate,
    refuse,
)
from services.clearinghouse.domain.claim_from_837p import claim_from
from services.clearinghouse.domain.edits import Arrival, member_of
from services.clearinghouse.domain.lifecycle import CLAIM_LIFECYCLE, Event, State
from services.clearinghouse.domain.messages.interchange import MessageHeader
from services.clearinghouse.domain.messages.remittance import PaidClaim, Payment, payment_of
from services.clearinghouse.domain.messages.remittance_forms import RemittanceMessage, in_forms
from services.clearinghouse.domain.outcomes import ClaimOutcome, reversal_of
from services.clearinghouse.domain.scenarios import (
    DENIED_AS_UNNECESSARY,
    REPLACEMENT_DUPLICATE,
    REPLACEMENT_PAID,
    Scenario,
)
from services.clearinghouse.domain.submitted_claim import ORIGINAL, REPLACEMENT, VOID
from services.clearinghouse.flows.dependencies import Dependencies
from services.clearinghouse.flows.send_messages import post
from services.clearinghouse.store import BalanceRow, ClaimRow, adjudicated_of, original_of
from shared import x12
from shared.dates import local_date


def pay(deps: Dependencies, session: Session, rows: Sequence[ClaimRow]) -> None:
    """Decide the claims of one payer and payee that are due at one moment, and pay them in one 835."""
    paid: list[PaidClaim] = []
    # The earlier visit meets the deductible first, whatever order the claims came in.
    for row in sorted(rows, key=by_service_date):
        paid += _settle(deps, session, row)
    remit(deps, session, rows, paid, rows[0].pay_at)


def remit(
    deps: Dependencies, session: Session, rows: Sequence[ClaimRow], paid: Sequence[PaidClaim], at: datetime
) -> None:
    """Send one payer's entries for one payee in an 835, in the forms that the claims' scenarios ask for."""
    first = rows[0]
    balance = _balance(session, first)
    names = {name for row in rows for name in row.scenarios.split("+")}
    messages: list[RemittanceMessage] = []

    def first_content(message: MessageHeader) -> str:
        payment = _payment(deps, tuple(paid), first, message, balance.owing_cents)
        messages.extend(in_forms(payment, names))
        return messages[0].written(message)

    sent = post(deps, session, first.organization_id, kind="835", at=at, content_of=first_content)
    for one in messages[1:]:

        def content_of(message: MessageHeader, one: RemittanceMessage = one, before: str = sent.content) -> str:
            return before if one.repeats else one.written(message)

        sent = post(deps, session, first.organization_id, kind="835", at=at, content_of=content_of)
    balance.owing_cents = max(one.payment.owing_cents for one in messages)
    session.add(balance)


def asked(row: ClaimRow, scenario: Scenario) -> bool:
    return scenario.name in row.scenarios.split("+")


def _payment(
    deps: Dependencies, paid: tuple[PaidClaim, ...], row: ClaimRow, message: MessageHeader, owing: int
) -> Payment:
    payer = deps.payers[row.payer_id]
    today = message.at.date()
    trace = f"{payer.id}{today:%y%m%d}{message.number:06d}"
    return payment_of(payer, paid[0].claim.billing_provider, paid, trace=trace, today=today, owing_cents=owing)


def by_service_date(row: ClaimRow) -> tuple[date, int]:
    first = claim_from(record_of(row)).first_service_date
    return first or date.max, row.sequence


def record_of(row: ClaimRow) -> x12.Claim837P:
    return msgspec.json.decode(row.record, type=x12.Claim837P)


def outcome_of(row: ClaimRow) -> ClaimOutcome:
    assert row.outcome is not None, "an adjudicated claim has an outcome"
    return msgspec.json.decode(row.outcome, type=ClaimOutcome)


def _settle(deps: Dependencies, session: Session, row: ClaimRow) -> list[PaidClaim]:
    """All entries that one claim brings to the 835: a reversal first, where it corrects another."""
    record = record_of(row)
    received_on = local_date(row.received_at, deps.zone)
    entries: list[PaidClaim] = []
    if record.frequency != ORIGINAL and not (record.frequency == REPLACEMENT and asked(row, REPLACEMENT_DUPLICATE)):
        original = original_of(session, row.organization_id, row.payer_id, record.reference("F8"))
        if original is not None:
            entries.append(_reverse(deps, session, original))
    if record.frequency == VOID and entries:
        outcome = ClaimOutcome(record.claim_number, row.payer_control_number, "1", ())
    else:
        outcome = _decide(deps, session, row, received_on)
        entries.append(PaidClaim(record, outcome, received_on))
    row.state = CLAIM_LIFECYCLE.step(State(row.state), Event.ADJUDICATE)
    row.outcome = msgspec.json.encode(outcome).decode()
    row.due_at = None
    session.add(row)
    session.flush()
    return entries


def _reverse(deps: Dependencies, session: Session, original: ClaimRow) -> PaidClaim:
    # Before the replacement is decided, whose history must not hold the claim that it replaces.
    original.state = CLAIM_LIFECYCLE.step(State(original.state), Event.REVERSE)
    original.due_at = None
    session.add(original)
    session.flush()
    received_on = local_date(original.received_at, deps.zone)
    return PaidClaim(record_of(original), reversal_of(outcome_of(original)), received_on)


def _decide(deps: Dependencies, session: Session, row: ClaimRow, received_on: date) -> ClaimOutcome:
    payer = deps.payers[row.payer_id]
    claim = claim_from(record_of(row))
    member = member_of(Arrival(claim, payer, received_on))
    if member is None:
        return refuse(claim, row.payer_control_number, NOBODY_KNOWN)
    history = history_of(session, row)
    if claim.frequency == VOID:
        return refuse(claim, row.payer_control_number, TAKEN_BACK_BEFORE)
    if claim.frequency == REPLACEMENT and asked(row, REPLACEMENT_DUPLICATE):
        return refuse(claim, row.payer_control_number, DUPLICATE)
    if asked(row, DENIED_AS_UNNECESSARY):
        return refuse(claim, row.payer_control_number, UNNECESSARY)
    if claim.frequency == ORIGINAL and asked(row, REPLACEMENT_PAID):
        return refuse(claim, row.payer_control_number, DENIED_UNTIL_REPLACED)
    return adjudicate(
        payer, member, claim, history, received_on=received_on, payer_control_number=row.payer_control_number
    )


def history_of(session: Session, row: ClaimRow) -> tuple[PastClaim, ...]:
    """The person's other claims that stand, as decided."""
    return tuple(
        PastClaim(claim_from(record_of(past)), outcome_of(past))
        for past in adjudicated_of(session, row.person)
        if past.id != row.id
    )


def _balance(session: Session, row: ClaimRow) -> BalanceRow:
    place = f"{row.payer_id[:50]}|{row.payee_npi[:12]}"
    found = session.get(BalanceRow, (row.organization_id, place))
    return found or BalanceRow(organization_id=row.organization_id, id=place, owing_cents=0)
