"""The forms in which a payment comes as one or more 835s: what payers take back, add, split, repeat, mix up and break.

Every form is a function of the messages so far. All but the broken ones are whole X12 that balances to the cent, so
that who reads them can be held to every cent.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from msgspec.structs import replace as changed

from services.clearinghouse.domain.messages.interchange import MessageHeader, write_835
from services.clearinghouse.domain.messages.remittance import Payment, with_wrong_total
from services.clearinghouse.domain.outcomes import REVERSED_STATUS
from shared import x12
from shared.money import percent_of

SEQUESTRATION, SEQUESTRATION_BASIS_POINTS = "253", 200
INTEREST_CENTS = 12
FORWARDED_STATUS = "19"
CORRECTION_CENTS = 100
SIX_REASONS, CUT_CENTS = ("45", "59", "104", "105", "144", SEQUESTRATION), 2
OTHER_TAX_ID = "913000041"
STRANGERS = 10_000
GARBAGE = "HTTP/1.1 502 Bad Gateway\r\n\r\n<html><body>upstream sent too big header</body></html>\n"
ITEM_CENTS = {"WO": 1_000, "72": 1_000, "CS": 500, "J1": -500}


@dataclass(frozen=True, slots=True)
class RemittanceMessage:
    """One 835. `repeats`: its bytes are those of the message before; else `damage` is what became of its text."""

    payment: Payment
    damage: Callable[[str], str] = str
    repeats: bool = False

    def written(self, header: MessageHeader) -> str:
        """Its text under this header."""
        payment = self.payment
        return self.damage(write_835(header, payment.remittance, (*payment.claims, *payment.adjustments)))


Form = Callable[[list[RemittanceMessage]], list[RemittanceMessage]]


def in_forms(payment: Payment, names: Iterable[str]) -> list[RemittanceMessage]:
    """The messages that a payment becomes, in the order of their sending."""
    wanted, messages = set(names), [RemittanceMessage(payment)]
    for name, form in FORMS.items():
        if name in wanted:
            messages = form(messages)
    return messages


def _of_payment(change: Callable[[Payment], Payment]) -> Form:
    return lambda messages: [replace(one, payment=change(one.payment)) for one in messages]


def _provider_adjustment(reason: str) -> Form:
    return _of_payment(lambda payment: _with_item(payment, reason, ITEM_CENTS[reason]))


def _with_item(payment: Payment, reason: str, cents: int) -> Payment:
    """With one provider adjustment more; a take-back is at most half of what is paid."""
    paid = payment.remittance.payment_cents
    cents = min(cents, paid // 2)
    if not paid or not cents:
        return payment
    reference = payment.claims[0].payer_claim_number
    item = x12.ProviderAdjustmentItem(reason=reason, reference=reference, amount_cents=cents)
    return replace(
        payment,
        remittance=changed(payment.remittance, payment_cents=paid - cents),
        adjustments=(*payment.adjustments, _of_year(payment, item)),
    )


def _of_year(payment: Payment, item: x12.ProviderAdjustmentItem) -> x12.ProviderAdjustment:
    year_end = date(payment.remittance.payment_date.year, 12, 31)
    return x12.ProviderAdjustment(provider_id=payment.remittance.payee.id, fiscal_period_end=year_end, items=(item,))


def _interest(payment: Payment) -> Payment:
    amount = x12.MonetaryAmount(qualifier="I", amount_cents=INTEREST_CENTS)
    claims = tuple(changed(one, amounts=(*one.amounts, amount)) for one in payment.claims)
    return _with_item(replace(payment, claims=claims), "L6", -INTEREST_CENTS * len(claims))


def _sequestered(payment: Payment) -> Payment:
    claims = tuple(_again(one, tuple(map(_two_percent_less, one.services))) for one in payment.claims)
    return _paying(replace(payment, claims=claims), payment)


def _two_percent_less(service: x12.ServicePayment) -> x12.ServicePayment:
    return _less(service, "CO", SEQUESTRATION, percent_of(service.paid_cents, SEQUESTRATION_BASIS_POINTS))


def _less(service: x12.ServicePayment, group: str, reason: str, cents: int) -> x12.ServicePayment:
    if not cents:
        return service
    cut = x12.ClaimAdjustment(group=group, reason=reason, amount_cents=cents)
    adjustments = tuple(sorted((*service.adjustments, cut), key=lambda one: one.group))
    return changed(service, paid_cents=service.paid_cents - cents, adjustments=adjustments)


def _again(claim: x12.ClaimPayment, services: tuple[x12.ServicePayment, ...]) -> x12.ClaimPayment:
    """The claim with other services, its amounts those of the services."""
    share = sum(a.amount_cents for one in services for a in one.adjustments if a.group == "PR")
    told = claim.patient_responsibility_cents is not None and claim.status != REVERSED_STATUS
    return changed(
        claim,
        services=services,
        charge_cents=sum(one.charge_cents for one in services),
        paid_cents=sum(one.paid_cents for one in services),
        patient_responsibility_cents=(share or None) if told else None,
    )


def _paying(payment: Payment, before: Payment) -> Payment:
    """The payment is less by as much as its claims are."""
    gap = sum(one.paid_cents for one in before.claims) - sum(one.paid_cents for one in payment.claims)
    total = payment.remittance.payment_cents - gap
    return replace(payment, remittance=changed(payment.remittance, payment_cents=total))


def _forwarded(payment: Payment) -> Payment:
    return replace(payment, claims=tuple(changed(one, status=FORWARDED_STATUS) for one in payment.claims))


def _cut_six_times(payment: Payment) -> Payment:
    claims = tuple(_again(one, (_six_less(one.services[0]), *one.services[1:])) for one in payment.claims)
    return _paying(replace(payment, claims=claims), payment)


def _six_less(service: x12.ServicePayment) -> x12.ServicePayment:
    """Two cents for each of six reasons, together in the place of the line's own contractual adjustments."""
    own = [one for one in service.adjustments if one.group == "CO"]
    if service.paid_cents < CUT_CENTS * len(SIX_REASONS):
        return service
    first = sum(one.amount_cents for one in own)
    six = tuple(
        x12.ClaimAdjustment(group="CO", reason=reason, amount_cents=CUT_CENTS + (0 if place else first))
        for place, reason in enumerate(SIX_REASONS)
    )
    others = tuple(one for one in service.adjustments if one.group != "CO")
    return changed(service, paid_cents=service.paid_cents - CUT_CENTS * len(SIX_REASONS), adjustments=(*six, *others))


