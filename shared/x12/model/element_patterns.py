"""One interchange's delimiters as bytes, and guides compiled for them.

The same guide serves every file; what depends on the delimiters (patterns, splitting of composites) is compiled once
per set of delimiters and kept in a small cache.
"""

import dataclasses
import re

from shared.x12.model.envelope import Delimiters
from shared.x12.model.guides.codes import CODE_SETS
from shared.x12.model.guides.model import Element


@dataclasses.dataclass(frozen=True)
class Dialect:
    """Delimiters as bytes; `repetition` is empty where a file has none (ISA11 `U` in older versions)."""

    element: bytes = b"*"
    component: bytes = b":"
    repetition: bytes = b"^"
    segment: bytes = b"~"

    @classmethod
    def of(cls, delimiters: Delimiters) -> "Dialect":
        """From the characters of an envelope."""
        return cls(
            *(getattr(delimiters, name).encode("latin-1") for name in ("element", "component", "repetition", "segment"))
        )

    @property
    def characters(self) -> Delimiters:
        """As characters, for the envelope."""
        return Delimiters(
            element=self.element.decode("latin-1"),
            component=self.component.decode("latin-1"),
            repetition=self.repetition.decode("latin-1"),
            segment=self.segment.decode("latin-1"),
        )

    @property
    def plain(self) -> bytes:
        """The class of characters that data may hold."""
        used = self.element + self.component + self.repetition + self.segment
        allowed = bytes(code for code in range(0x20, 0x7F) if code not in used)
        return b"[" + re.escape(allowed) + b"]"


PERIODS = {
    "D8": rb"\d{8}",
    "RD8": rb"\d{8}-\d{8}",
    "DT": rb"\d{12}",
    "TM": rb"\d{4}(?:\d\d)?",
    "D6": rb"\d{6}",
}


def value_pattern(element: Element, dialect: Dialect) -> bytes:  # noqa: PLR0911 - one form for each type
    """What a well-formed value of the element looks like; the calendar is looked at when it is read."""
    if element.codes:
        return (
            b"(?:"
            + b"|".join(re.escape(code.encode()) for code in sorted(element.codes, key=lambda c: (-len(c), c)))
            + b")"
        )
    least, most = element.least, element.most
    match element.type:
        case "M":
            return rb"-?(?:\d{1,16}(?:\.\d{1,2})?|\.\d{1,2})"
        case "R":
            return rb"-?(?:\d{1,%d}(?:\.\d{1,6})?|\.\d{1,6})" % min(most, 9)
        case "N":
            return rb"\d{%d,%d}" % (least, most)
        case "D":
            return rb"\d{8}"
        case "T":
            return rb"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d\d?)?)?"
        case "P":
            return rb"[0-9-]{4,35}"
    if element.label == "state":
        return b"(?:" + b"|".join(sorted(code.encode() for code in CODE_SETS["states"])) + b")"
    if element.label == "postal code":
        return rb"(?:\d{5}(?:\d{4})?)"
    return dialect.plain + b"{%d,%d}(?<! )" % (least, most)


def composite_pattern(element: Element, dialect: Dialect) -> bytes:
    """The components of one composite, none captured."""
    tail, required = b"", False
    separator = re.escape(dialect.component)
    for index in reversed(range(len(element.components))):
        part = element.components[index]
        lead = separator if index else b""
        if part.usage == "N":
            body = lead + tail
        else:
            body = lead + b"(?:" + value_pattern(part, dialect) + (b")" if part.usage == "R" else b")?") + tail
            if index + 1 < len(element.components) and element.components[index + 1].type == "P":
                body = format_with_date(dialect) + body
        required = required or part.usage == "R"
        if index == 0 or required:
            tail = body
        elif part.usage != "N" or tail:
            tail = b"(?:" + body + b")?"
    return tail + b"(?<!" + separator + b")"


def format_with_date(dialect: Dialect) -> bytes:
    """The next two components, a date's format and the date, are both there or both absent."""
    separator = re.escape(dialect.component)
    return b"(?!%(s)s%(x)s+(?!%(x)s|%(s)s%(x)s)|%(s)s%(s)s%(x)s)" % {b"s": separator, b"x": dialect.plain}


def element_pattern(element: Element, dialect: Dialect) -> bytes:
    """One element with its components and repetitions."""
    one = composite_pattern(element, dialect) if element.components else value_pattern(element, dialect)
    if element.repeats > 1 and dialect.repetition:
        return one + b"(?:" + re.escape(dialect.repetition) + one + b"){0,%d}" % (element.repeats - 1)
    return one
