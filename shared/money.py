"""Money as whole cents, so that no sum is ever a cent off.

Rules kept here: an amount is an ``int`` of cents whose name ends in ``_cents``; a percentage is an ``int`` of
basis points (2000 is 20 %) and is rounded half up on each line, away from zero, so that a reversal undoes exactly
what it reverses; text that is not an amount gives an error that never repeats the text.
"""

from __future__ import annotations

import re

MAX_CENTS = 10**15
"""Ten trillion dollars: more than any remittance, little enough to fit every database's 64-bit integer."""

MAX_AMOUNT_CENTS = 99_999_999
"""The largest single amount that is taken as meant: a million dollars on one claim or plan is somebody's slip."""

_AMOUNT = re.compile(r"([+-]?)(\d{0,16})(?:\.(\d*))?", re.ASCII)
_BASIS_POINTS_IN_ONE = 10_000


class AmountError(ValueError):
    """Text that is not an amount of dollars and whole cents. It never holds the text itself."""


def parse_cents(text: str) -> int:
    """The cents of an X12-style decimal: ``"80"`` is 8000, ``".75"`` is 75, ``"-12.5"`` is -1250.

    Zeros after the second decimal place are accepted; any other digit there is refused, because a tenth of a cent
    cannot be posted. Raises ``AmountError`` for everything that is no amount.
    """
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise AmountError("not an amount of money")
    sign, whole, fraction = match.group(1), match.group(2), match.group(3) or ""
    if not whole and not fraction:
        raise AmountError("not an amount of money")
    if fraction[2:].strip("0"):
        raise AmountError("an amount has a fraction of a cent")
    cents = int(whole or "0") * 100 + int(fraction[:2].ljust(2, "0"))
    if cents > MAX_CENTS:
        raise AmountError("an amount is beyond every limit")
    return -cents if sign == "-" else cents


def format_amount(cents: int) -> str:
    """The shortest X12 decimal: 8000 is ``"80"``, 75 is ``"0.75"``, -1250 is ``"-12.5"``."""
    whole, part = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    if not part:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{part:02d}".rstrip("0")


def format_dollars(cents: int) -> str:
    """Money for a reader: 123450 is ``"$1,234.50"``, -75 is ``"-$0.75"``."""
    whole, part = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return f"{sign}${whole:,}.{part:02d}"


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


def parse_basis_points(text: str) -> int:
    """Basis points of a decimal share as a 271 sends it: ``"0.2"`` is 2000, ``"1"`` is 10000, ``".125"`` is 1250."""
    match = _AMOUNT.fullmatch(text)
    if match is None or match.group(1) == "-":
        raise AmountError("not a share between 0 and 1")
    whole, fraction = match.group(2), match.group(3) or ""
    if (not whole and not fraction) or fraction[4:].strip("0"):
        raise AmountError("not a share between 0 and 1")
    points = int(whole or "0") * _BASIS_POINTS_IN_ONE + int(fraction[:4].ljust(4, "0"))
    if points > _BASIS_POINTS_IN_ONE:
        raise AmountError("not a share between 0 and 1")
    return points
