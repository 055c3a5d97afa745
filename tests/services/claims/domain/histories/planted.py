"""A day of a practice with one fault of each kind planted in it, and the day without them."""

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from services.claims.domain.histories.past import OwnBalance
from services.claims.domain.histories.payer_terms import given_terms
from shared import x12
from tests.services.claims.domain.histories.past_practice import (
    CASCADE,
    RAINIER,
    VETERANS,
    cas,
    claim,
    denied,
    file_277ca,
    file_835,
    file_837p,
    line,
    other_plan,
    payment,
    reversal,
    service,
)

CLEAN = tuple(f"CLEAN{number}" for number in range(6))
RESENT_ON, DECIDED_ON = date(2026, 5, 12), date(2026, 5, 22)
TERMS = given_terms({"RAINC": {"profile": "commercial_wa", "timely_filing_days": 365, "fees": {"97124": 4000}}})
BOOKS = {
    "CLEAN1": OwnBalance(billed_to_patient_cents=2500, written_off_cents=3900),
    "BILLED": OwnBalance(billed_to_patient_cents=6400),
    "WROTEOFF": OwnBalance(written_off_cents=6400),
}


def clean_files() -> dict[str, bytes]:
    """Six visits that were billed, accepted and paid, and whose patients owe their copay."""
    return {
        "2026/claims.837": file_837p(*(claim(number) for number in CLEAN)),
        "2026/accepted.277ca": file_277ca("CLEAN1", "A2"),
        "2026/paid.835": file_835(*(payment(number) for number in CLEAN), trace="500001"),
    }


def planted_files() -> dict[str, bytes]:
    """The same, and beside it one fault of each kind."""
    return clean_files() | {
        "planted/claims.837": file_837p(*_claims(), control=2),
        "planted/again.837": file_837p(*_sent_again(), control=3, sent_on=RESENT_ON),
        "planted/rejected.277ca": file_277ca("REJECTED", "A3", "33"),
        "planted/intime.277ca": file_277ca("INTIME", "A2"),
        "planted/cascade.835": file_835(*_first_payments(), trace="500002"),
        "planted/later.835": file_835(*_later_payments(), trace="500003", paid_on=DECIDED_ON),
        "planted/rainier.835": file_835(*_of_rainier(), trace="500004", payer=RAINIER),
        "planted/veterans.835": file_835(denied("NOGP", "CO", "4"), trace="500005", payer=VETERANS),
        "planted/unbalanced.835": file_835(payment("CENT"), trace="500006", too_much_cents=1),
        "planted/kept.835": file_835(payment("KEPT"), trace="500007", plb=_kept()),
        "planted/carried.835": file_835(payment("CARRIED"), trace="500008", plb=_carried()),
    }


def _claims() -> list[x12.Claim837P]:
    numbers = (
        *("REJECTED", "SILENT", "INTIME", "DENIED", "REVERSED", "BELOW", "FIRST", "TWICEPAID", "STRAYLINE", "OFFBY"),
        *("CENT", "KEPT", "CARRIED", "VOIDED", "BILLED", "WROTEOFF"),
    )
    return [
        *(claim(number) for number in numbers),
        claim("SHORT", RAINIER),
        claim("UNBILLED", other_payers=(other_plan(RAINIER),)),
        claim("AHEAD", amounts=(x12.MonetaryAmount("F5", 4000),)),
        claim("NOGP", VETERANS, references=(x12.Reference("G1", "VA0026114903"),)),
        claim("CHANGED", patient="LARKIN", other_payers=(other_plan(RAINIER),)),
    ]


def _sent_again() -> list[x12.Claim837P]:
    """A second claim for a visit that was paid, a void, and the claim to a second payer."""
    voided = claim("VOIDNOW", patient="VOIDED", frequency="8", references=(x12.Reference("F8", "PCNVOIDED"),))
    first = other_plan(CASCADE, "P", amounts=(x12.MonetaryAmount("D", 7100),))
    told = x12.LineAdjudication(
        payer_id="CASCM",
        paid_cents=7100,
        procedure=x12.ProcedureIdentifier("97124"),
        quantity=Decimal(3),
        adjustments=(cas("CO", "45", 3900), cas("PR", "3", 2500)),
        dates=(x12.DatePeriod("573", date(2026, 5, 8)),),
    )
    second = claim(
        "SECOND",
        RAINIER,
        patient="LARKIN",
        responsibility="S",
        other_payers=(first,),
        lines=(line(1, "SECONDL1", adjudications=(told,)),),
    )
    return [claim("AGAIN", patient="FIRST"), voided, second]


def _first_payments() -> list[x12.ClaimPayment]:
    paid = ("REVERSED", "FIRST", "TWICEPAID", "UNBILLED", "AHEAD", "VOIDED", "CHANGED", "BILLED", "WROTEOFF")
    below = (cas("CO", "45", 5100), cas("PR", "3", 2500))
    other_service = (service("NOSUCHLINE", code="97140"),)
    return [
        *(payment(number) for number in paid),
        denied("INTIME", "CO", "29"),
        denied("DENIED", "CO", "50"),
        payment("BELOW", 5900, below),
        payment("STRAYLINE", services=other_service),
        payment("OFFBY", 7099),
        payment("NOBODYS", 4300, (cas("CO", "45", 9200),)),
    ]


def _later_payments() -> list[x12.ClaimPayment]:
    """Of CHANGED the first payer decides anew after the second was billed: the patient's share is 10.00 more."""
    again = replace(payment("AGAIN"), payer_claim_number="PCNAGAIN")
    refused = denied("VOIDNOW", "OA", "23")
    more_to_the_patient = payment("CHANGED", 6100, (cas("CO", "45", 3900), cas("PR", "3", 3500)))
    changed = [reversal(payment("CHANGED")), more_to_the_patient]
    return [reversal(payment("REVERSED")), payment("TWICEPAID"), again, refused, *changed]


def _of_rainier() -> list[x12.ClaimPayment]:
    """97124 is 40.00 a unit by its fees: 120.00; it allowed 105.00. The second payer takes the share over whole."""
    short = payment("SHORT", 8500, (cas("CO", "45", 3000), cas("PR", "3", 2000)))
    second = payment("SECOND", 2500, (cas("OA", "23", 11000),), status="2")
    return [short, second]


def _kept() -> tuple[x12.ProviderAdjustmentItem, ...]:
    return (x12.ProviderAdjustmentItem("WO", 5000, "PCNOLD"),)


def _carried() -> tuple[x12.ProviderAdjustmentItem, ...]:
    return (x12.ProviderAdjustmentItem("FB", -2000, "500008"),)
