"""Segments as bytes: elements, amounts and the few segments that a part writes itself."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared import x12

AMOUNT_MAX_LENGTH = 18
AMOUNT = re.compile(rb"(-?)(\d*)(?:\.(\d*))?")
"""No exponent: 1E999999 has eight characters and takes minutes to become a number of cents."""
NPI_LENGTH = 10
NOT_SHOWN = b"NOT SHOWN"
NO_TAX_ID = b"000000000"
"""Takes the place of an identifier in what a part does not show; no tax id and no NPI looks like it."""


@dataclass(frozen=True, slots=True)
class Separators:
    """Of the interchange in force."""

    element: bytes
    component: bytes
    terminator: bytes

    @classmethod
    def of(cls, delimiters: x12.Delimiters) -> "Separators":
        """Those that the reader has found."""
        return cls(delimiters.element_separator, delimiters.component_separator, delimiters.segment_terminator)

    def split(self, segment: bytes) -> list[bytes]:
        """Id and elements."""
        return segment.split(self.element)

    def join(self, elements: Sequence[bytes]) -> bytes:
        """One segment without its terminator, and without empty elements at its end."""
        kept = list(elements)
        while kept and not kept[-1]:
            kept.pop()
        return self.element.join(kept)


def element(elements: Sequence[bytes], place: int) -> bytes:
    """The element at this place (1 is the first after the id), empty where the segment ends before."""
    return elements[place].strip() if place < len(elements) else b""


def text(value: bytes) -> str:
    """An element as text."""
    return value.decode(errors="replace")


def npi_of(value: bytes) -> str:
    """Ten digits, or the empty text for what cannot be an NPI."""
    return value.decode() if len(value) == NPI_LENGTH and value.isdigit() else ""


def cents(value: bytes) -> int | None:
    """An amount in cents; None for what is none. Fractions of a cent are cut off: the reader reports them."""
    found = AMOUNT.fullmatch(value) if len(value) <= AMOUNT_MAX_LENGTH else None
    if found is None or not (found[2] or found[3]):
        return None
    of_cents = int(found[2] or b"0") * 100 + int((found[3] or b"")[:2].ljust(2, b"0"))
    return -of_cents if found[1] == b"-" else of_cents


def amount(of_cents: int) -> bytes:
    """Cents as X12 writes an amount: no sign above zero, no zeros at the end."""
    whole = f"{'-' if of_cents < 0 else ''}{abs(of_cents) // 100}.{abs(of_cents) % 100:02d}"
    return whole.rstrip("0").rstrip(".").encode()


def whole_number(value: bytes) -> int | None:
    """A count such as SE01."""
    return int(value) if value.isdigit() and len(value) <= AMOUNT_MAX_LENGTH else None
