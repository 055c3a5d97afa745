"""What payers allow: against what their fees say, and by month. Only lines that a payer answered one by one count; the
newest answer in force is what counts of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.claims.domain.payer_decision import DecidedLine
from services.claims.domain.reports.history import ClaimHistory
from services.claims.domain.reports.report import (
    OF_PAYERS,
    Chart,
    Column,
    Figures,
    Key,
    Measure,
    Question,
    ReportDefinition,
    by_claim,
    gathered,
    quotient,
)

BY_PROCEDURE, BY_MONTH = "procedure", "month"
MONTH_LENGTH = len("2026-03")


@dataclass(frozen=True, slots=True)
class ReportedLine:
    """A line of a claim by the answers in force."""

    claim: ClaimHistory
    line: DecidedLine


def _lines(claim: ClaimHistory) -> tuple[DecidedLine, ...]:
    last = claim.last_decision
    return last.decision.lines if last is not None and last.decision is not None else ()


def _answered_in_period(claims: Iterable[ClaimHistory], question: Question) -> list[ReportedLine]:
    return [
        ReportedLine(claim, line)
        for claim in claims
        if claim.last_decision is not None and question.within(claim.last_decision.on)
        for line in _lines(claim)
    ]


def _by_payer_or_procedure(items: Sequence[ReportedLine], question: Question) -> Mapping[Key, Sequence[ReportedLine]]:
    if question.by != BY_PROCEDURE:
        return gathered((by_claim(one.claim, question.by), one) for one in items)
    return gathered(((*by_claim(one.claim, "payer"), one.line.procedure_code), one) for one in items)


def _expected(items: Sequence[ReportedLine], _question: Question, _key: Key) -> Figures:
    known = [(one.line, one.line.expected_cents) for one in items if one.line.expected_cents is not None]
    short = [cents - line.allowed_cents for line, cents in known if line.allowed_cents < cents]
    expected = sum(cents for _, cents in known)
    allowed = sum(line.allowed_cents for line, _ in known)
    return {
        "lines": len(items),
        "lines_without_fee": len(items) - len(known),
        "expected_cents": expected,
        "allowed_cents": allowed,
        "paid_cents": sum(line.paid_cents for line, _ in known),
        "difference_cents": allowed - expected,
        "short_lines": len(short),
        "short_cents": sum(short),
        "allowed_rate_basis_points": quotient(allowed, expected),
    }


EXPECTED: ReportDefinition[ReportedLine] = ReportDefinition(
    name="expected",
    title="Expected against allowed and paid",
    definition="Of the lines of claims whose newest decision was posted in the period, what the payer's fees had it "
    "allow at the least when it answered, against what it allowed and paid; a denied line is allowed nothing.",
    period="the payer's newest decision was posted",
    columns=(
        Column("lines", Measure.COUNT, "Lines that the payer answered one by one."),
        Column(
            "lines_without_fee", Measure.COUNT, "Of these, those of which no fee was known; no other figure has them."
        ),
        Column("expected_cents", Measure.CENTS, "What the fees had the payer allow at the least."),
        Column(
            "allowed_cents", Measure.CENTS, "What it allowed: its payment, the patient's share, and what a law took."
        ),
        Column("paid_cents", Measure.CENTS, "What it paid itself."),
        Column("difference_cents", Measure.CENTS, "Allowed less expected: below zero where it allowed too little."),
        Column("short_lines", Measure.COUNT, "Lines that were allowed less than expected."),
        Column("short_cents", Measure.CENTS, "What these lines lack, without what other lines have over."),
        Column(
            "allowed_rate_basis_points",
            Measure.BASIS_POINTS,
            "Allowed divided by expected.",
            numerator="allowed_cents",
            denominator="expected_cents",
        ),
    ),
    groups={**OF_PAYERS, BY_PROCEDURE: ("payer_id", "procedure_code")},
    rank="short_cents",
    drawn=("expected_cents", "allowed_cents"),
    items=_answered_in_period,
    grouped=_by_payer_or_procedure,
    figures=_expected,
)


def _allowed_lines(claims: Iterable[ClaimHistory], question: Question) -> list[ReportedLine]:
    return [
        ReportedLine(claim, line)
        for claim in claims
        if question.within(claim.facts.date_of_service)
        for line in _lines(claim)
        if line.units > 0 and not line.denied_cents
    ]


def _by_month(items: Sequence[ReportedLine], _question: Question) -> Mapping[Key, Sequence[ReportedLine]]:
    return gathered(
        (
            (
                one.line.procedure_code,
                one.claim.facts.payer_id,
                one.claim.facts.date_of_service.isoformat()[:MONTH_LENGTH],
            ),
            one,
        )
        for one in items
    )


def _trend(items: Sequence[ReportedLine], _question: Question, _key: Key) -> Figures:
    units = sum(one.line.units for one in items)
    allowed = sum(one.line.allowed_cents for one in items)
    a_unit = [quotient(one.line.allowed_cents, one.line.units, 1) or 0 for one in items]
    return {
        "lines": len(items),
        "units": units,
        "allowed_cents": allowed,
        "allowed_a_unit_cents": quotient(allowed, units, 1),
        "least_a_unit_cents": min(a_unit, default=None),
        "most_a_unit_cents": max(a_unit, default=None),
    }


ALLOWED: ReportDefinition[ReportedLine] = ReportDefinition(
    name="allowed",
    title="Trend of allowed amounts",
    definition="What payers allowed for one unit of a procedure, by month of the date of service; lines of which an "
    "amount is denied are left out.",
    period="the claim's date of service",
    columns=(
        Column("lines", Measure.COUNT, "Lines that were allowed, with nothing denied."),
        Column("units", Measure.COUNT, "Their units."),
        Column("allowed_cents", Measure.CENTS, "What was allowed for them."),
        Column(
            "allowed_a_unit_cents",
            Measure.CENTS,
            "Allowed divided by units.",
            numerator="allowed_cents",
            denominator="units",
        ),
        Column("least_a_unit_cents", Measure.CENTS, "The least that a line was allowed for one unit."),
        Column("most_a_unit_cents", Measure.CENTS, "The most that a line was allowed for one unit."),
    ),
    groups={BY_MONTH: ("procedure_code", "payer_id", "month")},
    rank="allowed_cents",
    drawn=("allowed_a_unit_cents",),
    items=_allowed_lines,
    grouped=_by_month,
    figures=_trend,
    chart=Chart.LINES,
)
