"""Under which authorization each line of a claim goes: one answer for the rules, the 837P and the API.

Of authorizations that hold, the one that ends first is used first, since what it still allows is lost first; of two
that end on one day the one that began first. One that covers the whole claim goes before several that share it, since
a claim carries one number. Where several must share it, a line that few cover chooses before a line that many cover.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.claims.domain.scrubber_input import AuthorizationInput


class Shortage(StrEnum):
    """Why no authorization is there for a line: the first question that none passed."""

    ON_FILE = "on_file"
    ON_DAY = "on_day"
    PROCEDURE = "procedure"
    REGION = "region"
    VISITS = "visits"
    UNITS = "units"


@dataclass(frozen=True, slots=True)
class LineNeed:
    """What a line asks of an authorization. `regions` is None where the note does not show where it was."""

    procedure_code: str
    units: int
    regions: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Allocation:
    """The authorization of a line, or what it is short of and those that came closest."""

    authorization: AuthorizationInput | None
    shortage: Shortage | None = None
    closest: tuple[AuthorizationInput, ...] = ()


def order_of_use(authorizations: Sequence[AuthorizationInput]) -> list[AuthorizationInput]:
    """The order in which authorizations are used: what ends first is used first."""
    return sorted(authorizations, key=lambda one: (one.effective_to or date.max, one.effective_from or date.min))


def allocate(
    authorizations: Sequence[AuthorizationInput], needs: Sequence[LineNeed], on: date
) -> tuple[Allocation, ...]:
    """The authorization of each line on the day of service."""
    ordered = order_of_use(authorizations)
    for one in ordered:
        if needs and all(_shortage([one], need, on, needs)[0] is None for need in needs):
            return tuple(Allocation(one) for _ in needs)
    found: dict[int, Allocation] = {}
    taken: dict[str, int] = {}
    for place in sorted(range(len(needs)), key=lambda place: len(_fit(ordered, needs[place], on))):
        shortage, some = _shortage(ordered, needs[place], on, [needs[place]], taken)
        found[place] = Allocation(None, shortage, some) if shortage else Allocation(some[0])
        if not shortage:
            _take(taken, some[0], needs[place].units)
    return tuple(found[place] for place in range(len(needs)))


def units_under_each(
    authorizations: Sequence[AuthorizationInput], needs: Sequence[LineNeed], on: date
) -> tuple[tuple[int, ...], ...]:
    """The units of each line as it has to be divided: one number where it goes under one authorization, or under none;
    several where none alone has so many units left and some together have, in the order of use."""
    found = allocate(authorizations, needs, on)
    taken: dict[str, int] = {}
    for one, need in zip(found, needs, strict=True):
        if one.authorization is not None:
            _take(taken, one.authorization, need.units)
    return tuple(
        _over_several(one.closest, need.units, taken) if one.shortage is Shortage.UNITS else (need.units,)
        for one, need in zip(found, needs, strict=True)
    )


def _over_several(some: Sequence[AuthorizationInput], units: int, taken: dict[str, int]) -> tuple[int, ...]:
    parts: list[tuple[AuthorizationInput, int]] = []
    for one in some:
        left = (one.units_allowed or 0) - one.units_used - taken.get(one.authorization_id, 0)
        part = min(left, units - sum(used for _, used in parts))
        if part > 0:
            parts.append((one, part))
    if sum(used for _, used in parts) < units:
        return (units,)
    for one, used in parts:
        _take(taken, one, used)
    return tuple(used for _, used in parts)


def _take(taken: dict[str, int], one: AuthorizationInput, units: int) -> None:
    taken[one.authorization_id] = taken.get(one.authorization_id, 0) + units


def _fit(ordered: Sequence[AuthorizationInput], need: LineNeed, on: date) -> tuple[AuthorizationInput, ...]:
    shortage, some = _shortage(ordered, need, on, [need])
    return () if shortage else some


def _shortage(
    ordered: Sequence[AuthorizationInput],
    need: LineNeed,
    on: date,
    together: Sequence[LineNeed],
    taken: dict[str, int] | None = None,
) -> tuple[Shortage | None, tuple[AuthorizationInput, ...]]:
    """None and those that fit a line, or the first question that none passed and those that passed all before it.
    `together` are the lines whose units one authorization must have, `taken` the units that the claim's other lines
    have taken."""
    units = sum(one.units for one in together)
    used = taken or {}
    questions: tuple[tuple[Shortage, Callable[[AuthorizationInput], bool]], ...] = (
        (Shortage.ON_DAY, lambda one: one.in_force(on)),
        (Shortage.PROCEDURE, lambda one: one.covers_procedure(need.procedure_code)),
        (Shortage.REGION, lambda one: one.covers_regions(need.regions)),
        (Shortage.VISITS, lambda one: one.has_visit_left),
        (Shortage.UNITS, lambda one: one.has_units_left(units + used.get(one.authorization_id, 0))),
    )
    some = tuple(ordered)
    if not some:
        return Shortage.ON_FILE, ()
    for shortage, passes in questions:
        passed = tuple(one for one in some if passes(one))
        if not passed:
            return shortage, some
        some = passed
    return None, some
