"""National provider identifiers: ten digits whose last is a check digit (Luhn over 80840 and the number)."""

from __future__ import annotations

_PREFIX_SUM = 24
"""What the prefix 80840 adds to the Luhn sum; source: NPI final rule, 45 CFR 162.406, ISO/IEC 7812."""


def npi_valid(number: str) -> bool:
    """True for ten ASCII digits with the right check digit: 1234567893 is good, 1234567890 is not."""
    if len(number) != 10 or not number.isascii() or not number.isdigit():
        return False
    total = _PREFIX_SUM
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def tax_id_valid(number: str) -> bool:
    """True for nine ASCII digits that are not all the same."""
    return len(number) == 9 and number.isascii() and number.isdigit() and len(set(number)) > 1
