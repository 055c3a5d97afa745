"""Where the reader stands: offsets and numbers of segments, worked out only when somebody asks.

A finding needs the byte offset and number of its segment; a million segments without findings need neither. The cursor
keeps the segments of the current piece and remembers the last offset that it worked out. It also keeps the trail of
the record being read, so that a proof that fails can say which segment is meant.
"""

from collections.abc import Callable
from typing import NamedTuple


class Place(NamedTuple):
    """One segment's place: bytes from the start, number in the source, position in its transaction, and its text."""

    offset: int
    number: int
    position: int
    segment: bytes


class Cursor:
    """The segments of one piece with the place of each. `raw` are they as they stood, `segments` without line
    breaks.
    """

    def __init__(self) -> None:
        self.segments: list[bytes] = []
        self.raw: list[bytes] = []
        self.base = 0
        self.number_base = 1
        self.index = 0
        self.transaction_start = 0
        self.known_index = 0
        self.known_offset = 0
        self.mark = 0
        self.carry: list[Place] = []

    def load(self, raw: list[bytes], segments: list[bytes], *, open_record: bool) -> None:
        """Go on to the segments of the next piece."""
        if open_record:
            self.carry.extend(self.place(index) for index in range(self.mark, len(self.segments)))
        self.base = self.offset(len(self.raw))
        self.number_base += len(self.raw)
        self.raw, self.segments = raw, segments
        self.index = self.mark = 0
        self.known_index, self.known_offset = 0, self.base

    def offset(self, index: int) -> int:
        """Byte offset of what was split off as segment `index` of this piece."""
        if index < self.known_index:
            self.known_index, self.known_offset = 0, self.base
        self.known_offset += sum(map(len, self.raw[self.known_index : index])) + index - self.known_index
        self.known_index = index
        return self.known_offset

    def place(self, index: int) -> Place:
        """The place of segment `index` of this piece; blanks in front of it are not part of it."""
        offset, segment = self.offset(index), b""
        if index < len(self.segments):
            raw, segment = self.raw[index], self.segments[index]
            if raw is not segment:
                offset += len(raw) - len(raw.lstrip(b" \t\r\n"))
        number = self.number_base + index
        return Place(offset, number, number - self.transaction_start + 1 if self.transaction_start else 0, segment)

    def here(self) -> Place:
        """The place of the current segment."""
        return self.place(self.index)

    def skip(self) -> None:
        """The current segment is empty and does not count."""
        self.number_base -= 1

    def begin(self) -> None:
        """A record begins with the current segment."""
        self.mark = self.index
        self.carry.clear()

    def began(self) -> int:
        """The offset at which the record began."""
        if self.carry:
            return self.carry[0].offset
        if self.raw is self.segments:
            return self.offset(self.mark)
        return self.place(self.mark).offset

    def trail(self) -> list[Place]:
        """The places of the record's segments before the current one."""
        return self.carry + [self.place(index) for index in range(self.mark, min(self.index, len(self.segments)))]

    def find(self, wanted: Callable[[bytes], bool], nth: int = 0) -> Place | None:
        """The nth segment of the record's trail that is wanted."""
        found = [place for place in self.trail() if wanted(place.segment)]
        return found[nth] if nth < len(found) else None
