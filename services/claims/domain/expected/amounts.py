"""An amount that may be known to the cent or only within bounds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Range:
    """From ``low_cents`` to ``high_cents``, both possible; equal when the amount is known."""

    low_cents: int
    high_cents: int

    def __add__(self, other: Range) -> Range:
        return Range(self.low_cents + other.low_cents, self.high_cents + other.high_cents)


def known(cents: int) -> Range:
    """An amount that is known."""
    return Range(cents, cents)


def total(ranges: list[Range]) -> Range:
    """The sum of ranges."""
    return Range(sum(one.low_cents for one in ranges), sum(one.high_cents for one in ranges))
