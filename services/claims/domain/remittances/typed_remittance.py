"""A paper EOB that a person typed becomes the records of an 835, so that it is proved and posted like any other.

What the paper does not say stands as not shown, as in the part of a message that is not the reader's to see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.claims.domain.message_parts.x12_text import NO_TAX_ID, NOT_SHOWN
from services.claims.domain.professional_claim import line_control_number
from services.claims.domain.remittances.proofs import claim_difference, line_difference
from services.claims.domain.scrubber_input import ProfessionalServiceLine
from shared import x12
from shared.contracts.remittances import (
    TypedAdjustment,
    TypedClaim,
    TypedLine,
    TypedProviderAdjustment,
    TypedRemittance,
)
from shared.errors import Fault
from shared.money import format_dollars
from shared.wire.basic_character_set import LAST_NAME_MAX_LENGTH, to_basic
from shared.wire.envelope import TRANSACTION_CONTROL_NUMBER, Route, Usage, envelope

TYPED_BY = "TYPED"
PROCESSED, FORWARDED, REVERSED = "1", "19", "22"
BALANCE_FIX = "Compare the paper: charge less adjustments is what was paid, and all of it is the check."


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """What a claim says itself of what the paper names; `lines` are those that were sent, by number."""

    claim_number: str
    patient_last: str
    patient_first: str
    member_id: str
    filing_indicator: str
    date_of_service: date
    lines: Mapping[int, ProfessionalServiceLine]


@dataclass(frozen=True, slots=True)
class TypedPayee:
    """The practice: name, NPI, tax id, state and ZIP."""

    name: str
    npi: str
    tax_id: str
    state: str
    postal_code: str


def lines_known(typed: TypedRemittance, claims: Mapping[str, KnownClaim]) -> list[Fault]:
    """A fault for each line that its claim does not have."""
    return [
        Fault(
            f"/body/claims/{place}/lines/{of_line}/line",
            "line_unknown",
            f"The claim was sent with the lines {', '.join(map(str, claims[claim.claim_id].lines))}.",
            "Name a line of the claim by its number.",
        )
        for place, claim in enumerate(typed.claims)
        for of_line, line in enumerate(claim.lines)
        if line.line not in claims[claim.claim_id].lines
    ]


def typed_payments(typed: TypedRemittance, claims: Mapping[str, KnownClaim]) -> list[x12.ClaimPayment]:
    """The claim payments, in the order of the paper."""
    return [_payment(claim, claims[claim.claim_id]) for claim in typed.claims]


def out_of_balance(typed: TypedRemittance, payments: Sequence[x12.ClaimPayment]) -> list[Fault]:
    """A fault for each line, claim and check that does not add up, with its cents."""
    faults: list[Fault] = []
    for place, payment in enumerate(payments):
        for of_line, service in enumerate(payment.services):
            faults += _gap(
                f"/body/claims/{place}/lines/{of_line}", "line_balance", line_difference(service), "The line"
            )
        claim_gap = claim_difference(payment) - sum(map(line_difference, payment.services))
        faults += _gap(f"/body/claims/{place}", "claim_balance", claim_gap, "The claim")
    taken = sum(one.amount_cents for one in typed.provider_adjustments)
    check = typed.amount_cents - (sum(one.paid_cents for one in payments) - taken)
    return faults + _gap("/body/amount_cents", "payment_balance", check, "The check")


def write_typed(typed: TypedRemittance, payments: Sequence[x12.ClaimPayment], payee: TypedPayee) -> str:
    """The 835. The same paper gives the same bytes, whenever it is typed. Raises x12.WriteError."""
    records: list[x12.Part] = list(payments)
    if typed.provider_adjustments:
        year_end = date(typed.paid_on.year, 12, 31)
        items = tuple(map(_provider_item, typed.provider_adjustments))
        records.append(x12.ProviderAdjustment(provider_id=payee.npi, fiscal_period_end=year_end, items=items))
    frame = envelope(
        Route(sender_id=TYPED_BY, receiver_id=TYPED_BY, usage=Usage.PRODUCTION),
        datetime.combine(typed.paid_on, datetime.min.time()),
        1,
    )
    transaction = x12.Transaction(
        type="835", control_number=TRANSACTION_CONTROL_NUMBER, header=_header(typed, payee), records=tuple(records)
    )
    return x12.write(frame, [transaction]).decode()


def _header(typed: TypedRemittance, payee: TypedPayee) -> x12.Remittance:
    not_shown = NOT_SHOWN.decode()
    return x12.Remittance(
        payment_cents=typed.amount_cents,
        payment_date=typed.paid_on,
        # A transfer's bank accounts are not on the paper.
        method="NON" if typed.amount_cents == 0 else "CHK",
        trace=x12.Trace(type="1", value=typed.trace, originator=f"1{typed.payer_tax_id or NO_TAX_ID.decode()}"),
        payer=x12.Party(
            entity="PR",
            name=to_basic(typed.payer_name, LAST_NAME_MAX_LENGTH),
            line1=not_shown,
            city=not_shown,
            state=payee.state,
            postal_code=payee.postal_code,
            contacts=(x12.Contact(function="BL", name=not_shown),),
        ),
        payee=x12.Party(
            entity="PE",
            name=to_basic(payee.name, LAST_NAME_MAX_LENGTH),
            id_qualifier="XX",
            id=payee.npi,
            references=(x12.Reference(qualifier="TJ", value=payee.tax_id),),
        ),
        dates=(x12.DatePeriod(qualifier="405", start=typed.paid_on),),
    )


def _payment(claim: TypedClaim, known: KnownClaim) -> x12.ClaimPayment:
    sign = -1 if claim.reversal else 1
    services = tuple(_service(line, known, sign) for line in claim.lines)
    adjustments = _adjustments(claim.adjustments, sign)
    share = sum(
        one.amount_cents for one in (*adjustments, *(a for s in services for a in s.adjustments)) if one.group == "PR"
    )
    interest = (x12.MonetaryAmount(qualifier="I", amount_cents=claim.interest_cents),) if claim.interest_cents else ()
    return x12.ClaimPayment(
        claim_number=known.claim_number,
        status=REVERSED if claim.reversal else FORWARDED if claim.forwarded else PROCESSED,
        charge_cents=sum(one.charge_cents for one in services),
        paid_cents=sum(one.paid_cents for one in services) - sum(one.amount_cents for one in adjustments),
        patient_responsibility_cents=None if claim.reversal else share,
        filing_indicator=known.filing_indicator,
        payer_claim_number=claim.payer_claim_number or known.claim_number,
        facility_code="11",
        frequency="1",
        group=x12.ClaimGroup(number=1),
        adjustments=adjustments,
        parties=(
            x12.Party(
                entity="QC",
                kind="1",
                name=known.patient_last,
                first=known.patient_first,
                id_qualifier="MI",
                id=known.member_id,
            ),
        ),
        amounts=interest,
        services=services,
    )


def _service(line: TypedLine, known: KnownClaim, sign: int) -> x12.ServicePayment:
    of_claim = known.lines[line.line]
    charge = of_claim.charge_cents if line.charge_cents is None else line.charge_cents
    return x12.ServicePayment(
        procedure=x12.ProcedureIdentifier(code=of_claim.procedure_code, modifiers=tuple(of_claim.modifiers)),
        charge_cents=sign * charge,
        paid_cents=sign * line.paid_cents,
        quantity=Decimal(of_claim.units),
        dates=(x12.DatePeriod(qualifier="472", start=known.date_of_service),),
        adjustments=_adjustments(line.adjustments, sign),
        references=(x12.Reference(qualifier="6R", value=line_control_number(known.claim_number, line.line)),),
        remarks=tuple(x12.Remark(qualifier="HE", code=code) for code in line.remark_codes),
    )


def _adjustments(typed: Sequence[TypedAdjustment], sign: int) -> tuple[x12.ClaimAdjustment, ...]:
    return tuple(
        x12.ClaimAdjustment(group=one.group, reason=one.reason_code, amount_cents=sign * one.amount_cents)
        for one in sorted(typed, key=lambda one: one.group)
    )


def _provider_item(one: TypedProviderAdjustment) -> x12.ProviderAdjustmentItem:
    return x12.ProviderAdjustmentItem(reason=one.reason, reference=one.reference or "", amount_cents=one.amount_cents)


def _gap(pointer: str, code: str, difference_cents: int, what: str) -> list[Fault]:
    if difference_cents == 0:
        return []
    more = "more" if difference_cents > 0 else "less"
    message = f"{what} pays {format_dollars(abs(difference_cents))} {more} than it adds up to."
    return [Fault(pointer, code, message, BALANCE_FIX)]
