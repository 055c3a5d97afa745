"""When an authorization that is in use has to be renewed, so that no visit is without one.

Before it ends: 30 days, or 7 where it was given for 60 days or less. Before it is used up: with its last 2 visits or
10 units.
One that another follows is not renewed: what counts later, for the same procedures, with enough left. The days are
Handbill's own; payers ask to be asked some weeks before, and a request takes them about two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

RENEWAL_DAYS, SHORT_RENEWAL_DAYS, SHORT_DAYS = 30, 7, 60
LAST_VISITS, LAST_UNITS = 2, 10
EXPIRING, NEARLY_USED = "authorization_expiring", "authorization_nearly_used"


@dataclass(frozen=True, slots=True)
class Grant:
    """An approved authorization with what is left of it; None where no number was stated. `procedure_codes` is empty
    where it is for all."""

    authorization_id: str
    effective_from: date
    effective_to: date
    visits_left: int | None
    units_left: int | None
    procedure_codes: frozenset[str]
    in_use: bool

    @property
    def is_nearly_used(self) -> bool:
        """Whether the last visits or units have begun."""
        visits = self.visits_left is not None and self.visits_left <= LAST_VISITS
        return visits or (self.units_left is not None and self.units_left <= LAST_UNITS)


@dataclass(frozen=True, slots=True)
class Renewal:
    """An authorization that is to be renewed by a day, and why."""

    authorization_id: str
    due_on: date
    reason: str
    rule: str


def renewals(grants: Sequence[Grant], today: date) -> list[Renewal]:
    """What is to be renewed of a coverage's authorizations, each once."""
    return [
        _renewal(one, today)
        for one in grants
        if one.in_use and not any(_follows(other, one, today) for other in grants if other is not one)
    ]


def _follows(other: Grant, one: Grant, today: date) -> bool:
    same = not one.procedure_codes or not other.procedure_codes or one.procedure_codes <= other.procedure_codes
    if not same or other.is_nearly_used or other.effective_to < today:
        return False
    return other.effective_to > one.effective_to or (one.is_nearly_used and other.effective_to == one.effective_to)


def _renewal(one: Grant, today: date) -> Renewal:
    if one.is_nearly_used and one.effective_to >= today:
        counts = ((one.visits_left, "visits"), (one.units_left, "units"))
        left = " and ".join(f"{count} {noun}" for count, noun in counts if count is not None)
        return Renewal(one.authorization_id, today, f"Of an authorization {left} are left.", NEARLY_USED)
    lasts = one.effective_to - one.effective_from
    days = SHORT_RENEWAL_DAYS if lasts <= timedelta(days=SHORT_DAYS) else RENEWAL_DAYS
    due_on = one.effective_to - timedelta(days=days)
    return Renewal(one.authorization_id, due_on, f"An authorization ends on {one.effective_to}.", EXPIRING)
