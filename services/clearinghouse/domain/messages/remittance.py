"""The 835: what one payer pays one payee on one day, with every claim and the proof that it adds up.

Rules kept here: BPR02 = sum of CLP04 - sum of PLB, never below zero. What reversals leave owing is carried to the next
remittance of the same payer and payee (PLB FB here with a minus, there with a plus), so nothing is lost between files.
A payment of nothing has the method NON.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import msgspec

from services.clearinghouse.domain.outcomes import REVERSED_STATUS, ClaimOutcome, LineOutcome
from services.clearinghouse.domain.payer_configuration import Payer
from shared import x12
from shared.codesets.programs import Program
from shared.wire.basic_character_set import (
    ADDRESS_LINE_MAX_LENGTH,
    CITY_MAX_LENGTH,
    LAST_NAME_MAX_LENGTH,
    to_basic,
)

INVENTED_BANK = "123456780"
PAYERS_ACCOUNT, PAYEES_ACCOUNT = "5550001", "5550002"
FILING_INDICATORS = {"CI": "12", "BL": "12"}
"""CLP06 has its own list: a commercial plan of the 837's SBR09 is a PPO there."""


@dataclass(frozen=True, slots=True)
class PaidClaim:
    """One claim as billed and as decided."""

    claim: x12.Claim837P
    outcome: ClaimOutcome
    received_on: date


@dataclass(frozen=True, slots=True)
class Payment:
    """All records of one 835, and what the payee still owes after it."""

    remittance: x12.Remittance
    claims: tuple[x12.ClaimPayment, ...]
    adjustments: tuple[x12.ProviderAdjustment, ...]
    owing_cents: int


def payment_of(
    payer: Payer,
    payee: x12.BillingProvider,
    paid: tuple[PaidClaim, ...],
    *,
    trace: str,
    today: date,
    owing_cents: int,
) -> Payment:
    """One 835. `owing_cents` is what earlier remittances left owing (zero or more)."""
    total = sum(item.outcome.paid_cents for item in paid)
    payment = max(0, total - owing_cents)
    still_owing = max(0, owing_cents - total)
    adjustments = _carried(payee, trace, today, taken_cents=owing_cents, left_cents=still_owing)
    return Payment(
        remittance=_remittance(payer, payee, payment, trace, today),
        claims=tuple(_claim_payment(payer, item) for item in paid),
        adjustments=adjustments,
        owing_cents=still_owing,
    )


def with_wrong_total(payment: Payment) -> Payment:
    """The same 835 with one cent too many in BPR02, for whoever wants to see it caught."""
    one_more = payment.remittance.payment_cents + 1
    return replace(payment, remittance=msgspec.structs.replace(payment.remittance, payment_cents=one_more))


def _carried(
    payee: x12.BillingProvider, trace: str, today: date, *, taken_cents: int, left_cents: int
) -> tuple[x12.ProviderAdjustment, ...]:
    items = [
        x12.ProviderAdjustmentItem(reason="FB", reference=trace, amount_cents=cents)
        for cents in (taken_cents, -left_cents)
        if cents
    ]
    if not items:
        return ()
    year_end = date(today.year, 12, 31)
    return (x12.ProviderAdjustment(provider_id=payee.party.id, fiscal_period_end=year_end, items=tuple(items)),)


def _remittance(
    payer: Payer, payee: x12.BillingProvider, payment_cents: int, trace: str, today: date
) -> x12.Remittance:
    by_wire = payment_cents > 0 and payer.payment_method == "ACH"
    method = payer.payment_method if payment_cents else "NON"
    originator = f"1{payer.tax_id}"
    return x12.Remittance(
        payment_cents=payment_cents,
        payment_date=today,
        method=method,
        format="CCP" if by_wire else "",
        sender=x12.BankAccount(bank_qualifier="01", bank=INVENTED_BANK, account_qualifier="DA", account=PAYERS_ACCOUNT)
        if by_wire
        else None,
        originating_company=originator if by_wire else "",
        receiver=x12.BankAccount(
            bank_qualifier="01", bank=INVENTED_BANK, account_qualifier="DA", account=PAYEES_ACCOUNT
        )
        if by_wire
        else None,
        trace=x12.Trace(type="1", value=trace, originator=originator),
        payer=_payer_party(payer),
        payee=_payee_party(payee),
        dates=(x12.DatePeriod(qualifier="405", start=today),),
    )


