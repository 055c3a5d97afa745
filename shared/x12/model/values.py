"""Between bytes and values: money, quantities, dates and text.

Rules: money becomes integer cents and never passes through a float; a date that is not in the calendar is refused
with `ValueError`. Amounts and dates repeat within a file, so what was read is remembered, within bounds.
"""

import datetime
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

CACHE_ENTRIES = 5120
# A full cache is emptied when so many values have not found room, so that yesterday's do not bar today's for ever.
PATIENCE = 8 * CACHE_ENTRIES
Value = TypeVar("Value")
MONEY = re.compile(rb"(-?)(\d{0,16})(?:\.(\d{1,2})0*)?")


class BoundedCache(dict[Any, Value]):
    """Bytes of an element -> its value (or a value -> its text), bounded. What comes first stays: the amounts of a fee
    schedule come early and often, sums come once.
    """

    capacity = CACHE_ENTRIES
    rejected = 0

    def store(self, raw: Any, value: Value) -> Value:
        """Remember a value if there is room."""
        if len(self) < self.capacity:
            self[raw] = value
        else:
            self.rejected += 1
            if self.rejected > PATIENCE:
                self.clear()
                self.rejected = 0
        return value


class CentsCache(BoundedCache[int]):
    """Amount as written -> integer cents; `ValueError` for what is no amount of at most two decimals."""

    def __missing__(self, raw: bytes) -> int:
        match = MONEY.fullmatch(raw)
        # Never through a float: a peer that sums floats finds remittances of 0.1 + 0.2 out of balance.
        if match is None or not (match[2] or match[3]):
            raise ValueError("not an amount of money")
        cents = int(match[2] or b"0") * 100 + int((match[3] or b"0").ljust(2, b"0"))
        return self.store(raw, -cents if match[1] else cents)


class DateCache(BoundedCache[datetime.date]):
    """CCYYMMDD -> date; `ValueError` for a day that does not exist."""

    def __missing__(self, raw: bytes) -> datetime.date:
        if len(raw) != 8 or not raw.isdigit():
            raise ValueError("not a date")
        value = datetime.date(int(raw[:4]), int(raw[4:6]), int(raw[6:]))
        return self.store(raw, value)


class DecimalCache(BoundedCache[Decimal]):
    """A decimal as written -> Decimal with the digits as written; `ValueError` otherwise."""

    def __missing__(self, raw: bytes) -> Decimal:
        try:
            value = Decimal(raw.decode("ascii"))
        except (InvalidOperation, UnicodeDecodeError):
            raise ValueError("not a number") from None
        if not value.is_finite():
            raise ValueError("not a number")
        return self.store(raw, value)


class TextCache(BoundedCache[str]):
    """Short codes -> the same str object each time, so that a million `HC` take no memory."""

    def __missing__(self, raw: bytes) -> str:
        value = raw.decode()
        return self.store(raw, value)


class ElementCache(BoundedCache[Any]):
    """Elements of one form -> value; `ValueError` for one that has another form."""

    def __init__(self, pattern: re.Pattern[bytes], convert: Callable[[bytes], Any]) -> None:
        super().__init__()
        self.matches, self.convert = pattern.fullmatch, convert

    def __missing__(self, raw: bytes) -> Any:
        if self.matches(raw) is None:
            raise ValueError("not as the guide has it")
        return self.store(raw, self.convert(raw))


class PlainCentsCache(BoundedCache[int]):
    """Amount in the form that is written (`-12.5`, `.75`, `120`) -> integer cents; `ValueError` for any other."""

    def __missing__(self, raw: bytes) -> int:
        whole, point, fraction = raw.partition(b".")
        places, digits = len(fraction), whole + fraction
        if not digits.isdigit() and not (raw[:1] == b"-" and digits[1:].isdigit()):
            raise ValueError("not an amount of money as it is written")
        if len(whole) > 16 + (whole[:1] == b"-") or places > 2 or (point and not places):
            raise ValueError("not an amount of money as it is written")
        return self.store(raw, int(digits) * CENTS_IN[places])


# What one of the last digit is worth in cents, by the number of digits after the point.
CENTS_IN = (100, 10, 1)
CENTS = CentsCache()
PLAIN_CENTS = PlainCentsCache()
DATES = DateCache()
DECIMALS = DecimalCache()
TEXTS = TextCache()


def format_cents(cents: int) -> str:
    """12050 -> `120.5`, 12000 -> `120`, -6 -> `-.06`: as short as the standard wants it."""
    minus = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    if rest == 0:
        return f"{minus}{whole}"
    return f"{minus}{whole or ''}.{f'{rest:02d}'.rstrip('0')}"


def format_decimal(value: Decimal) -> str:
    """Without exponent and without zeros at the end of the fraction."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_date(value: datetime.date) -> str:
    """CCYYMMDD."""
    return f"{value.year:04d}{value.month:02d}{value.day:02d}"


def npi_ok(raw: bytes) -> bool:
    """Ten digits whose last is the Luhn check digit over `80840` and the first nine."""
    if len(raw) != 10 or not raw.isdigit():
        return False
    total = 24
    for index, digit in enumerate(raw):
        number = digit - 48
        if index % 2 == 0:
            number = number * 2 - 9 if number > 4 else number * 2
        total += number
    return total % 10 == 0


class NpiCache(BoundedCache[bool]):
    """NPI -> whether its check digit is right."""

    def __missing__(self, raw: bytes) -> bool:
        return self.store(raw, npi_ok(raw))


NPIS = NpiCache()
