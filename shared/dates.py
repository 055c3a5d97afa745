"""Dates as a practice and a payer count them.

Rules kept here: the day of a moment is the local day in a named IANA zone, so 23:30 in Seattle is still that day;
deadlines count local dates, never hours, so the night the clocks change moves none; a month added to the 31st ends
on the last day there is. Nothing here reads a clock: every moment is passed in.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class ZoneError(ValueError):
    """A name that is no IANA time zone."""


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ZoneError("no such time zone") from error


def is_zone(name: str) -> bool:
    """True for a known IANA zone such as ``America/Los_Angeles``."""
    try:
        _zone(name)
    except ZoneError:
        return False
    return True


def local_date(moment: datetime, zone: str) -> date:
    """The calendar day of ``moment`` in ``zone``. Raises ``ValueError`` for a moment without an offset."""
    if moment.tzinfo is None:
        raise ValueError("a moment without an offset has no local date")
    return moment.astimezone(_zone(zone)).date()


def midnight(day: date, zone: str) -> datetime:
    """The moment at which ``day`` begins in ``zone``."""
    return datetime.combine(day, time.min, _zone(zone))


def local_time(moment: datetime, zone: str) -> datetime:
    """``moment`` with the offset of ``zone`` on that day. Raises ``ValueError`` for a moment without an offset."""
    if moment.tzinfo is None:
        raise ValueError("a moment without an offset has no local time")
    return moment.astimezone(_zone(zone))


def end_of_day(day: date, zone: str) -> datetime:
    """The first moment of the day after ``day`` in ``zone``: what is before it was booked by the end of that day."""
    return datetime.combine(add_days(day, 1), time.min, tzinfo=_zone(zone))


def add_days(start: date, days: int) -> date:
    """The date ``days`` after ``start``: 2025-10-01 and 180 is 2026-03-30. Stops at the calendar's ends."""
    ordinal = start.toordinal() + days
    return date.fromordinal(max(1, min(ordinal, date.max.toordinal())))


def add_months(start: date, months: int) -> date:
    """The same day ``months`` later, or the last day of that month: 2026-01-31 and 1 is 2026-02-28.

    Stops at the calendar's first and last day.
    """
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    if not date.min.year <= year <= date.max.year:
        return date.max if months > 0 else date.min
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def days_between(start: date, end: date) -> int:
    """Whole days from ``start`` to ``end``; negative when ``end`` is the earlier."""
    return (end - start).days


def whole_years(born: date, on: date) -> int:
    """Years of age on a day; who was born on 29 February has her birthday on 1 March where there is none."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from ``effective_from`` to ``effective_to``, both included; ``None`` leaves that side open."""

    effective_from: date | None = None
    effective_to: date | None = None

    def holds(self, on: date) -> bool:
        """True when ``on`` lies within the range."""
        begun = self.effective_from is None or self.effective_from <= on
        return begun and (self.effective_to is None or on <= self.effective_to)

    def text(self) -> str:
        """For a reader: ``from 2021-10-01``, ``until 2021-09-30``, ``2021-10-01 to 2022-09-30`` or ``always``."""
        if self.effective_from and self.effective_to:
            return f"{self.effective_from} to {self.effective_to}"
        if self.effective_from:
            return f"from {self.effective_from}"
        if self.effective_to:
            return f"until {self.effective_to}"
        return "always"


ALWAYS = DateRange()