def _payer_party(payer: Payer) -> x12.Party:
    phone = x12.ContactNumber(qualifier="TE", value=payer.phone)
    return x12.Party(
        entity="PR",
        name=to_basic(payer.name, LAST_NAME_MAX_LENGTH),
        line1=to_basic(payer.address.line, ADDRESS_LINE_MAX_LENGTH),
        city=to_basic(payer.address.city, CITY_MAX_LENGTH),
        state=payer.address.state,
        postal_code=payer.address.zip_code,
        references=(x12.Reference(qualifier="2U", value=payer.id),),
        contacts=(
            x12.Contact(function="CX", name="PROVIDER LINE", numbers=(phone,)),
            x12.Contact(function="BL", name="ELECTRONIC REMITTANCE", numbers=(phone,)),
        ),
    )


def _payee_party(payee: x12.BillingProvider) -> x12.Party:
    party = payee.party
    tax_id = party.reference("EI") or party.reference("SY")
    return x12.Party(
        entity="PE",
        name=party.name,
        id_qualifier="XX",
        id=party.id,
        line1=party.line1,
        city=party.city,
        state=party.state,
        postal_code=party.postal_code,
        references=(x12.Reference(qualifier="TJ", value=tax_id),) if tax_id else (),
    )


def _claim_payment(payer: Payer, item: PaidClaim) -> x12.ClaimPayment:
    claim, outcome = item.claim, item.outcome
    reversed_ = outcome.status == REVERSED_STATUS
    owes = outcome.patient_cents if payer.bills_patients and not reversed_ else 0
    return x12.ClaimPayment(
        claim_number=outcome.claim_number,
        status=outcome.status,
        charge_cents=outcome.charge_cents,
        paid_cents=outcome.paid_cents,
        patient_responsibility_cents=owes or None,
        filing_indicator=_filing_indicator(payer),
        payer_claim_number=outcome.payer_control_number,
        facility_code=claim.place_of_service,
        frequency=claim.frequency,
        group=x12.ClaimGroup(number=1),
        parties=_parties(claim),
        dates=(x12.DatePeriod(qualifier="050", start=item.received_on),),
        services=tuple(_service(line) for line in outcome.lines),
    )


def _filing_indicator(payer: Payer) -> str:
    if payer.program is Program.MEDICARE_ADVANTAGE:
        return "16"
    return FILING_INDICATORS.get(payer.filing_indicator, payer.filing_indicator)


def _parties(claim: x12.Claim837P) -> tuple[x12.Party, ...]:
    subscriber = claim.subscriber.party
    patient = claim.patient.party if claim.patient else subscriber
    parties = [
        x12.Party(
            entity="QC",
            kind="1",
            name=patient.name,
            first=patient.first,
            middle=patient.middle,
            id_qualifier="MI",
            id=subscriber.id,
        )
    ]
    if claim.patient:
        parties.append(
            x12.Party(
                entity="IL",
                kind=subscriber.kind,
                name=subscriber.name,
                first=subscriber.first,
                id_qualifier="MI",
                id=subscriber.id,
            )
        )
    if claim.rendering:
        therapist = claim.rendering
        parties.append(
            x12.Party(
                entity="82",
                kind=therapist.kind,
                name=therapist.name,
                first=therapist.first,
                id_qualifier="XX",
                id=therapist.id,
            )
        )
    return tuple(parties)


def _service(line: LineOutcome) -> x12.ServicePayment:
    control = (x12.Reference(qualifier="6R", value=line.control_number),) if line.control_number else ()
    allowed = (x12.MonetaryAmount(qualifier="B6", amount_cents=line.allowed_cents),) if line.allowed_cents > 0 else ()
    return x12.ServicePayment(
        procedure=x12.ProcedureIdentifier(code=line.procedure_code, modifiers=line.modifiers),
        charge_cents=line.charge_cents,
        paid_cents=line.paid_cents,
        quantity=Decimal(line.units),
        dates=(x12.DatePeriod(qualifier="472", start=date.fromisoformat(line.service_date)),),
        adjustments=tuple(
            x12.ClaimAdjustment(group=item.group, reason=item.code, amount_cents=item.amount_cents)
            for item in line.adjustments
        ),
        references=control,
        amounts=allowed,
        remarks=tuple(x12.Remark(qualifier="HE", code=code) for code in line.remarks),
    )
