"""Used instead of `transaction_reader` where a transaction has no guide: its segments are delivered unparsed."""

from shared.x12.model.envelope import OUTSIDE_TRANSACTIONS, Delimiters
from shared.x12.model.records.parts import Segment, UnparsedSegment
from shared.x12.reading.events import Event, Record
from shared.x12.splitting.segment_positions import SegmentTracker
from shared.x12.validation.finding_log import FindingLog

# Segments of one event, so that a transaction of any length takes bounded memory.
SEGMENTS_PER_EVENT = 1000


class UnguidedReader:
    """Used where there is no guide: keeps segments as they are."""

    def __init__(self, delimiters: Delimiters, tracker: SegmentTracker, log: FindingLog, sink: list[Event]) -> None:
        self.delimiters, self.tracker, self.log, self.sink = delimiters, tracker, log, sink
        self.kept: list[UnparsedSegment] = []
        self.records = 0
        self.waiting, self.may_wait = None, False

    def run(self, segments: list[bytes], start: int) -> int:
        """Keep segments until one that belongs to the envelope."""
        for index in range(start, len(segments)):
            parts = segments[index].split(self.delimiters.element_separator)
            if parts[0] in OUTSIDE_TRANSACTIONS:
                return index
            self.tracker.index = index
            elements = tuple(part.decode("utf-8", "replace") for part in parts)
            position = self.tracker.number(index) - self.tracker.transaction_start + 1
            self.kept.append(UnparsedSegment(segment=Segment(id=elements[0], elements=elements[1:]), position=position))
            # A peer stops at the first segment that it does not know; here nothing is lost, and memory stays flat.
            if len(self.kept) >= SEGMENTS_PER_EVENT:
                self.finish()
        return len(segments)

    def finish(self) -> None:
        """Hand over what is kept."""
        if self.kept:
            self.sink.append(Record(record=None, findings=self.log.drain(), unknown=tuple(self.kept), ok=False))
            self.kept.clear()
