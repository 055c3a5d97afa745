"""Walks one transaction along its guide and makes typed records of it.

The hot path is `run`: per segment one split, one look-up of the next step, one pattern and one binding. Whatever does
not fit goes to `odd`, `repeated` or `faulty`, which say in findings what is wrong and go on. A record is delivered when
its loop closes; levels above it are made once and shared by the records beneath.
"""

from typing import Any

import msgspec

from shared.x12 import records
from shared.x12.cursor import Cursor
from shared.x12.events import Event, Record, Severity
from shared.x12.guides import Loop
from shared.x12.journal import Journal
from shared.x12.labels import name_of
from shared.x12.levels import Levels
from shared.x12.program import FORKED, Move, Program, Step
from shared.x12.proofs import Proofs
from shared.x12.records.parts import Part
from shared.x12.standing import LEVEL_KINDS, Frame, Standing

# Segments remembered with the step that they were read from; beyond that all are forgotten.
KNOWN_SEGMENTS = 1024
CONTROL = {b"SE", b"ST", b"GE", b"GS", b"IEA", b"ISA", b"TA1", b""}
CLASSES: dict[str, Any] = {name: getattr(records, name) for name in records.__all__}


class Walker(Standing):
    """Reads the segments of one transaction and delivers its records."""

    def __init__(self, program: Program, cursor: Cursor, journal: Journal, sink: list[Event], proofs: Proofs) -> None:
        super().__init__(program, cursor, journal)
        self.sink, self.proofs = sink, proofs
        self.levels = Levels(journal)
        self.header_sent = False
        self.records = 0

    def begin(self, segment: bytes) -> None:
        """Read the ST."""
        self.frame.seen |= self.step.bit
        if not self.step.fits(segment):
            self.faulty(self.step, segment)

    def run(self, segments: list[bytes], start: int) -> int:  # noqa: PLR0912 - the hot path stays in one place
        """Read segments until one that belongs to the envelope; gives its index, or the length.

        Three ways, from the quickest: bytes that were read before from the same step, a move within the loop, the rest.
        """
        separator = self.program.dialect.element
        step, frame = self.step, self.frame
        known, moves = step.known, step.moves
        for index in range(start, len(segments)):
            segment = segments[index]
            hit = known.get(segment)
            if hit is not None:
                following, field, items = hit
                if frame.seen & following.bit and not self.again(following, frame, index):
                    continue
                frame.seen |= following.bit
                lists = frame.lists
                if field in lists:
                    lists[field] += items
                else:
                    lists[field] = list(items)
                step = following
                known, moves = step.known, step.moves
                continue
            parts = segment.split(separator, 2)
            move = moves.get(parts[0])
            if move.__class__ is dict:
                move = move.get(parts[1]) if len(parts) > 1 else None
            if move is not None and move.quick:
                following = move.step
                if frame.seen & following.bit and not self.again(following, frame, index):
                    continue
                frame.seen |= following.bit
                if following.run(frame.data, frame.lists, segment):
                    if following.repeats:
                        remember(known, following, segment)
                else:
                    self.step, self.cursor.index = following, index
                    self.faulty(following, segment)
                step = following
                known, moves = step.known, step.moves
                continue
            self.step, self.cursor.index = step, index
            if move is not None:
                self.follow(move, segment)
            elif parts[0] in CONTROL:
                return index
            else:
                self.odd(segment, parts[0])
            step, frame = self.step, self.frame
            known, moves = step.known, step.moves
        self.step = step
        return len(segments)

    def follow(self, move: Move, segment: bytes) -> None:
        """Make a move that closes or opens loops, or fills the record of the loop above."""
        if move.again and self.frame.loop is move.opens and self.next_entry(move.opens):
            step, frame = move.step, self.frame
            frame.seen = step.bit
            self.step = step
            if not step.run(frame.data, frame.lists, segment):
                self.faulty(step, segment)
        else:
            self.apply(move, segment)

    def next_entry(self, loop: Loop) -> bool:
        """One entry of a list ends and the next begins, the commonest change of loops; False when it needs care."""
        frame = self.frame
        parent = frame.parent
        if loop.required & ~frame.seen or parent is None:
            return False
        counts = parent.counts
        if counts is None:
            parent.counts = counts = {}
        count = counts.get(loop.bit, 1) + 1
        if loop.most and count > loop.most:
            return False
        part = self.build(loop.record, frame.data, frame.lists)
        if part is not None:
            add(parent.lists, loop.field, part)
        counts[loop.bit] = count
        frame.seen, frame.counts = 0, None
        frame.data, frame.lists = {}, {}
        return True

    def again(self, step: Step, frame: Frame, index: int) -> bool:
        """A segment that was seen before in its loop: whether it may stand once more."""
        if frame.counts is None:
            frame.counts = {}
        count = frame.counts.get(step.bit, 1) + 1
        frame.counts[step.bit] = count
        if step.most == 0 or count <= step.most:
            return True
        self.cursor.index = index
        place = self.cursor.here()
        name = name_of(step.use.id, place.segment.split(self.program.dialect.element)[1:], step.use)
        self.note("segment_repeated", place, step.loop.id, count=str(step.most), name=name)
        self.keep(place, step.loop.id)
        return False

    def odd(self, segment: bytes, identifier: bytes) -> None:
        """No ordinary move: a segment with its code further inside, the first of its kind, or one that is wrong."""
        step, program = self.step, self.program
        code = program.code(identifier, segment)
        move = step.moves.get((identifier, code))  # type: ignore[call-overload]
        if move is None:
            move = program.move(step, identifier, code)
            if move is None:
                move = self.recover(segment, identifier, code)
                if move is None:
                    return
            else:
                self.learn(step, move, identifier, code)
        self.apply(move, segment)

    def learn(self, step: Step, move: Move, identifier: bytes, code: str) -> None:
        """Keep a move of the guide's own order for the next time."""
        if identifier in FORKED:
            step.moves[(identifier, code)] = move  # type: ignore[index]
        elif code and len(step.moves.setdefault(identifier, {})) < 256 and isinstance(step.moves[identifier], dict):
            step.moves[identifier][code.encode("latin-1")] = move
        elif not code:
            step.moves[identifier] = move

    def apply(self, move: Move, segment: bytes) -> None:
        """Go to a step and read the segment there."""
        if not move.still:
            self.shift(move)
        step, frame = move.step, self.frame
        self.step = step
        if frame.seen & step.bit:
            if not self.again(step, frame, self.cursor.index):
                return
        else:
            frame.seen |= step.bit
        if step.use.id == "HL":
            self.enter_level(frame, segment)
        target = self.target(step)
        if not step.run(target.data, target.lists, segment):
            self.faulty(step, segment)

    def enter_level(self, frame: Frame, segment: bytes) -> None:
        """Check the numbers of an HL against the levels that are open."""
        outer = frame.parent
        while outer is not None and outer.hl is None:
            outer = outer.parent
        place = self.cursor.here()
        elements = segment.split(self.program.dialect.element)[1:]
        frame.hl = self.levels.enter(elements, outer.hl if outer is not None else None, place, frame.loop.id)

    def shift(self, move: Move) -> None:
        """Close and open the loops of a move."""
        for _ in range(move.pops):
            self.close()
        loop = move.opens
        if loop is None:
            return
        parent = self.frame
        if parent.seen & loop.bit:
            if parent.counts is None:
                parent.counts = {}
            count = parent.counts.get(loop.bit, 1) + 1
            parent.counts[loop.bit] = count
            if loop.most and count == loop.most + 1:
                name = name_of(loop.first.id, [], loop.first)
                self.note("loop_repeated", self.cursor.here(), loop.id, count=str(loop.most), name=name)
        else:
            parent.seen |= loop.bit
        if loop.begins:
            if parent.loop.required_head & ~parent.seen and parent.parent is not None:
                self.missing(parent, detail=False)
            if not self.header_sent and self.program.guide.root.kind == "header":
                self.send_header()
            self.cursor.begin()
        self.frame = Frame(loop, parent)

    def close(self) -> None:
        """The innermost loop ends: check what it lacks, and put its record where it belongs."""
        frame = self.frame
        loop, parent = frame.loop, frame.parent
        if loop.required & ~frame.seen:
            self.missing(frame)
        assert parent is not None
        kind = loop.kind
        if kind == "list":
            part = self.build(loop.record, frame.data, frame.lists)
            if part is not None:
                add(parent.lists, loop.field, part)
        elif kind == "record":
            self.send(frame, loop.record, frame.data, frame.lists)
        elif kind == "field":
            part = self.build(loop.record, frame.data, frame.lists)
            if part is not None:
                parent.data[loop.field] = part
        elif kind == "under":
            part = self.build(loop.record, frame.data, frame.lists)
            if part is not None:
                if parent.under is None:
                    parent.under = {}
                add(parent.under, loop.field, part)
        elif kind in LEVEL_KINDS:
            self.leave_level(frame)
        self.frame = parent

    def leave_level(self, frame: Frame) -> None:
        """A level ends: some levels give a record of their own."""
        loop = frame.loop
        if frame.hl is not None and not self.refused(frame):
            self.levels.leave(frame.hl, loop.id)
        if loop.alone and (frame.lists.get("statuses") or not frame.beneath):
            level = self.seal(frame)
            parents = tuple(self.context(frame.parent).values())
            data = {} if level is None else {name: getattr(level, name) for name in level.__struct_fields__}
            self.send(frame, loop.record, data | {"parents": parents}, {}, alone=True)
        elif loop.emits and (frame.under or not frame.beneath):
            self.send(frame, loop.emits, {}, frame.under or {}, inside=True)

    def refused(self, frame: Frame) -> bool:
        """A level that was refused (AAA) may say that levels follow although none does."""
        party = frame.data.get("party")
        return bool(frame.lists.get("rejections") or (party is not None and party.rejections))

    def build(self, record: str, data: dict[str, Any], lists: dict[str, list[Any]]) -> Part | None:
        """Make a part; None (and a finding) when something that it cannot do without is missing."""
        for name, items in lists.items():
            data[name] = tuple(items)
        try:
            part: Part = CLASSES[record](**data)
        except TypeError:
            if not any(finding.severity is Severity.ERROR for finding in self.journal.pending):
                self.note("record_incomplete", self.cursor.here(), self.frame.loop.id)
            self.blame()
            return None
        return part

    def seal(self, frame: Frame) -> Part | None:
        """The part of a level, made once."""
        if frame.sealed is None:
            data = dict(frame.data)
            if frame.loop.record == "LevelStatus":
                data["level"] = next(iter(frame.loop.first.qualifiers))
            frame.sealed = self.build(frame.loop.record, data, frame.lists)
        return frame.sealed

    def context(self, frame: Frame | None) -> dict[str, Part]:
        """The levels around a record, outermost first, by the field that they fill; worked out once for each level."""
        if frame is None:
            return {}
        if frame.context is None:
            found = dict(self.context(frame.parent))
            if frame.loop.kind in LEVEL_KINDS:
                part = self.seal(frame)
                if part is not None:
                    found[frame.loop.field] = part
            frame.context = found
        return frame.context

    def send_header(self) -> None:
        """Deliver the header record; it is whole when the first level or record begins."""
        self.header_sent = True
        frame: Frame | None = self.frame
        while frame is not None and frame.parent is not None:
            frame = frame.parent
        assert frame is not None
        self.missing(frame, detail=False)
        record = self.build(frame.loop.record, frame.data, frame.lists)
        if record is not None:
            self.proofs.header(record, self.cursor, self.journal)
        self.deliver(record, frame.bad)

    def send(
        self,
        frame: Frame,
        record: str,
        data: dict[str, Any],
        lists: dict[str, list[Any]],
        *,
        inside: bool = False,
        alone: bool = False,
    ) -> None:
        """Make a record, prove it and deliver it."""
        if not alone:
            data.update(self.context(frame if inside else frame.parent))
        part = self.build(record, data, lists)
        bad = frame.bad
        outer: Frame | None = frame
        while outer is not None:
            bad = bad or (outer.bad and outer.loop.kind in LEVEL_KINDS)
            outer.beneath = True
            outer = outer.parent
        if part is not None:
            before = self.journal.errors
            self.proofs.record(part, self.cursor, self.journal, frame.loop.id)
            bad = bad or self.journal.errors > before
        if part is not None and not self.journal.pending and not self.unknown:
            self.records += 1
            self.sink.append(Record(record=part, offset=self.cursor.began(), ok=not bad))
        else:
            self.deliver(part, bad, str(data.get("claim_number", "")))

    def deliver(self, record: Part | None, bad: bool, claim_number: str = "") -> None:
        """Hand over a record with the findings since the last one."""
        unknown = tuple(self.unknown)
        self.unknown.clear()
        self.records += record is not None
        findings = self.journal.taken()
        if findings and claim_number:
            findings = tuple(msgspec.structs.replace(finding, claim_number=claim_number) for finding in findings)
        if record is None and not findings and not unknown:
            return
        self.sink.append(
            Record(
                record=record,
                findings=findings,
                unknown=unknown,
                offset=self.cursor.began(),
                ok=not bad and record is not None,
            )
        )

    def finish(self) -> None:
        """The transaction ends: close every loop."""
        while self.frame.parent is not None:
            self.close()
        if self.program.guide.root.required & ~self.frame.seen:
            self.missing(self.frame)
        if self.program.guide.root.kind == "whole":
            self.send(self.frame, self.program.guide.root.record, self.frame.data, self.frame.lists)
        elif not self.header_sent:
            self.send_header()


def remember(known: dict[bytes, Any], step: Step, segment: bytes) -> None:
    """Keep what a segment was read as, for the next time that it follows the same step."""
    items = step.recall(segment)
    if items is not None:
        if len(known) >= KNOWN_SEGMENTS:
            known.clear()
        known[segment] = (step, step.field, items)


def add(lists: dict[str, list[Any]], field: str, part: Part) -> None:
    """Add an entry to a list."""
    if field in lists:
        lists[field].append(part)
    else:
        lists[field] = [part]


__all__ = ["Walker"]
