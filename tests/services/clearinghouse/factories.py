"""A small world for the tests: one payer with one member, and a claim that is clean unless told otherwise."""

from dataclasses import replace
from datetime import date
from typing import Any

from services.clearinghouse.domain.accumulators import PastClaim
from services.clearinghouse.domain.adjudication import adjudicate
from services.clearinghouse.domain.outcomes import ClaimOutcome
from services.clearinghouse.domain.payer_configuration import Member, Payer
from services.clearinghouse.domain.payer_file import read_payer
from services.clearinghouse.domain.submitted_claim import PatientIdentity, SubmittedClaim, SubmittedLine

HEAD = """
[payer]
id = "TEST1"
name = "Test Health"
program = "commercial"
filing_indicator = "CI"
transactions = ["837P", "270"]
tax_id = "910000999"
phone = "2065550199"
address = { line = "1 Main St", city = "Seattle", state = "WA", zip = "981011234" }
days_to_pay = 10
opening_year = 2026

[fees]
97124 = 3000
97140 = 3500
97112 = 3600

[[code_pairs]]
paid = "97140"
not_paid = "97124"

[[plans]]
id = "P"
name = "Plan"

[[members]]
id = "M1"
first_name = "Ida"
last_name = "Holm"
birth_date = 1980-05-05
sex = "F"
plan = "P"
effective_from = 2025-01-01
"""

PAYER = read_payer("test.toml", HEAD)


def with_plan(**terms: Any) -> Payer:
    """The payer with other terms of its plan."""
    return replace(PAYER, plans=(replace(PAYER.plans[0], **terms),))


def member(**facts: Any) -> Member:
    """The payer's one member with other facts."""
    return replace(PAYER.members[0], **facts)


def line(procedure_code: str = "97124", units: int = 4, number: int = 1, **facts: Any) -> SubmittedLine:
    """A clean line at 45.00 a unit."""
    made = SubmittedLine(
        number=number,
        control_number=f"L{number}",
        procedure_code=procedure_code,
        modifiers=("GP",),
        charge_cents=4500 * units,
        units=units,
        service_date=date(2026, 4, 20),
        diagnoses=("M542",),
    )
    return replace(made, **facts)


def claim(*lines: SubmittedLine, **facts: Any) -> SubmittedClaim:
    """A clean claim of the member; one hour of massage unless lines are given."""
    billed = lines or (line(),)
    made = SubmittedClaim(
        claim_number="K1",
        payer_id="TEST1",
        member_id="M1",
        patient=PatientIdentity("Ida", "Holm", date(1980, 5, 5)),
        billing_npi="1234567893",
        billing_tax_id="912345678",
        rendering_npi="1234567893",
        referring_named=True,
        frequency="1",
        responsibility="P",
        charge_cents=sum(item.charge_cents for item in billed),
        lines=billed,
    )
    return replace(made, **facts)


def decide(
    billed: SubmittedClaim,
    of: Payer = PAYER,
    history: tuple[PastClaim, ...] = (),
    *,
    received_on: date = date(2026, 5, 4),
    member: Member | None = None,
) -> ClaimOutcome:
    """The payer's decision on a claim."""
    return adjudicate(of, member or of.members[0], billed, history, received_on=received_on, payer_control_number="P1")


def reasons(outcome: ClaimOutcome) -> list[list[tuple[str, int]]]:
    """Adjustments by line as ("CO-45", cents)."""
    return [[(f"{item.group}-{item.code}", item.amount_cents) for item in line.adjustments] for line in outcome.lines]
