"""How claims become a report: items in groups, and figures of each group and of the whole.

A rate is in basis points (9250 is 92.5 %) and rounded half up; without anything to divide by it is None. A percentile
is a value that occurs (nearest rank). Groups stand by the figure that the report ranks by, the largest first, or in
the order of their names in a report over months.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from services.claims.domain.reports.history import ClaimHistory

Item = TypeVar("Item")
Key = tuple[str, ...]
Figures = Mapping[str, int | None]
ONE = 10_000
WHOLE: Key = ()
"""The key of all groups together."""


class Measure(StrEnum):
    """What a figure counts; its name ends in the unit unless it counts things."""

    CENTS = "cents"
    COUNT = "count"
    DAYS = "days"
    TENTHS_OF_DAYS = "tenths_of_days"
    BASIS_POINTS = "basis_points"


class Chart(StrEnum):
    """How a report is drawn: figures side by side, on top of one another, or along the months."""

    BARS = "bars"
    STACKED = "stacked"
    LINES = "lines"


class Start(StrEnum):
    """The day that an age or a wait is counted from."""

    SERVICE = "service"
    SUBMISSION = "submission"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: `as_of` is the day by whose end all is told; `first` to `last` is the period, both included.
    `by` names the groups, of which at most `groups` are answered."""

    as_of: date
    first: date
    last: date
    by: str
    counted_from: Start
    groups: int

    def within(self, day: date | None) -> bool:
        """Whether a day is in the period."""
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Column:
    """One figure. `numerator` and `denominator` are names of other figures of the report, in a quotient."""

    name: str
    unit: Measure
    definition: str
    numerator: str | None = None
    denominator: str | None = None


@dataclass(frozen=True, slots=True)
class ReportDefinition(Generic[Item]):
    """One report. `period` says which day of a claim has to be in the period, empty where there is none; `groups` are
    the names of a group's members, by what is asked for. `rank` is the figure that groups stand by, `drawn` those that
    are drawn."""

    name: str
    title: str
    definition: str
    period: str
    columns: tuple[Column, ...]
    groups: Mapping[str, Key]
    rank: str
    drawn: tuple[str, ...]
    items: Callable[[Iterable[ClaimHistory], Question], list[Item]]
    grouped: Callable[[Sequence[Item], Question], Mapping[Key, Sequence[Item]]]
    figures: Callable[[Sequence[Item], Question, Key], Figures]
    ages: bool = False
    """Whether it has an age or a wait, which may count from the service or from the submission."""
    chart: Chart = Chart.BARS

    @property
    def by_name(self) -> bool:
        """Whether groups stand in the order of their names."""
        return self.chart is Chart.LINES


@dataclass(frozen=True, slots=True)
class ReportGroup:
    """The figures of one group."""

    key: Key
    figures: Figures


@dataclass(frozen=True, slots=True)
class Table:
    """A report, answered. `left_out` are the groups beyond those that were asked for; `total` has them too."""

    definition: ReportDefinition[object]
    question: Question
    rows: tuple[ReportGroup, ...]
    total: Figures
    left_out: int

    @property
    def members(self) -> Key:
        """The names of a group's members."""
        return self.definition.groups[self.question.by]


def answer(definition: ReportDefinition[Item], claims: Iterable[ClaimHistory], question: Question) -> Table:
    """The report about some claims."""
    items = definition.items(claims, question)
    rows = [
        ReportGroup(key, definition.figures(group, question, key))
        for key, group in definition.grouped(items, question).items()
    ]
    rows.sort(key=lambda row: (-(row.figures[definition.rank] or 0), row.key))
    shown = rows[: question.groups]
    if definition.by_name:
        shown.sort(key=lambda row: row.key)
    return Table(
        definition=definition,  # type: ignore[arg-type]
        question=question,
        rows=tuple(shown),
        total=definition.figures(items, question, WHOLE),
        left_out=max(0, len(rows) - question.groups),
    )


def quotient(numerator: int, denominator: int, scale: int = ONE) -> int | None:
    """`scale` times the quotient, rounded half up, None where there is nothing to divide by."""
    if denominator <= 0:
        return None
    return (2 * scale * numerator + denominator) // (2 * denominator)


def percentile(values: Sequence[int], share_percent: int) -> int | None:
    """The nearest-rank percentile: the smallest value that so many percent of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share_percent // 100) - 1)] if ordered else None


def by_claim(claim: ClaimHistory, by: str) -> Key:
    """The group of a claim."""
    return {
        "payer_class": (claim.facts.program,),
        "payer": (claim.facts.payer_id,),
        "patient": (claim.patient_id,),
    }[by]


def grouped_by_claim(items: Sequence[ClaimHistory], question: Question) -> Mapping[Key, Sequence[ClaimHistory]]:
    """Claims by their group."""
    return gathered((by_claim(one, question.by), one) for one in items)


def gathered(pairs: Iterable[tuple[Key, Item]]) -> Mapping[Key, Sequence[Item]]:
    """Items by their key."""
    found: dict[Key, list[Item]] = {}
    for key, item in pairs:
        found.setdefault(key, []).append(item)
    return found


OF_PAYERS: Mapping[str, Key] = {"payer_class": ("payer_class",), "payer": ("payer_id",)}
OF_PAYERS_AND_PATIENTS: Mapping[str, Key] = {**OF_PAYERS, "patient": ("patient_id",)}
