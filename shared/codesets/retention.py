"""The day from which a patient's record may be destroyed: arithmetic over the periods of `data/retention.toml`.

A record is kept as one, care and billing together, until the last of its periods is over; on the day after that it may
go. A period of years ends with the same day of a later year, February 29 with March 1. The patient's age counts
whether or not she was treated as a child: where she was not, her years are longer than her age asks for. Nothing is
known of a state that has no row, so the default holds for it, which is the longest of all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from shared.codesets.packaged import data_toml
from shared.codesets.programs import Program


class Start(StrEnum):
    """What a period's years are counted from. `end_of_year` is the last day of the year of the last service."""

    LAST_SERVICE = "last_service"
    LAST_ACTIVITY = "last_activity"
    END_OF_YEAR = "end_of_year"


@dataclass(frozen=True, slots=True)
class Period:
    """One row. With a `state` or with `programs` it holds for these alone; `is_default` for states without a row."""

    name: str
    years: int
    start: Start
    source: str
    state: str | None = None
    programs: frozenset[Program] = frozenset()
    until_age: int | None = None
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What the law asks of a record. `states` are those of the practice and of the patient, `programs` those of all
    payers that she had; `last_activity_on` is the last day on which anything was done with the record."""

    birth_date: date
    last_service_on: date
    last_activity_on: date
    states: frozenset[str] = frozenset()
    programs: frozenset[Program] = frozenset()


@dataclass(frozen=True, slots=True)
class Retention:
    """From `destroyable_from` on the record may be destroyed; `period` is the one that ends last."""

    destroyable_from: date
    period: Period


class RetentionSchedule:
    """All periods of one edition."""

    def __init__(self, periods: Iterable[Period], source: str, version: str) -> None:
        self.source, self.version = source, version
        self.periods = tuple(periods)
        self._states = frozenset(one.state for one in self.periods if one.state)

    def of(self, facts: RecordFacts) -> Retention:
        """The longest of the periods that hold; of two that end on one day the first in the table."""
        held = [one for one in self.periods if self._holds(one, facts)]
        return max((Retention(_over(one, facts), one) for one in held), key=lambda one: one.destroyable_from)

    def _holds(self, period: Period, facts: RecordFacts) -> bool:
        if period.is_default:
            return not facts.states or not facts.states <= self._states
        if period.state is not None:
            return period.state in facts.states
        return not period.programs or bool(period.programs & facts.programs)


def _over(period: Period, facts: RecordFacts) -> date:
    """The first day on which the period asks for nothing any more."""
    begins = {
        Start.LAST_SERVICE: facts.last_service_on,
        # What was done before the last service is no later act.
        Start.LAST_ACTIVITY: max(facts.last_activity_on, facts.last_service_on),
        Start.END_OF_YEAR: date(facts.last_service_on.year, 12, 31),
    }
    last = years_after(begins[period.start], period.years)
    if period.until_age is not None:
        last = max(last, years_after(facts.birth_date, period.until_age))
    return last + timedelta(days=1)


def years_after(day: date, years: int) -> date:
    """The same day of a later year; March 1 where that year has no February 29."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def read_schedule(data: Mapping[str, Any]) -> RetentionSchedule:
    """The packaged table."""
    return RetentionSchedule((_period(row) for row in data["period"]), data["source"], data["version"])


def _period(row: Mapping[str, Any]) -> Period:
    return Period(
        name=row["name"],
        years=row["years"],
        start=Start(row["from"]),
        source=row["source"],
        state=row.get("state"),
        programs=frozenset(map(Program, row.get("programs", ()))),
        until_age=row.get("until_age"),
        is_default=row.get("default", False),
    )


@lru_cache(maxsize=1)
def retention_schedule() -> RetentionSchedule:
    """The schedule that comes with Handbill."""
    return read_schedule(data_toml("retention.toml"))
