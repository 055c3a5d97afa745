"""With which license a therapist signs: one that was in force on the day of service. A treatment by somebody without is
not payable, whoever signs for it later."""

from collections.abc import Sequence
from datetime import date

from shared.contracts.common import License


def in_force(licenses: Sequence[License], on: date) -> License | None:
    """The first one that holds on that day, its first and last day included."""
    return next((one for one in licenses if one.effective_from <= on <= (one.effective_to or date.max)), None)
