"""Money as whole cents, so that no sum is ever a cent off.

Rules kept here: an amount is an ``int`` of cents whose name ends in ``_cents``; a percentage is an ``int`` of
basis points (2000 is 20 %) and is rounded half up on each line, away from zero, so that a reversal undoes exactly
what it reverses.
"""

from __future__ import annotations

import re

MAX_AMOUNT_CENTS = 99_999_999
"""The largest single amount that is taken as meant: a million dollars on one claim or plan is a typing error."""

_BASIS_POINTS_IN_ONE = 10_000


def format_dollars(cents: int) -> str:
    """Money for a reader: 123450 is ``"$1,234.50"``, -75 is ``"-$0.75"``."""
    whole, part = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return f"{sign}${whole:,}.{part:02d}"


_DOLLARS = re.compile(r"\$?(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{2}))?")


def parse_dollars(text: str) -> int | None:
    """Cents of money as a person or a spreadsheet writes it: ``"$1,234.50"`` and ``"1234.50"`` are 123450, ``"12"`` is
    1200. None for what is no amount, or is more than ``MAX_AMOUNT_CENTS``."""
    amount = _DOLLARS.fullmatch(text)
    if amount is None:
        return None
    cents = int(amount[1].replace(",", "")) * 100 + int(amount[2] or 0)
    return cents if cents <= MAX_AMOUNT_CENTS else None


def percent_of(cents: int, basis_points: int) -> int:
    """``basis_points`` of ``cents``, rounded half up away from zero: 2000 of 8003 is 1601, of -8003 is -1601."""
    product = cents * basis_points
    rounded = (abs(product) * 2 + _BASIS_POINTS_IN_ONE) // (2 * _BASIS_POINTS_IN_ONE)
    return -rounded if product < 0 else rounded


def multiply(unit_cents: int, units: int) -> int:
    """The charge of a line: the price of one unit times whole units. Negative units are a mistake of the caller."""
    if units < 0:
        raise ValueError("units of a line are never negative")
    return unit_cents * units
