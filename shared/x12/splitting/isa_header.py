"""From bytes in any pieces to segments: finds the delimiters of every interchange and keeps count of offsets.

Rules: delimiters come from each ISA; a tail without terminator waits for the next piece and is never longer than the
limit. Spaces and line breaks between segments stay at the front of the segment that follows, so offsets add up.
"""

import dataclasses
from collections.abc import Iterable, Iterator

from shared.x12.model.envelope import Delimiters

BLANKS = b" \t\r\n\x00\x1a"
# The segments around and between transactions' own; an empty one belongs to none.
ENVELOPE = (b"ISA", b"GS", b"ST", b"SE", b"GE", b"IEA", b"TA1")
OUTSIDE = frozenset({*ENVELOPE, b""})
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# Small enough that the segments of a piece stay in the processor's cache.
PIECE_BYTES = 16 * 1024
HEADER_BYTES = 512


def pieces(source: bytes | bytearray | memoryview | Iterable[bytes]) -> Iterator[bytes]:
    """The source in pieces of bounded size."""
    if isinstance(source, bytes | bytearray | memoryview):
        view = memoryview(source)
        for start in range(0, len(view), PIECE_BYTES):
            yield bytes(view[start : start + PIECE_BYTES])
        return
    for piece in source:
        if len(piece) <= 4 * PIECE_BYTES:
            yield bytes(piece)
        else:
            yield from pieces(bytes(piece))


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
    length = sum(len(part) + 1 for part in parts[:16]) + 2
    repetition = parts[11] if len(parts[11]) == 1 and not parts[11].isalnum() else b""
    delimiters = Delimiters.from_bytes(separator, component, repetition, terminator)
    return IsaHeader((*parts[1:16], component), delimiters, length, length == 106)
