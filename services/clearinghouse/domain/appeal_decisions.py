"""What a payer decides on an appeal: everything, the first denied line or half of the only one, or nothing anew."""

from collections.abc import Callable, Collection
from dataclasses import replace

from services.clearinghouse.domain.outcomes import Adjustment, ClaimOutcome, LineOutcome
from services.clearinghouse.domain.scenarios import APPEAL_OVERTURNED, APPEAL_PARTLY

DAYS_TO_DECIDE = 30
Adjudicate = Callable[[frozenset[int]], ClaimOutcome]
"""Decides the claim anew, these lines not denied."""


def decide_appeal(before: ClaimOutcome, asked: Collection[str], adjudicate: Adjudicate) -> ClaimOutcome | None:
    """The new decision, by the scenarios that the appeal asked for; None where the payer's decision stands."""
    denied = [line for line in before.lines if line.denied]
    if not denied:
        return None
    if APPEAL_OVERTURNED.name in asked:
        return adjudicate(frozenset(line.number for line in denied))
    if APPEAL_PARTLY.name not in asked:
        return None
    first = denied[0]
    after = adjudicate(frozenset({first.number}))
    if len(denied) > 1:
        return replace(after, lines=tuple(_decided(line, before, first) for line in after.lines))
    return replace(
        after, lines=tuple(_half(line, first) if line.number == first.number else line for line in after.lines)
    )


def _decided(line: LineOutcome, before: ClaimOutcome, overturned: LineOutcome) -> LineOutcome:
    """Of a line that was denied and stays so, the denial as it was."""
    was = next(one for one in before.lines if one.number == line.number)
    return was if was.denied and was.number != overturned.number else line


def _half(line: LineOutcome, denied: LineOutcome) -> LineOutcome:
    """Half of what the line would be paid; the other half stays denied as it was."""
    paid = line.paid_cents // 2
    kept = denied.adjustments[0]
    rest = Adjustment(kept.group, kept.code, line.paid_cents - paid)
    return replace(
        line,
        paid_cents=paid,
        allowed_cents=line.allowed_cents - rest.amount_cents,
        adjustments=(*line.adjustments, rest),
    )
