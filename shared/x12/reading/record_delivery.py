"""Makes the typed records of a transaction from what its segments filled, checks them, and delivers them as events."""

from typing import Any

import msgspec

from shared.x12.codegen.compiled_guide import CompiledGuide
from shared.x12.model.guides.grammar import Loop
from shared.x12.model.records.parts import Part
from shared.x12.reading.events import Event, Record
from shared.x12.splitting.segment_positions import SegmentTracker
from shared.x12.validation.finding import Severity
from shared.x12.validation.finding_log import FindingLog
from shared.x12.validation.segment_validator import LEVEL_KINDS, LoopFrame, SegmentValidator
from shared.x12.validation.transaction_checks import TransactionChecks


class RecordDelivery(SegmentValidator):
    """The records of one transaction: `sink` takes their events, `records` counts them."""

    def __init__(
        self,
        compiled: CompiledGuide,
        tracker: SegmentTracker,
        log: FindingLog,
        sink: list[Event],
        checks: TransactionChecks,
        max_unparsed: int,
    ) -> None:
        super().__init__(compiled, tracker, log, max_unparsed)
        self.sink, self.checks = sink, checks
        self.header_sent = False
        self.records = 0

    def build(self, record: str, data: dict[str, Any], lists: dict[str, list[Any]]) -> Part | None:
        """Make a part; None (and a finding) when something that it cannot do without is missing."""
        for name, items in lists.items():
            data[name] = tuple(items)
        try:
            part: Part = self.compiled.transaction_set.record_class(record)(**data)
        except TypeError:
            # The finding about the missing segment is there already, in nearly all cases; twice would be noise.
            if not any(finding.severity is Severity.ERROR for finding in self.log.pending):
                self.log_finding("record_incomplete", self.tracker.current(), self.frame.loop.id)
            self.mark_bad()
            return None
        return part

    def sealed_part(self, frame: LoopFrame) -> Part | None:
        """The part of a level, made once."""
        # Sealed: records beneath share this one object, so that a million claims of one provider hold one provider.
        if frame.sealed is None:
            data = dict(frame.data)
            if frame.loop.record == "LevelStatus":
                data["level"] = next(iter(frame.loop.first.qualifiers))
            frame.sealed = self.build(frame.loop.record, data, frame.lists)
        return frame.sealed

    def context(self, frame: LoopFrame | None) -> dict[str, Part]:
        """The levels around a record, outermost first, by the field that they fill; worked out once for each level."""
        if frame is None:
            return {}
        if frame.context is None:
            found = dict(self.context(frame.parent))
            if frame.loop.kind in LEVEL_KINDS:
                part = self.sealed_part(frame)
                if part is not None:
                    found[frame.loop.field] = part
            frame.context = found
        return frame.context

    def send_header(self) -> None:
        """Deliver the header record; it is whole when the first level or record begins."""
        self.header_sent = True
        frame: LoopFrame | None = self.frame
        while frame is not None and frame.parent is not None:
            frame = frame.parent
        assert frame is not None
        if frame.loop.required_head & ~frame.seen:
            self.log_missing(frame, detail=False)
        record = self.build(frame.loop.record, frame.data, frame.lists)
        if record is not None:
            self.checks.header(record, self.tracker, self.log)
        self.deliver(record, frame.bad)

    def send(
        self,
        frame: LoopFrame,
        record: str,
        data: dict[str, Any],
        lists: dict[str, list[Any]],
        around: dict[str, Part],
    ) -> None:
        """Make the record of a loop that has ended, with the levels `around` it, and deliver it."""
        data.update(around)
        self.deliver_part(frame, self.build(record, data, lists), str(data.get("claim_number", "")))

    def deliver_part(self, frame: LoopFrame, part: Part | None, claim_number: str) -> None:
        """Deliver the record of a loop that has ended."""
        bad = self.has_error(frame)
        if frame.in_doubt and frame.loop.kind == "record":
            tracker = self.tracker
            position = tracker.nth_of_record(0) if tracker.record_length() else tracker.current()
            self.log.add("owner_unknown", position, loop=frame.loop.id)
            self.deliver(None, True, claim_number)
        elif part is None:
            self.deliver(part, bad, claim_number)
        else:
            self.check_and_deliver(part, frame.loop, bad)

    def has_error(self, frame: LoopFrame) -> bool:
        """Whether a record or a level around it has an error; all of them have a record beneath now."""
        bad = frame.bad
        outer: LoopFrame | None = frame
        while outer is not None:
            bad = bad or (outer.bad and outer.loop.kind in LEVEL_KINDS)
            outer.beneath = True
            outer = outer.parent
        return bad

    def check_and_deliver(self, part: Part, loop: Loop, bad: bool) -> None:
        """Check a record and deliver it."""
        log = self.log
        before = log.errors
        self.checks.record(part, self.tracker, log, loop.id)
        bad = bad or log.errors > before
        if log.pending or self.unknown:
            self.deliver(part, bad, getattr(part, "claim_number", ""))
        else:
            self.records += 1
            self.sink.append(Record(record=part, offset=self.tracker.record_offset(), ok=not bad))

    def deliver(self, record: Part | None, bad: bool, claim_number: str = "") -> None:
        """Hand over a record with the findings since the last one."""
        unknown = tuple(self.unknown)
        self.unknown.clear()
        self.records += record is not None
        findings = self.log.drain()
        if findings and claim_number:
            findings = tuple(msgspec.structs.replace(finding, claim_number=claim_number) for finding in findings)
        if record is None and not findings and not unknown:
            return
        self.sink.append(
            Record(
                record=record,
                findings=findings,
                unknown=unknown,
                offset=self.tracker.record_offset(),
                ok=not bad and record is not None,
            )
        )
