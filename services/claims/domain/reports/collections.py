"""What comes in of what was charged, and how long it takes."""

from collections.abc import Iterable, Sequence

from services.claims.domain.reports.history import ClaimHistory, own_charge_cents
from services.claims.domain.reports.report import (
    OF_PAYERS,
    Column,
    Figures,
    Key,
    Measure,
    Question,
    ReportDefinition,
    Start,
    grouped_by_claim,
    percentile,
    quotient,
)
from shared.dates import days_between

MEDIAN_PERCENT, LATE_PERCENT = 50, 90


def _served(claims: Iterable[ClaimHistory], question: Question) -> list[ClaimHistory]:
    return [one for one in claims if one.submitted_on is not None and question.within(one.facts.date_of_service)]


def _collections(claims: Sequence[ClaimHistory], _question: Question, _key: Key) -> Figures:
    charges = own_charge_cents(claims)
    contractual = sum(one.money.contractual_cents for one in claims)
    collected = sum(one.money.collected_cents for one in claims)
    return {
        "claims": len(claims),
        "charges_cents": charges,
        "contractual_cents": contractual,
        "collectible_cents": charges - contractual,
        "collected_cents": collected,
        "gross_collection_rate_basis_points": quotient(collected, charges),
        "net_collection_rate_basis_points": quotient(collected, charges - contractual),
    }


COLLECTIONS: ReportDefinition[ClaimHistory] = ReportDefinition(
    name="collections",
    title="Gross and net collection rate",
    definition="Of the charges of billed claims with a date of service in the period, what insurers and patients had "
    "paid by the end of the day: of all charges (gross), and of what contracts left of them (net).",
    period="the claim's date of service",
    columns=(
        Column("claims", Measure.COUNT, "Billed claims with a date of service in the period."),
        Column("charges_cents", Measure.CENTS, "Their charges, each visit once."),
        Column("contractual_cents", Measure.CENTS, "Written off by contract; what the practice gave up is not in it."),
        Column("collectible_cents", Measure.CENTS, "Charges less what was written off by contract."),
        Column("collected_cents", Measure.CENTS, "Paid by insurers and patients, less what was given back."),
        Column(
            "gross_collection_rate_basis_points",
            Measure.BASIS_POINTS,
            "Collected divided by charges.",
            numerator="collected_cents",
            denominator="charges_cents",
        ),
        Column(
            "net_collection_rate_basis_points",
            Measure.BASIS_POINTS,
            "Collected divided by collectible.",
            numerator="collected_cents",
            denominator="collectible_cents",
        ),
    ),
    groups=OF_PAYERS,
    rank="charges_cents",
    drawn=("gross_collection_rate_basis_points", "net_collection_rate_basis_points"),
    items=_served,
    grouped=grouped_by_claim,
    figures=_collections,
)


def _paid(claims: Iterable[ClaimHistory], question: Question) -> list[ClaimHistory]:
    return [one for one in claims if one.submitted_on is not None and question.within(one.first_paid_on)]


def _wait_days(claim: ClaimHistory, question: Question) -> int:
    start = claim.submitted_on if question.counted_from is Start.SUBMISSION else claim.facts.date_of_service
    paid_on = claim.first_paid_on or question.as_of
    return max(0, days_between(start or paid_on, paid_on))


def _time_to_payment(claims: Sequence[ClaimHistory], question: Question, _key: Key) -> Figures:
    waits = [_wait_days(one, question) for one in claims]
    return {
        "paid_claims": len(claims),
        "median_days": percentile(waits, MEDIAN_PERCENT),
        "p90_days": percentile(waits, LATE_PERCENT),
        "longest_days": max(waits, default=None),
    }


TIME_TO_PAYMENT: ReportDefinition[ClaimHistory] = ReportDefinition(
    name="time-to-payment",
    title="Time to payment",
    definition="The days from the date of service, or from the first submission, to the day on which the payer's "
    "first payment was posted, of the claims first paid in the period.",
    period="the payer's first payment was posted",
    columns=(
        Column("paid_claims", Measure.COUNT, "Claims whose first payment was posted in the period."),
        Column("median_days", Measure.DAYS, "The days that half of them did not exceed (nearest rank)."),
        Column("p90_days", Measure.DAYS, "The days that nine of ten did not exceed (nearest rank)."),
        Column("longest_days", Measure.DAYS, "The days of the one that took longest."),
    ),
    groups=OF_PAYERS,
    rank="paid_claims",
    drawn=("median_days", "p90_days"),
    items=_paid,
    grouped=grouped_by_claim,
    figures=_time_to_payment,
    ages=True,
)