def _of_other_tax_id(payment: Payment) -> Payment:
    payee = changed(payment.remittance.payee, id_qualifier="FI", id=OTHER_TAX_ID, references=())
    return replace(payment, remittance=changed(payment.remittance, payee=payee))


def _with_many_strangers(payment: Payment) -> Payment:
    """Each stranger's claim is the first line of the first claim, and says no more than it must: such a file has
    some 60,000 segments."""
    claim = payment.claims[0]
    line = changed(claim.services[0], references=(), amounts=())
    patient = tuple(one for one in claim.parties if one.entity == "QC")
    first = changed(_again(claim, (line,)), parties=patient, dates=())
    strangers = tuple(changed(first, claim_number=f"NOTOURS{place:05d}") for place in range(1, STRANGERS + 1))
    return _paying(replace(payment, claims=(*payment.claims, *strangers)), payment)


def _of_strangers(payment: Payment) -> Payment:
    claims = tuple(changed(one, claim_number=f"NOTOURS{place:05d}") for place, one in enumerate(payment.claims, 1))
    return replace(payment, claims=claims)


def _taken_back(payment: Payment) -> Payment:
    """A later remittance that only takes the claims back: it pays nothing, and carries what is owed forward (FB)."""
    claims = tuple(
        _again(changed(one, status=REVERSED_STATUS), tuple(map(_negated, one.services))) for one in payment.claims
    )
    owed = -sum(one.paid_cents for one in claims)
    item = x12.ProviderAdjustmentItem(reason="FB", reference=payment.remittance.trace.value, amount_cents=-owed)
    return Payment(
        remittance=_header(payment, "R", 0),
        claims=claims,
        adjustments=(_of_year(payment, item),) if owed else (),
        owing_cents=payment.owing_cents + owed,
    )


