"""How many visits a plan has left for this one: its limit, less theirs, less ours, as far as each is known.

What the payer answered counts what it had paid by then. Ours on top of that are the visits that were billed here before
this one and that it had not decided when it was asked: none of its answers is about them yet, or they were later. A
denied visit uses none. Without an answer to how many are left, the limit less all of ours is the most there can be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.claims.domain.rules.benefit import lines_spoken_of
from services.claims.domain.rules.permission import counted_together, same_discipline
from services.claims.domain.scrubber_input import PastClaim
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.dates import whole_years
from shared.plural import counted

LIFETIME, SERVICE_YEAR = "32", "22"
YEARLY = frozenset({"", "21", "22", "23", "24"})
"""EB06 of a limit by the year; of other periods, as a month, nothing is worked out."""

DECIDED_WITHIN_DAYS = 45
"""By then a payer has decided; our own estimate, after the 30 to 45 days that states give for a clean claim."""


@dataclass(frozen=True, slots=True)
class VisitsLeft:
    """What is left for this visit and all after it, at most, and how that is known."""

    left: int
    why: str


def visits_left(context: ScrubberInput) -> VisitsLeft | None:
    """The fewest visits that what is known leaves, or None where nothing is."""
    coverage = context.coverage
    if not lines_spoken_of(context):
        return None
    ours = [past for past in context.history.claims if _is_ours(context, past)]
    found = []
    if coverage.visits_remaining is not None and _same_period(context, coverage.checked_on or context.on):
        undecided = _days(past for past in ours if _was_undecided(context, past))
        why = f"{coverage.visits_remaining} left when it was asked, and {_billed(undecided)} since"
        found.append(VisitsLeft(coverage.visits_remaining - len(undecided), why if undecided else "none left"))
    limit = coverage.visits_allowed_year
    if limit is not None and (coverage.visits_period in YEARLY or coverage.visits_period == LIFETIME):
        days, before = _days(ours), _before_the_move(context)
        earlier = f", {before} more before that" if before else ""
        why = f"{counted(limit, 'visit')}, and {_billed(days)} before this one{earlier}"
        found.append(VisitsLeft(limit - len(days) - before, why))
    return min(found, key=lambda one: one.left, default=None)


def _is_ours(context: ScrubberInput, past: PastClaim) -> bool:
    """Whether an earlier claim uses a visit of the same benefit."""
    return (
        past.made_before
        and past.outcome != "denied"
        and past.date_of_service != context.on
        and _same_period(context, past.date_of_service)
        and counted_together(context, past)
        and same_discipline(context, past)
    )


def _before_the_move(context: ScrubberInput) -> int:
    """Visits of the same period of which no claim is here."""
    before = context.coverage.used_before
    return before.visits if before is not None and _same_period(context, before.counted_through) else 0


def _same_period(context: ScrubberInput, day: date) -> bool:
    """A service year runs from the day on which the coverage began, where that is known; other years are calendar
    years."""
    coverage = context.coverage
    if coverage.visits_period == LIFETIME:
        return True
    if coverage.visits_period == SERVICE_YEAR and coverage.effective_from is not None:
        return whole_years(coverage.effective_from, day) == whole_years(coverage.effective_from, context.on)
    return day.year == context.on.year


def _was_undecided(context: ScrubberInput, past: PastClaim) -> bool:
    asked_on = context.coverage.checked_on or context.on
    if past.date_of_service >= asked_on:
        return True
    # Of an old claim without an answer the answer came another way, as on paper.
    return past.outcome != "paid" and (asked_on - past.date_of_service).days <= DECIDED_WITHIN_DAYS


def _days(claims: Iterable[PastClaim]) -> frozenset[date]:
    return frozenset(past.date_of_service for past in claims)


def _billed(days: frozenset[date]) -> str:
    return f"{counted(len(days), 'visit was', 'visits were')} billed here"
