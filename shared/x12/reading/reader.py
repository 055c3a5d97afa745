"""Bytes in any pieces to events, one typed record at a time, in flat memory.

`read` never raises for what a file holds. `envelope_reader` is the state machine of ISA, GS, ST and their ends;
`transaction_reader` reads what is between ST and SE. Events are delivered after each piece.
"""

from collections.abc import Iterator

from shared.x12.model.envelope import Delimiters
from shared.x12.reading.envelope_reader import EnvelopeReader
from shared.x12.reading.events import Event
from shared.x12.reading.options import Limits, ReadOptions
from shared.x12.splitting.isa_header import HEADER_BYTES, guess_delimiters, read_isa_header
from shared.x12.splitting.pieces import BLANKS, BYTE_ORDER_MARK, INDENTATION, ByteSource, pieces
from shared.x12.splitting.segment_positions import SegmentPosition
from shared.x12.validation.code_lists import CodeLists

# An ISA is looked for in this many bytes, and has to be whole in what is left of them.
SEARCHED_BYTES = 4096 + HEADER_BYTES
# A record that is not yet whole waits for so many bytes more, and for as many again as are there, so that a long one in
# small pieces is not read over and over.
WAITED_BYTES = 512
BLANK = (b" ", b"\t", b"\x00", b"\x1a")


