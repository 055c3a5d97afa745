"""The code lists that the codec asks for and does not own.

They are dated facts of the world, so callers pass them (filled from `shared.codesets`); without them nothing
is reported about such codes. Every answer is True (known and in force), False (not so) or None (the list cannot
tell).
"""

import datetime
from typing import Protocol


class CodeLists(Protocol):
    """Ask with a date of service or notice; None as the date means "at any time"."""

    def diagnosis(self, code: str, on: datetime.date | None) -> bool | None:
        """ICD-10-CM code without a dot, billable on that date."""

    def adjustment_reason(self, code: str, on: datetime.date | None) -> bool | None:
        """CARC (claim adjustment reason code)."""

    def remark(self, code: str, on: datetime.date | None) -> bool | None:
        """RARC (remittance advice remark code)."""
