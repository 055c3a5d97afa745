"""Offsets and numbers of segments, computed only when a finding needs them.

A finding needs the byte offset and number of its segment; a million segments without findings need neither. The tracker
keeps the segments of the current piece and remembers the last offset that it worked out. It also keeps the trail of
the record being read, so that a check that fails can name the segment.
"""

from bisect import bisect_left
from typing import NamedTuple

from shared.x12.splitting.pieces import BLANKS


class SegmentPosition(NamedTuple):
    """One segment's place: bytes from the start, number in the source, position in its transaction, and its text."""

    offset: int
    number: int
    in_transaction: int
    segment: bytes


class SegmentTracker:
    """The segments of one piece with the place of each. `raw` are they as received, `segments` without line
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
        self.carry: list[SegmentPosition] = []
        self.empty: list[int] = []
        self.asked = (0, 0, 0)
        self.found: dict[bytes, list[int]] = {}
        self.unterminated = False
        """Whether the last segment of this piece ends with the source, without a terminator."""

    def load(self, raw: list[bytes], segments: list[bytes], *, open_record: bool) -> None:
        """Go on to the segments of the next piece."""
        if open_record:
            # The record goes on in the next piece, and its checks may still name a segment of this one.
            self.carry.extend(self.position_of(index) for index in range(self.mark, len(self.segments)))
        self.base = self.offset(len(self.raw))
        self.number_base = self.number(len(self.raw))
        self.restart(raw, segments)

    def restart(self, raw: list[bytes], segments: list[bytes]) -> None:
        """Go to the start of these segments; `base` and `number_base` are those of the first."""
        self.raw, self.segments, self.empty = raw, segments, []
        self.index = self.mark = 0
        self.known_index, self.known_offset = 0, self.base

    def truncate(self, index: int) -> None:
        """Segment `index` and what follows it come again with the next piece."""
        self.raw, self.segments = self.raw[:index], self.segments[:index]
        self.index = index

    def stop_before(self, index: int) -> None:
        """Go back to segment `index`: it and what follows will be split anew, with other delimiters."""
        self.base, self.number_base = self.offset(index), self.number(index)
        self.restart([], [])

    def offset(self, index: int) -> int:
        """Byte offset of what was split off as segment `index` of this piece."""
        if index < self.known_index:
            self.known_index, self.known_offset = 0, self.base
        # From the last place that was asked for: findings come in the order of the file, so each byte is counted once.
        self.known_offset += len(b"".join(self.raw[self.known_index : index])) + index - self.known_index
        self.known_index = index
        # What would stand behind an unterminated segment is at the end of the source.
        return self.known_offset - (self.unterminated and index == len(self.raw))

    def number(self, index: int) -> int:
        """The number of segment `index` of this piece in the source; empty ones before it do not count."""
        return self.number_base + index - bisect_left(self.empty, index)

    def position_of(self, index: int) -> SegmentPosition:
        """The place of segment `index` of this piece; blanks in front of it are not part of it."""
        offset, segment = self.offset(index), b""
        if index < len(self.segments):
            raw, segment = self.raw[index], self.segments[index]
            if raw is not segment:
                offset += len(raw) - len(raw.lstrip(BLANKS))
        number = self.number(index)
        return SegmentPosition(
            offset, number, number - self.transaction_start + 1 if self.transaction_start else 0, segment
        )

    def current(self) -> SegmentPosition:
        """The place of the current segment."""
        return self.position_of(self.index)

    def skip_empty(self) -> None:
        """The current segment is empty and does not count."""
        self.empty.append(self.index)

    def begin_record(self) -> None:
        """A record begins with the current segment."""
        self.mark = self.index
        self.carry.clear()

    def record_offset(self) -> int:
        """The offset at which the record began."""
        if self.carry:
            return self.carry[0].offset
        # Nothing was stripped in this piece, so there are no blanks to step over.
        if self.raw is self.segments:
            return self.offset(self.mark)
        return self.position_of(self.mark).offset

    def record_length(self) -> int:
        """How many segments of the record are before the current one."""
        return len(self.carry) + max(0, min(self.index, len(self.segments)) - self.mark)

    def nth_of_record(self, number: int) -> SegmentPosition:
        """The place of one of them, from 0."""
        held = len(self.carry)
        return self.carry[number] if number < held else self.position_of(self.mark + number - held)

    def nth_bytes(self, number: int) -> bytes:
        """The bytes of one of them; its place is not worked out."""
        held = len(self.carry)
        return self.carry[number].segment if number < held else self.segments[self.mark + number - held]

    def find(self, head: bytes, nth: int = 0) -> SegmentPosition | None:
        """The nth segment of the record that begins with `head`; a record with many faults is gone through once."""
        asked = (self.number_base, self.mark, self.record_length())
        if self.asked != asked:
            self.asked = asked
            self.found.clear()
        numbers = self.found.get(head)
        if numbers is None:
            numbers = [number for number in range(self.record_length()) if self.nth_bytes(number).startswith(head)]
            self.found[head] = numbers
        return self.nth_of_record(numbers[nth]) if nth < len(numbers) else None
