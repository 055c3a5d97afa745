"""The open loops of a transaction, and the findings about segments that do not fit its guide (SNIP types 1 and 2).

`SegmentValidator` is the state of one transaction and the slow half of its walk: it names what is missing, misplaced,
repeated or malformed, and finds the best place to go on from. `reading.transaction_reader` is the quick half.
"""

from typing import Any

from shared.x12.codegen.compiled_guide import CompiledGuide, Move, matches
from shared.x12.codegen.step import Step
from shared.x12.explain.qualifier_names import name_of
from shared.x12.model.guides.grammar import Loop
from shared.x12.model.records.parts import Part, Segment, UnparsedSegment
from shared.x12.splitting.segment_positions import SegmentPosition, SegmentTracker
from shared.x12.validation.element_checks import find_faults, readable_elements
from shared.x12.validation.finding import Severity
from shared.x12.validation.finding_log import FindingLog

# A finding about what a loop lacks looks for its position among so many segments, lest a hostile file take hours.
RETRACED = 200
LEVEL_KINDS = {"level", "member"}
# Segments that say whose the records of a level are; where one is out of place, its level may be another one.
LEVEL_HEADS = {"SBR", "PAT", "NM1"}
RECORD_KINDS = {"record", "member", "whole", "header"}


class LoopFrame:
    """One open loop: what it has seen, and the fields and lists of the record that its segments fill.

    `in_doubt`: of a level, another one may have begun among the records that are directly in it; of a record, it came
    after that. `level_lost`: a level beneath or after it was not understood.
    """

    __slots__ = (
        "bad",
        "beneath",
        "context",
        "counts",
        "data",
        "hl",
        "in_doubt",
        "level_lost",
        "lists",
        "loop",
        "parent",
        "sealed",
        "seen",
        "under",
    )

    def __init__(self, loop: Loop, parent: "LoopFrame | None") -> None:
        self.loop, self.parent = loop, parent
        self.seen = 0
        self.beneath = False
        self.context: dict[str, Part] | None = None
        self.counts: dict[int, int] | None = None
        self.data: dict[str, Any]
        self.lists: dict[str, list[Any]]
        if parent is not None and loop.shares:
            self.data, self.lists = parent.data, parent.lists
        else:
            self.data, self.lists = {}, {}
        self.under: dict[str, list[Any]] | None = None
        self.sealed: Part | None = None
        self.bad = False
        self.hl: tuple[str, str, SegmentPosition] | None = None
        self.in_doubt = self.level_lost = False


