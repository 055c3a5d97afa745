"""Which revision of a rule is in force on a day. A rule has one at most; a later one takes the place of the earlier.

The day is the day of the check, in the practice's zone, and never before the day on which somebody decided it: what was
checked under a revision is never judged anew by deciding something today.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.dates import DateRange, add_days


class RevisionStatus(StrEnum):
    """`draft` was never activated, `scheduled` waits for its day, `in_force` is checked, `ended` was and is no more."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    IN_FORCE = "in_force"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class InForce:
    """The days of checks on which a revision counts: from the first on, to the last or without an end. Without a first
    day it never counts, and neither where the last is before the first."""

    first: date | None = None
    last: date | None = None

    def on(self, day: date) -> bool:
        """Whether it counts in a check of this day."""
        return self.first is not None and DateRange(self.first, self.last).holds(day)

    @property
    def never_was(self) -> bool:
        """Whether its end was decided before it began."""
        return self.first is not None and self.last is not None and self.last < self.first


def status_of(days: InForce, today: date) -> RevisionStatus:
    """Where a revision stands today."""
    if days.first is None:
        return RevisionStatus.DRAFT
    if days.never_was or (days.last is not None and days.last < today):
        return RevisionStatus.ENDED
    return RevisionStatus.SCHEDULED if days.first > today else RevisionStatus.IN_FORCE


def replaced_by(days: InForce, first: date) -> InForce:
    """The days of a revision once another counts from `first` on, or nothing does."""
    if days.first is None or days.never_was or (days.last is not None and days.last < first):
        return days
    return InForce(days.first, add_days(first, -1))
