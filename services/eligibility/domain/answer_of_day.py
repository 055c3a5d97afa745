"""Which of a payer's answers speaks of a day of service: not always the newest, which may be about another day.

Rules: an answer that was asked about the day itself comes first. Another speaks of the day where the plan's own dates
hold it; where it tells none, of days from the one that was asked about on, and of those before it in the same month,
since plans change with the month. Visits and amounts are counted by the year, so no answer speaks of another year.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.eligibility.domain.massage_benefit import INACTIVE
from shared.dates import DateRange


@dataclass(frozen=True, slots=True)
class PlanAnswer:
    """What an answer says of the plan: the day that was asked about, whether it is active, and the plan's dates."""

    service_date: date
    active: str
    effective_from: date | None
    effective_to: date | None

    def speaks_of(self, day: date) -> bool:
        """True where it says something of that day."""
        if self.service_date == day:
            return True
        if self.service_date.year != day.year:
            return False
        if self.active == INACTIVE:
            # A plan that has ended was in force before: of those days the answer does not say that it was not.
            return day > self.effective_to if self.effective_to else self._near(day)
        if self.effective_from or self.effective_to:
            return DateRange(self.effective_from, self.effective_to).holds(day)
        return self._near(day)

    def _near(self, day: date) -> bool:
        return self.service_date <= day or self.service_date.month == day.month


def answer_of_day(answers: Sequence[PlanAnswer], day: date) -> int | None:
    """The place of the answer that counts for a day among `answers`, newest first; None where none speaks of it."""
    asked = [place for place, answer in enumerate(answers) if answer.service_date == day]
    speaking = [place for place, answer in enumerate(answers) if answer.speaks_of(day)]
    return next(iter([*asked, *speaking]), None)
