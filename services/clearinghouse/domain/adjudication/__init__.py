"""Adjudication: from a claim and a member's history to paid cents and reasons, line by line.

The order of decisions: `denials` says which lines are not paid at all, `pricing` what the rest is worth, `sharing` what
the patient bears, `coordination` what an earlier payer has left over; `decide` runs them day by day.
"""

from services.clearinghouse.domain.adjudication.decide import (
    DENIED_UNTIL_REPLACED,
    DUPLICATE,
    NOBODY_KNOWN,
    TAKEN_BACK_BEFORE,
    UNNECESSARY,
    adjudicate,
    refuse,
)

__all__ = [
    "DENIED_UNTIL_REPLACED",
    "DUPLICATE",
    "NOBODY_KNOWN",
    "TAKEN_BACK_BEFORE",
    "UNNECESSARY",
    "adjudicate",
    "refuse",
]
