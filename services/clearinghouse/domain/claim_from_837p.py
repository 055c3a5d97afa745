"""From an 837P record to the flat claim that edits and adjudication work on.

Nothing is judged here: what is missing stays empty, and the edits say so. What earlier payers did is taken from the
lines where it stands there, else spread over the lines in order from the claim's own amounts.
"""

from dataclasses import replace
from decimal import Decimal

from services.clearinghouse.domain.scenarios import split_member_id
from services.clearinghouse.domain.submitted_claim import PatientIdentity, PriorPayment, SubmittedClaim, SubmittedLine
from shared import x12

PATIENTS_GROUP = "PR"
EARLIER_PAYERS = "23"


def claim_from(record: x12.Claim837P) -> SubmittedClaim:
    """The claim of one 837P claim record. A scenario in the member id is left out of it."""
    subscriber = record.subscriber.party
    patient = record.patient.party if record.patient else subscriber
    billing = record.billing_provider.party
    rendering = record.rendering or next((line.rendering for line in record.lines if line.rendering), None)
    lines = tuple(_line(record, line) for line in record.lines)
    return SubmittedClaim(
        claim_number=record.claim_number,
        payer_id=record.subscriber.payer.id,
        member_id=split_member_id(subscriber.id)[1],
        patient=PatientIdentity(patient.first, patient.name, patient.birth_date),
        billing_npi=billing.npi,
        billing_tax_id=billing.reference("EI") or billing.reference("SY"),
        rendering_npi=rendering.npi if rendering else billing.npi,
        referring_named=record.referring is not None,
        frequency=record.frequency,
        responsibility=record.subscriber.responsibility,
        charge_cents=record.charge_cents,
        lines=_with_claim_level_payments(record, lines),
        related_causes=record.related_causes,
        accident_date=record.accident_date,
        accident_state=record.accident_state,
        insurer_claim_number=subscriber.reference("Y4") or patient.reference("Y4"),
        payer_control_number=record.reference("F8"),
        authorization_number=record.reference("G1"),
    )


def _line(record: x12.Claim837P, line: x12.ServiceLine) -> SubmittedLine:
    pointed = (place for place in line.pointers if 1 <= place <= len(record.diagnoses))
    return SubmittedLine(
        number=line.number,
        control_number=line.control_number,
        procedure_code=line.procedure.code,
        modifiers=line.procedure.modifiers,
        charge_cents=line.charge_cents,
        units=_whole(line.quantity),
        service_date=line.service_date,
        diagnoses=tuple(record.diagnoses[place - 1].code for place in pointed),
        prior=_line_payment(line),
        authorization_number=line.authorization_number,
    )


def _whole(quantity: Decimal | None) -> int | None:
    if quantity is None or quantity != quantity.to_integral_value() or not 0 < quantity < 1000:
        return None
    return int(quantity)


def _line_payment(line: x12.ServiceLine) -> PriorPayment | None:
    if not line.adjudications:
        return None
    paid = sum(answer.paid_cents for answer in line.adjudications)
    written_off = sum(_written_off(answer.adjustments) for answer in line.adjudications)
    return PriorPayment(paid, written_off)


def _written_off(adjustments: tuple[x12.ClaimAdjustment, ...]) -> int:
    """What nobody owes any more. What a later payer repeats of an earlier one (OA-23) is in that one's own answer."""
    return sum(
        item.amount_cents for item in adjustments if item.group != PATIENTS_GROUP and item.reason != EARLIER_PAYERS
    )


def _with_claim_level_payments(record: x12.Claim837P, lines: tuple[SubmittedLine, ...]) -> tuple[SubmittedLine, ...]:
    answered = [payer for payer in record.other_payers if payer.paid_cents is not None or payer.adjustments]
    if not answered or any(line.prior for line in lines):
        return lines
    paid_left = sum(payer.paid_cents or 0 for payer in answered)
    written_left = sum(_written_off(payer.adjustments) for payer in answered)
    spread = []
    for line in lines:
        paid = min(line.charge_cents, paid_left)
        written = min(line.charge_cents - paid, written_left)
        paid_left, written_left = paid_left - paid, written_left - written
        spread.append(replace(line, prior=PriorPayment(paid, written)))
    return tuple(spread)