def _negated(service: x12.ServicePayment) -> x12.ServicePayment:
    return changed(
        service,
        charge_cents=-service.charge_cents,
        paid_cents=-service.paid_cents,
        quantity=-(service.quantity or Decimal(0)),
        amounts=(),
        adjustments=tuple(changed(one, amount_cents=-one.amount_cents) for one in service.adjustments),
    )


def _corrected(payment: Payment) -> Payment:
    """A decision anew: a dollar less on the first line of each claim."""
    claims = tuple(
        _again(
            one,
            (_less(one.services[0], "CO", "45", min(CORRECTION_CENTS, one.services[0].paid_cents)), *one.services[1:]),
        )
        for one in payment.claims
    )
    total = sum(one.paid_cents for one in claims)
    return replace(payment, remittance=_header(payment, "C", total), claims=claims, adjustments=())


def _header(payment: Payment, suffix: str, total_cents: int) -> x12.Remittance:
    header = payment.remittance
    trace = changed(header.trace, value=header.trace.value + suffix)
    if total_cents:
        return changed(header, trace=trace, payment_cents=total_cents)
    nothing = {"method": "NON", "format": "", "sender": None, "receiver": None, "originating_company": ""}
    return changed(header, trace=trace, payment_cents=0, **nothing)


def _in_two_files(messages: list[RemittanceMessage]) -> list[RemittanceMessage]:
    """Each claim's first line in one file, the others in the next."""
    first, *others = messages
    payment = first.payment
    firsts = tuple(_again(one, one.services[:1]) for one in payment.claims)
    others_of = tuple(_again(one, one.services[1:]) for one in payment.claims if len(one.services) > 1)
    if not others_of:
        return messages
    one = replace(first, payment=_paying(replace(payment, claims=firsts), payment))
    rest = sum(claim.paid_cents for claim in others_of)
    header = _header(payment, "B", rest)
    return [one, RemittanceMessage(replace(payment, remittance=header, claims=others_of, adjustments=())), *others]


def _half(text: str) -> str:
    """As a writer leaves it that was killed: the last line is cut in the middle."""
    return text[: text.rindex("SVC") + 12]


FORMS: Mapping[str, Form] = {
    "forwarded_835": _of_payment(_forwarded),
    "sequestration": _of_payment(_sequestered),
    "interest": _of_payment(_interest),
    "take_back_wo": _provider_adjustment("WO"),
    "take_back_72": _provider_adjustment("72"),
    "settlement_cs": _provider_adjustment("CS"),
    "nonclaim_j1": _provider_adjustment("J1"),
    "six_triplets": _of_payment(_cut_six_times),
    "other_tax_id": _of_payment(_of_other_tax_id),
    "ten_thousand_claims": _of_payment(_with_many_strangers),
    "unknown_claim": _of_payment(_of_strangers),
    "unbalanced_835": _of_payment(with_wrong_total),
    "two_files": _in_two_files,
    "negative_835": lambda messages: [*messages, RemittanceMessage(_taken_back(messages[-1].payment))],
    "out_of_order": lambda messages: [
        RemittanceMessage(_corrected(messages[-1].payment)),
        RemittanceMessage(_taken_back(messages[-1].payment)),
        *messages,
    ],
    "same_835_twice": lambda messages: [*messages, replace(messages[-1], repeats=True)],
    "reissued_835": lambda messages: [*messages, messages[-1]],
    "half_written_835": lambda messages: [replace(one, damage=_half) for one in messages],
    "garbage_835": lambda messages: [replace(one, damage=lambda _text: GARBAGE) for one in messages],
}
"""In the order in which they are applied: what is paid, then beside it, then in how many messages, then their bytes."""
