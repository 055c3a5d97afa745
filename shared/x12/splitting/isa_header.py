"""Finds the ISA and the delimiters that it declares.

An ISA is the only segment of fixed length (106 characters), so delimiters are read off at their places. A file whose
ISA was not padded is read all the same: the elements are counted instead. Delimiters are never assumed.
"""

import dataclasses

from shared.x12.model.envelope import Delimiters

# An ISA, however badly padded, is not longer than this.
HEADER_BYTES = 512
USUAL_DELIMITERS = Delimiters()


@dataclasses.dataclass(frozen=True)
class IsaHeader:
    """An ISA as found: its elements, the delimiters it declares, the bytes it takes, whether its length was right."""

    elements: tuple[bytes, ...]
    delimiters: Delimiters
    length: int
    fixed: bool


def read_isa_header(data: bytes) -> IsaHeader | None:
    """The ISA at the start of `data`; None when it is not one (or not whole)."""
    if not data.startswith(b"ISA") or len(data) < 106:
        return None
    separator = data[3:4]
    window = data[:HEADER_BYTES]
    parts = window.split(separator, 16)
    if len(parts) < 17 or len(parts[16]) < 2:
        return None
    component, terminator = parts[16][:1], parts[16][1:2]
    # Elements are counted, not columns: an ISA that was not padded is common, and readable. Its component separator is
    # ISA16, whatever ISA it is: peers that assume `:` fail on `>`.
    length = sum(len(part) + 1 for part in parts[:16]) + 2
    # ISA11 was a standards identifier (`U`) up to 4010, and is no separator there.
    repetition = parts[11] if len(parts[11]) == 1 and not parts[11].isalnum() else b""
    delimiters = Delimiters.from_bytes(separator, component, repetition, terminator)
    return IsaHeader((*parts[1:16], component), delimiters, length, length == 106)


def guess_delimiters(separator: bytes) -> Delimiters:
    """The usual delimiters, for a file that does not declare them, with the element separator that it uses."""
    found = Delimiters.from_bytes(separator) if separator and not separator.isalnum() else USUAL_DELIMITERS
    return found if found.usable else USUAL_DELIMITERS
