"""What is owed to the practice: how old it is, and how many days of charges it is.

A claim counts from its first submission on; what was not billed yet is nobody's debt. A credit (a patient who has paid
ahead) is subtracted, and is also told by itself.
"""

from collections.abc import Iterable, Sequence

from services.claims.domain.reports.history import ClaimHistory, own_charge_cents
from services.claims.domain.reports.report import (
    OF_PAYERS,
    OF_PAYERS_AND_PATIENTS,
    Chart,
    Column,
    Figures,
    Key,
    Measure,
    Question,
    ReportDefinition,
    Start,
    grouped_by_claim,
    quotient,
)
from shared.dates import days_between

BUCKETS: tuple[tuple[str, int, int | None], ...] = (
    ("days_0_to_30_cents", 0, 30),
    ("days_31_to_60_cents", 31, 60),
    ("days_61_to_90_cents", 61, 90),
    ("days_91_to_120_cents", 91, 120),
    ("days_over_120_cents", 121, None),
)
"""(figure, first and last day of age)."""
TENTHS = 10


def _owed(claims: Iterable[ClaimHistory], _question: Question) -> list[ClaimHistory]:
    """Claims that were billed and on which an account is not zero."""
    return [
        one
        for one in claims
        if one.submitted_on is not None and (one.money.balances.insurer_cents or one.money.balances.patient_cents)
    ]


def _age_days(claim: ClaimHistory, question: Question) -> int:
    start = claim.submitted_on if question.counted_from is Start.SUBMISSION else claim.facts.date_of_service
    return max(0, days_between(start or question.as_of, question.as_of))


def _credit_cents(claim: ClaimHistory) -> int:
    money = claim.money.balances
    return min(0, money.insurer_cents) + min(0, money.patient_cents)


def _aging(claims: Sequence[ClaimHistory], question: Question, _key: Key) -> Figures:
    ages = [(_age_days(one, question), one.money.receivable_cents) for one in claims]
    buckets = {
        name: sum(cents for age, cents in ages if first <= age and (last is None or age <= last))
        for name, first, last in BUCKETS
    }
    return {
        "claims": len(claims),
        **buckets,
        "insurer_cents": sum(one.money.balances.insurer_cents for one in claims),
        "patient_cents": sum(one.money.balances.patient_cents for one in claims),
        "credit_cents": sum(_credit_cents(one) for one in claims),
        "receivable_cents": sum(cents for _, cents in ages),
    }


AGING: ReportDefinition[ClaimHistory] = ReportDefinition(
    name="aging",
    title="Accounts receivable by age",
    definition="What insurers and patients owed on billed claims by the end of the day, by the age of the claim: the "
    "days since its date of service, or since it was first submitted.",
    period="",
    columns=(
        Column("claims", Measure.COUNT, "Billed claims on which insurer or patient owed or were owed something."),
        *(
            Column(
                name, Measure.CENTS, f"Owed on claims of {first} to {last} days." if last else "Owed on older claims."
            )
            for name, first, last in BUCKETS
        ),
        Column("insurer_cents", Measure.CENTS, "Of all of it, what insurers owed."),
        Column("patient_cents", Measure.CENTS, "Of all of it, what patients owed, less what they had paid ahead."),
        Column(
            "credit_cents",
            Measure.CENTS,
            "Of all of it, the accounts of claims on which more had come than was owed: below zero.",
        ),
        Column("receivable_cents", Measure.CENTS, "All that was owed, less credits: the sum of all ages."),
    ),
    groups=OF_PAYERS_AND_PATIENTS,
    rank="receivable_cents",
    drawn=tuple(name for name, *_ in BUCKETS),
    items=_owed,
    grouped=grouped_by_claim,
    figures=_aging,
    ages=True,
    chart=Chart.STACKED,
)


def _billed(claims: Iterable[ClaimHistory], _question: Question) -> list[ClaimHistory]:
    return [one for one in claims if one.submitted_on is not None]


def _days(claims: Sequence[ClaimHistory], question: Question, _key: Key) -> Figures:
    receivable = sum(one.money.receivable_cents for one in claims)
    charges = own_charge_cents(one for one in claims if question.within(one.submitted_on))
    days = days_between(question.first, question.last) + 1
    return {
        "receivable_cents": receivable,
        "charges_cents": charges,
        "period_days": days,
        "days_in_receivables_tenths_of_days": quotient(receivable * days, charges, TENTHS),
    }


DAYS_IN_RECEIVABLES: ReportDefinition[ClaimHistory] = ReportDefinition(
    name="days-in-receivables",
    title="Days in accounts receivable",
    definition="How many days of average charges were owed by the end of the day: what was owed, divided by the "
    "charges a day of the claims that were first submitted in the period.",
    period="the claim was first submitted",
    columns=(
        Column("receivable_cents", Measure.CENTS, "What insurers and patients owed on billed claims, less credits."),
        Column("charges_cents", Measure.CENTS, "Charges of the claims first submitted in the period, each visit once."),
        Column("period_days", Measure.DAYS, "Days of the period."),
        Column(
            "days_in_receivables_tenths_of_days",
            Measure.TENTHS_OF_DAYS,
            "What was owed, times the days of the period, divided by its charges.",
            numerator="receivable_cents",
            denominator="charges_cents",
        ),
    ),
    groups=OF_PAYERS,
    rank="receivable_cents",
    drawn=("days_in_receivables_tenths_of_days",),
    items=_billed,
    grouped=grouped_by_claim,
    figures=_days,
)
