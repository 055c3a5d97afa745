"""Whether an authorization is in force on a day: one answer for the next step of a check and for a claim.

Which of several counts for a claim is decided by the claims service, which knows the visits used and the procedures.
"""

from datetime import date
from typing import Literal

from shared.dates import DateRange

APPROVED: Literal["approved"] = "approved"
"""The only status of an authorization that counts."""


def in_force(status: str, effective_from: date | None, effective_to: date | None, on: date) -> bool:
    """True when it is approved and `on`, the date of service, lies within its days."""
    return status == APPROVED and DateRange(effective_from, effective_to).holds(on)