def read(
    source: ByteSource,
    *,
    strict: bool = False,
    codes: CodeLists | None = None,
    values: bool = False,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Iterator[Event]:
    """Events of everything in `source` (bytes, or an iterable of pieces), in order.

    `strict` makes facts of the world errors instead of warnings, `codes` are the caller's dated lists, `values`
    copies the offending values into findings (they may be PHI). Exceptions of the source itself (I/O) pass through.
    """
    reading = StreamReader(ReadOptions(strict=strict, codes=codes, values=values, limits=limits))
    for piece in pieces(source):
        reading.feed(piece)
        if reading.events:
            events, reading.events[:] = reading.events.copy(), []
            yield from events
        if reading.ended:
            break
    reading.finish()
    yield from reading.events


class StreamReader:
    """The state of one reading: bytes not yet split, the delimiters in force, and the envelope."""

    def __init__(self, options: ReadOptions) -> None:
        self.options = options
        self.envelope_reader = EnvelopeReader(options)
        self.events = self.envelope_reader.events
        self.buffer = b""
        self.delimiters: Delimiters | None = None
        self.delimiter_sets: set[Delimiters] = set()
        self.total = 0
        self.wanted_bytes = 0
        self.start = 0
        self.ended = False
        self.breaks_noted = False

    def feed(self, piece: bytes) -> None:
        """Take one piece."""
        self.total += len(piece)
        self.buffer = self.buffer + piece if self.buffer else piece
        if self.total > self.options.limits.file_bytes:
            self.stop("file size")
            return
        if len(self.buffer) >= self.wanted_bytes:
            self.wanted_bytes = 0
            self.advance(final=False)

    def advance(self, *, final: bool) -> None:
        """Split what is there; begin anew where an interchange changes the delimiters."""
        while not self.ended:
            if self.delimiters is None and not self.detect(final=final):
                return
            assert self.delimiters is not None
            breaks = self.has_breaks()
            too_long = self.too_long()
            segments = self.buffer[:too_long].split(self.delimiters.segment_terminator)
            tail = segments.pop() if too_long is None else segments.pop() + self.buffer[too_long:]
            # An ISA waits for the segment after it: its own terminator may be another one than that in force.
            if not final and segments and segments[-1].lstrip(BLANKS).startswith(b"ISA"):
                tail = segments.pop() + self.delimiters.segment_terminator + tail
            unended = final and too_long is None and bool(tail.strip(BLANKS))
            if unended:
                segments.append(tail)
                tail = b""
            done = self.process(segments, breaks=breaks, more=not final and too_long is None)
            # Not all was read: either a record waits for its rest, or an ISA with other delimiters comes next, and
            # what follows has to be split anew.
            if done < len(segments):
                rest = segments[done:] if unended else [*segments[done:], tail]
                self.buffer = self.delimiters.segment_terminator.join(rest)
                if self.envelope_reader.waits:
                    self.wanted_bytes = 2 * len(self.buffer) + WAITED_BYTES
                    return
                self.delimiters = None
                continue
            self.buffer = tail
            if too_long is None:
                if unended:
                    tracker = self.envelope_reader.tracker
                    tracker.unterminated = True
                    self.envelope_reader.log.add("no_last_terminator", tracker.position_of(len(segments) - 1))
                return
            if not self.envelope_reader.declares_other_delimiters([tail[:HEADER_BYTES].lstrip(BLANKS)]):
                self.stop("segment size")
                return
            self.envelope_reader.end_before(len(segments))
            self.delimiters = None

    def too_long(self) -> int | None:
        """Where a segment begins that is longer than the limit; None when there is none."""
        assert self.delimiters is not None
        data, ending, most = self.buffer, self.delimiters.segment_terminator, self.options.limits.segment_bytes
        start = 0
        while len(data) - start > most:
            end = data.rfind(ending, start, start + most + 1)
            if end < 0:
                return start
            start = end + 1
        return None

    def detect(self, *, final: bool) -> bool:
        """Find the delimiters of the interchange at the front of the buffer; False when more bytes are needed."""
        data = self.buffer
        # Enough for an ISA with whatever is in front of it; a source may deliver byte by byte.
        if len(data) < 1024 and not final:
            return False
        lead = len(data) - len(data.lstrip(BLANKS))
        marked = data[lead:].startswith(BYTE_ORDER_MARK)
        if marked:
            lead += 3
            lead += len(data[lead:]) - len(data[lead:].lstrip(BLANKS))
        head = data[lead:]
        if not head and not marked:
            self.skip_bytes(lead)
            return False
        if not final and len(head) < (HEADER_BYTES if head.startswith((b"ISA", b"GS", b"ST")) else SEARCHED_BYTES):
            return False
        if marked:
            self.log_at_buffer("byte_order_mark")
        if not head.startswith(b"ISA"):
            return self.no_header(head, lead)
        self.skip_bytes(lead)
        header = read_isa_header(self.buffer)
        if header is None or not header.delimiters.usable:
            self.log_at_buffer("isa_length" if header is None else "delimiters")
            self.delimiters = guess_delimiters(self.buffer[3:4])
        else:
            self.delimiters = header.delimiters
            if not header.fixed:
                self.log_at_buffer("isa_length")
        return self.begin(self.delimiters)

    def begin(self, delimiters: Delimiters) -> bool:
        """An interchange begins; each new set of delimiters has its guides compiled, so there is a limit to them."""
        self.delimiter_sets.add(delimiters)
        if len(self.delimiter_sets) > self.options.limits.delimiters:
            self.stop("different delimiters")
            return False
        self.envelope_reader.begin(delimiters)
        return True

    def no_header(self, head: bytes, lead: int) -> bool:
        """The buffer does not begin with an ISA: look for one further on, or read without."""
        at = head.find(b"ISA", 0, SEARCHED_BYTES - HEADER_BYTES)
        if at > 0 and not head[at + 3 : at + 4].isalnum() and not head.startswith((b"GS", b"ST")):
            self.log_at_buffer("leading_text")
            self.skip_bytes(lead + at)
            return self.detect(final=True)
        if head.startswith((b"GS", b"ST")):
            self.skip_bytes(lead)
            self.log_at_buffer("isa_missing")
            self.delimiters = guess_delimiters(head[2:3])
            return self.begin(self.delimiters)
        self.log_at_buffer("not_x12")
        self.ended = True
        return False

    def skip_bytes(self, count: int) -> None:
        """Leave out bytes in front of the interchange."""
        self.envelope_reader.tracker.base += count
        self.envelope_reader.tracker.known_offset = self.envelope_reader.tracker.base
        self.buffer = self.buffer[count:]

    def process(self, raw: list[bytes], *, breaks: bool, more: bool) -> int:
        """Hand segments to the envelope; gives how many it took: fewer when delimiters change or a record waits."""
        envelope_reader = self.envelope_reader
        segments = raw
        assert self.delimiters is not None
        if breaks:
            drop = b"\r\n".replace(self.delimiters.segment_terminator, b"")
            segments = [segment.translate(None, drop).lstrip(INDENTATION) for segment in raw]
            if not self.breaks_noted:
                self.breaks_noted = True
                envelope_reader.breaks = True
        taken = envelope_reader.read_segments(raw, segments, more=more)
        if envelope_reader.record_segments() > self.options.limits.record_segments:
            self.stop("record size")
        return taken

    def has_breaks(self) -> bool:
        """Whether there are line breaks or indentation between the segments of the buffer."""
        assert self.delimiters is not None
        data, ending = self.buffer, self.delimiters.segment_terminator
        if ending != b"\n" and b"\n" in data:
            return True
        if b"\r" in data or data[:1] in BLANK:
            return True
        return any(blank in data and ending + blank in data for blank in BLANK)

    def stop(self, name: str) -> None:
        """A limit is reached: log it and read no further."""
        self.envelope_reader.log_limit(name)
        self.ended = True

    def log_at_buffer(self, code: str) -> None:
        """A finding at the front of the buffer."""
        tracker = self.envelope_reader.tracker
        position = SegmentPosition(
            tracker.offset(len(tracker.raw)), tracker.number(len(tracker.raw)), 0, self.buffer[:3]
        )
        self.envelope_reader.log.add(code, position, segment="ISA")

    def finish(self) -> None:
        """No more bytes will come."""
        if not self.ended:
            if self.buffer.strip(BLANKS) or self.delimiters is None:
                self.advance(final=True)
            if self.delimiters is None and not self.ended:
                self.log_at_buffer("not_x12")
        self.envelope_reader.finish()
