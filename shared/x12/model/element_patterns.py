"""What a well-formed value of an element looks like, as regular expressions over bytes.

They are made from the guide and from the delimiters of the file, since no value may hold one of them.
"""

import re

from shared.x12.model.envelope import Delimiters
from shared.x12.model.guides.code_sets import CODE_SETS
from shared.x12.model.guides.grammar import Element

PERIODS = {
    "D8": rb"\d{8}",
    "RD8": rb"\d{8}-\d{8}",
    "DT": rb"\d{12}",
    "TM": rb"\d{4}(?:\d\d)?",
    "D6": rb"\d{6}",
}


def text_characters(delimiters: Delimiters) -> bytes:
    """The class of characters that text may hold: printable ASCII without the delimiters."""
    allowed = bytes(code for code in range(0x20, 0x7F) if code not in delimiters.all_bytes)
    return b"[" + re.escape(allowed) + b"]"


def value_pattern(element: Element, delimiters: Delimiters) -> bytes:  # noqa: PLR0911 - one form for each type
    """What a well-formed value of the element looks like; the calendar is looked at when it is read."""
    if element.codes:
        return (
            b"(?:"
            + b"|".join(re.escape(code.encode()) for code in sorted(element.codes, key=lambda c: (-len(c), c)))
            + b")"
        )
    least, most = element.min_length, element.max_length
    match element.type:
        case "M":
            # Cents exactly: an amount with a third decimal is refused, never rounded.
            return rb"-?(?:\d{1,16}(?:\.\d{1,2})?|\.\d{1,2})"
        case "R":
            # Digits are counted without sign and point, as the standard counts them.
            return rb"-?(?:\d{1,%d}(?:\.\d{1,6})?|\.\d{1,6})" % min(most, 9)
        case "N":
            return rb"\d{%d,%d}" % (least, most)
        case "D":
            return rb"\d{8}"
        case "T":
            return rb"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d\d?)?)?"
        case "P":
            # Only the characters: which form it has to have is named by the element before.
            return rb"[0-9-]{4,35}"
    if element.label == "state":
        return b"(?:" + b"|".join(sorted(code.encode() for code in CODE_SETS["states"])) + b")"
    if element.label == "postal code":
        return rb"(?:\d{5}(?:\d{4})?)"
    # No space at the end: padding is not part of a value.
    return text_characters(delimiters) + b"{%d,%d}(?<! )" % (least, most)


def composite_pattern(element: Element, delimiters: Delimiters) -> bytes:
    """The components of one composite, none captured."""
    tail, required = b"", False
    separator = re.escape(delimiters.component_separator)
    # From the last component forwards, since a separator is only written when something follows it: what is optional
    # encloses all that comes after it.
    for index in reversed(range(len(element.components))):
        part = element.components[index]
        lead = separator if index else b""
        if part.usage == "N":
            body = lead + tail
        else:
            body = lead + b"(?:" + value_pattern(part, delimiters) + (b")" if part.usage == "R" else b")?") + tail
            if index + 1 < len(element.components) and element.components[index + 1].type == "P":
                body = format_with_date(delimiters) + body
        required = required or part.usage == "R"
        if index == 0 or required:
            tail = body
        elif part.usage != "N" or tail:
            tail = b"(?:" + body + b")?"
    return tail + b"(?<!" + separator + b")"


def format_with_date(delimiters: Delimiters) -> bytes:
    """The next two components, a date's format and the date, are both there or both absent."""
    separator = re.escape(delimiters.component_separator)
    return b"(?!%(s)s%(x)s+(?!%(x)s|%(s)s%(x)s)|%(s)s%(s)s%(x)s)" % {b"s": separator, b"x": text_characters(delimiters)}


def element_pattern(element: Element, delimiters: Delimiters) -> bytes:
    """One element with its components and repetitions."""
    one = composite_pattern(element, delimiters) if element.components else value_pattern(element, delimiters)
    if element.repeats > 1 and delimiters.repetition_separator:
        # ISA11 is the separator of this file only. A reader that assumes `^` takes HI and EB apart wrongly.
        return one + b"(?:" + re.escape(delimiters.repetition_separator) + one + b"){0,%d}" % (element.repeats - 1)
    return one
