"""Segments alone: where each one begins, its number, its elements. For whoever needs no guide and no record.

The bytes are split a piece at a time, so memory stays flat, and there is nothing to pay for what is not asked: no
envelope is checked and no value is read. Delimiters are those of the ISA in force, also where files with different
ones were joined. Line breaks and indentation between segments belong to no segment, and an empty segment is none.
"""

from collections.abc import Iterator
from typing import NamedTuple

from shared.x12.model.envelope import Delimiters
from shared.x12.splitting.isa_header import HEADER_BYTES, guess_delimiters, read_isa_header
from shared.x12.splitting.pieces import BLANKS, BYTE_ORDER_MARK, INDENTATION, SEGMENT_BYTES, ByteSource, pieces

# Where a segment begins (its first byte, from 0), its number (from 1), and its id with its elements.
NumberedSegment = tuple[int, int, list[bytes]]
# An ISA is looked for in so many bytes at the start of a source.
SEARCHED_BYTES = 4096


class Segments:
    """An iterator of the segments of a source, with the `delimiters` of the one that was given last."""

    def __init__(self, source: ByteSource) -> None:
        self.delimiters = Delimiters()
        self._found = self._split(source)

    def __iter__(self) -> Iterator[NumberedSegment]:
        """The iterator itself, without a method call for each segment."""
        return self._found

    def __next__(self) -> NumberedSegment:
        """The next segment."""
        return next(self._found)

    def _split(self, source: ByteSource) -> Iterator[NumberedSegment]:
        """Batch by batch."""
        number = 0
        for offset, raw, delimiters, plain in batches(source):
            self.delimiters = delimiters
            separator, at = delimiters.element_separator, offset
            # Nearly every file: nothing has to be stripped, and an offset is the sum of the lengths before it.
            if plain:
                for segment in raw:
                    number += 1
                    yield at, number, segment.split(separator)
                    at += len(segment) + 1
                continue
            # Unless a line break is the terminator itself.
            drop = b"\r\n".replace(delimiters.segment_terminator, b"")
            for one in raw:
                segment = one.translate(None, drop).lstrip(INDENTATION)
                if segment:
                    number += 1
                    yield at + len(one) - len(one.lstrip(BLANKS)), number, segment.split(separator)
                at += len(one) + 1


def segments(source: ByteSource) -> Segments:
    """`(offset, number, parts)` for every segment of `source` (bytes, or an iterable of pieces), in order.

    `parts` are bytes: the segment's id and then its elements, with components and repetitions still inside. Nothing
    comes of a source without an ISA, GS or ST; a segment of more than `SEGMENT_BYTES` ends the reading.
    """
    return Segments(source)


class Batch(NamedTuple):
    """Segments that lie one after the other, as they were split: the offset of the first, their delimiters, and whether
    there is nothing between them and none is empty.
    """

    offset: int
    raw: list[bytes]
    delimiters: Delimiters
    plain: bool


def batches(source: ByteSource) -> Iterator[Batch]:
    """The source in batches; an ISA that declares other delimiters begins a batch."""
    splitter = Splitter()
    for piece in pieces(source):
        yield from splitter.feed(piece)
        if len(splitter.buffer) > SEGMENT_BYTES:
            return
    yield from splitter.feed(b"", final=True)


class Splitter:
    """What is not yet split: its bytes, the offset of the first of them, and the delimiters in force."""

    def __init__(self) -> None:
        self.buffer = b""
        self.offset = 0
        self.delimiters: Delimiters | None = None

    def feed(self, piece: bytes, *, final: bool = False) -> Iterator[Batch]:
        """The batches that a piece completes."""
        self.buffer += piece
        if self.delimiters is None and not self.begin(final=final):
            return
        while True:
            stop, following = self.next_interchange(final=final)
            yield self.split(stop, ended=final or following is not None)
            if following is None:
                return
            self.delimiters = following

    def begin(self, *, final: bool) -> bool:
        """Find the first interchange; False when more bytes are needed, or when there is none."""
        if len(self.buffer) < SEARCHED_BYTES + HEADER_BYTES and not final:
            return False
        data = self.buffer.lstrip(BLANKS).removeprefix(BYTE_ORDER_MARK).lstrip(BLANKS)
        if not data.startswith((b"GS", b"ST")):
            data = data[max(data.find(b"ISA", 0, SEARCHED_BYTES), 0) :]
        header = read_isa_header(data)
        if header is not None and header.delimiters.usable:
            self.delimiters = header.delimiters
        elif data.startswith((b"ISA", b"GS", b"ST")):
            self.delimiters = guess_delimiters(data[3:4] if data.startswith(b"ISA") else data[2:3])
        else:
            return False
        self.offset += len(self.buffer) - len(data)
        self.buffer = data
        return True

    def next_interchange(self, *, final: bool) -> tuple[int, Delimiters | None]:
        """How far the delimiters in force reach in the buffer, and those of the ISA there (None: not known yet)."""
        data, blanks = self.buffer, BLANKS.replace(self.terminator, b"")
        at = data.find(b"ISA")
        while at >= 0:
            # The segment before it may have ended long ago: what is between them is blank.
            end = at
            while end and data[end - 1] in blanks:
                end -= 1
            # Letters like these may also be in a name: an ISA comes right after a terminator, or first of all.
            if not end or data[end - 1 : end] == self.terminator:
                # It may be cut off here; the next piece has the rest of it.
                if len(data) - at < HEADER_BYTES and not final:
                    return at, None
                header = read_isa_header(data[at : at + HEADER_BYTES])
                if header is not None and header.delimiters.usable and header.delimiters != self.delimiters:
                    return at, header.delimiters
            at = data.find(b"ISA", at + 3)
        return len(data), None

    @property
    def terminator(self) -> bytes:
        """What ends a segment."""
        assert self.delimiters is not None
        return self.delimiters.segment_terminator

    def split(self, stop: int, *, ended: bool) -> Batch:
        """Split the buffer as far as `stop`; a last segment that has not `ended` there stays in it."""
        assert self.delimiters is not None
        data, terminator, offset = self.buffer[:stop], self.terminator, self.offset
        raw = data.split(terminator)
        tail = raw.pop()
        if ended and tail.strip(BLANKS):
            raw.append(tail)
            tail = b""
        rest = stop - (0 if ended else len(tail))
        self.buffer = self.buffer[rest:]
        self.offset += rest
        return Batch(offset, raw, self.delimiters, is_plain(data, raw, terminator))


def is_plain(data: bytes, raw: list[bytes], terminator: bytes) -> bool:
    """Whether there is nothing between the segments of `data`, and none of them is empty."""
    # The least of them begins with a space or what comes before it, if any does; and an empty one would be the least.
    if raw and min(raw)[:1] <= b" ":
        return False
    return b"\r" not in data and (terminator == b"\n" or b"\n" not in data)