class SegmentValidator:
    """The open loops of one transaction, and the findings about segments that do not fit."""

    def __init__(self, compiled: CompiledGuide, tracker: SegmentTracker, log: FindingLog, max_unparsed: int) -> None:
        self.compiled, self.tracker, self.log = compiled, tracker, log
        self.unknown: list[UnparsedSegment] = []
        self.frame = LoopFrame(compiled.guide.root, None)
        self.step = compiled.start
        self.max_unparsed = max_unparsed
        # Whether there is a level of which it is not known whose records it has.
        self.in_doubt = False

    def leaves(self, move: Move) -> bool:
        """The move would close a record or a level."""
        loop: Loop | None = self.step.loop
        for _ in range(move.pops):
            if loop is None or loop.begins:
                return True
            loop = loop.parent
        return False

    def recover(self, segment: bytes, identifier: bytes, code: str) -> Move | None:
        """A segment that the guide does not expect here: log it, and find the best place for it, if any."""
        position, compiled, loop = self.tracker.current(), self.compiled, self.step.loop.id
        name = name_of(identifier.decode("latin-1"), segment.split(compiled.delimiters.element_separator)[1:])
        wrong_code = self.missing_with_other_code(identifier)
        if wrong_code is not None:
            return wrong_code
        if not any(True for _ in compiled.uses(identifier)):
            known = identifier.isalnum() and identifier.isupper() and 2 <= len(identifier) <= 3
            self.log_finding("segment_unknown" if known else "segment_malformed", position, loop)
        else:
            move = compiled.move(self.step, identifier, code, ordered=False)
            if move is not None and move.opens is None and not self.leaves(move):
                where = move.step.loop.id
                self.log_finding("segment_order", position, where, name=name)
                return move
            self.log_finding("segment_unexpected", position, loop, name=name)
        self.keep_unparsed(position, loop)
        return None

    def missing_with_other_code(self, identifier: bytes) -> Move | None:
        """The next required segment of that id that has not been seen: its code is wrong, and its pattern will
        report it.
        """
        loop: Loop | None = self.step.loop
        frame: LoopFrame | None = self.frame
        step_ordinal, pops = self.step.use.ordinal, 0
        name = identifier.decode("latin-1")
        while loop is not None and frame is not None:
            for child in loop.children:
                use = child.first if isinstance(child, Loop) else child
                wanted = child.usage == "R" and not frame.seen & child.bit and child.ordinal >= step_ordinal
                if wanted and use.id == name:
                    return Move(self.compiled.steps[use], pops, child if isinstance(child, Loop) else None)
            step_ordinal, pops = loop.ordinal, pops + 1
            loop, frame = loop.parent, frame.parent
        return None

    def may_repeat(self, step: Step, frame: LoopFrame) -> bool:
        """A segment that was seen before in its loop: whether one more is allowed."""
        if frame.counts is None:
            frame.counts = {}
        count = frame.counts.get(step.bit, 1) + 1
        frame.counts[step.bit] = count
        if step.max_repeat == 0 or count <= step.max_repeat:
            return True
        position = self.tracker.current()
        name = name_of(step.use.id, position.segment.split(self.compiled.delimiters.element_separator)[1:], step.use)
        self.log_finding("segment_repeated", position, step.loop.id, count=str(step.max_repeat), name=name)
        self.keep_unparsed(position, step.loop.id)
        return False

    def count_loop(self, loop: Loop, parent: LoopFrame) -> None:
        """A loop begins inside another, perhaps once too often."""
        if not parent.seen & loop.bit:
            parent.seen |= loop.bit
        elif loop.max_repeat:
            if parent.counts is None:
                parent.counts = {}
            count = parent.counts[loop.bit] = parent.counts.get(loop.bit, 1) + 1
            if count == loop.max_repeat + 1:
                name = name_of(loop.first.id, [], loop.first)
                self.log_finding(
                    "loop_repeated", self.tracker.current(), loop.id, count=str(loop.max_repeat), name=name
                )

    def log_faults(self, step: Step, segment: bytes) -> None:
        """Log everything that is wrong with the segment's elements, and read what can be read."""
        delimiters, position = self.compiled.delimiters, self.tracker.current()
        elements = segment.split(delimiters.element_separator)[1:]
        if not segment.isascii():
            self.log_finding("not_ascii", position, step.loop.id)
        faults = find_faults(step.use, elements, delimiters)
        for fault in faults:
            severity = self.log.add_fault(fault, position, step.loop.id, step.use.id)
            if severity is Severity.ERROR:
                self.mark_bad()
        groups = readable_elements(elements, faults, len(step.use.elements))
        try:
            target = self.target(step)
            step.binding.parse(target.data, target.lists, groups)
        except (ValueError, IndexError):
            if not any(fault.unreadable for fault in faults):
                self.log_finding("record_incomplete", position, step.loop.id)

    def target(self, step: Step) -> LoopFrame:
        """The frame whose record a step fills."""
        if step.upward:
            assert self.frame.parent is not None
            return self.frame.parent
        return self.frame

    def log_finding(self, code: str, position: SegmentPosition, loop: str, **words: str) -> None:
        """Write down a finding about a segment; an error marks the level or record that it is in as bad."""
        if self.log.add(code, position, loop=loop, segment=words.pop("segment", ""), words=words) is Severity.ERROR:
            self.mark_bad()

    def mark_bad(self) -> None:
        """An error was found in the innermost level or record."""
        frame: LoopFrame | None = self.frame
        while frame is not None:
            if frame.loop.kind in LEVEL_KINDS or frame.loop.kind in RECORD_KINDS:
                frame.bad = True
                return
            frame = frame.parent

    def doubt_level(self) -> None:
        """Something that says whose a record is has come where it does not belong: perhaps the level is another one
        from here on.
        """
        frame: LoopFrame | None = self.frame
        while frame is not None:
            if frame.loop.kind in LEVEL_KINDS and frame.hl is not None:
                frame.in_doubt = self.in_doubt = True
                return
            frame = frame.parent

    def keep_unparsed(self, position: SegmentPosition, loop: str) -> None:
        """Keep a segment that has no place of its own."""
        parts = [
            part.decode("utf-8", "replace")
            for part in position.segment.split(self.compiled.delimiters.element_separator)
        ]
        if len(self.unknown) < self.max_unparsed:
            kept = Segment(id=parts[0], elements=tuple(parts[1:]))
            self.unknown.append(UnparsedSegment(segment=kept, position=position.in_transaction, loop=loop))

    def log_missing(self, frame: LoopFrame, *, detail: bool = True) -> None:
        """Log which required segments and loops a loop lacks (without `detail`: only those of the header)."""
        walked = self.ordinals_of_record(frame)
        for child in frame.loop.children:
            if not detail and isinstance(child, Loop) and child.begins:
                continue
            if child.usage == "R" and not frame.seen & child.bit:
                frame.seen |= child.bit
                use = child.first if isinstance(child, Loop) else child
                name = name_of(use.id, [], use)
                after = (position for at, position in walked if at > child.ordinal)
                position = next(after, self.tracker.current())
                if isinstance(child, Loop):
                    self.log_finding("loop_missing", position, child.id, segment=use.id, name=name)
                else:
                    self.log_finding("segment_missing", position, frame.loop.id, segment=use.id, name=name)

    def ordinals_of_record(self, frame: LoopFrame) -> list[tuple[int, SegmentPosition]]:
        """Where in the loop of a frame each segment of the record is: (place in the loop, place in the file)."""
        outer: LoopFrame | None = frame
        while outer is not None and outer.parent is not None and not outer.loop.begins:
            outer = outer.parent
        assert outer is not None
        separator, tracker = self.compiled.delimiters.element_separator, self.tracker
        start = self.loop_start(frame)
        step = self.compiled.steps[(frame if start else outer).loop.first]
        found: list[tuple[int, SegmentPosition]] = []
        for number in range(start, tracker.record_length()):
            position = tracker.nth_of_record(number)
            identifier = position.segment.partition(separator)[0]
            move = self.compiled.move(step, identifier, self.compiled.code(identifier, position.segment))
            step = move.step if move is not None and number > start else step
            if step.use is frame.loop.first:
                found.clear()
            at = ordinal_in(frame.loop, step)
            if at is not None:
                found.append((at, position))
        return found

    def loop_start(self, frame: LoopFrame) -> int:
        """Which segment of the trail the loop last began with; 0 where none did, and never far back in a long trail."""
        first, separator, count = (
            frame.loop.first,
            self.compiled.delimiters.element_separator,
            self.tracker.record_length(),
        )
        for number in range(count - 1, max(0, count - RETRACED), -1):
            segment = self.tracker.nth_bytes(number)
            identifier = segment.partition(separator)[0]
            if matches(first, identifier.decode("latin-1"), self.compiled.code(identifier, segment)):
                return number
        return max(0, count - RETRACED)


def ordinal_in(loop: Loop, step: Step) -> int | None:
    """The place of a step among the children of a loop; None when it is elsewhere."""
    if step.loop is loop:
        return step.use.ordinal
    inner: Loop | None = step.loop
    while inner is not None and inner.parent is not loop:
        inner = inner.parent
    return inner.ordinal if inner is not None else None
