"""Where a walk along a guide stands: the open loops, and what is said about segments that do not fit.

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
from shared.x12.validation.element_checks import examine, readable
from shared.x12.validation.finding import Severity
from shared.x12.validation.finding_log import FindingLog

# A finding about what a loop lacks looks for its position among so many segments, lest a hostile file take hours.
RETRACED = 200
LEVEL_KINDS = {"level", "member"}
RECORD_KINDS = {"record", "member", "whole", "header"}


class LoopFrame:
    """One open loop: what it has seen, and the fields and lists of the record that its segments fill."""

    __slots__ = (
        "bad",
        "beneath",
        "context",
        "counts",
        "data",
        "hl",
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


class SegmentValidator:
    """The state of one transaction, and what is said of segments that do not fit."""

    def __init__(self, program: CompiledGuide, tracker: SegmentTracker, log: FindingLog, max_unparsed: int) -> None:
        self.program, self.tracker, self.log = program, tracker, log
        self.unknown: list[UnparsedSegment] = []
        self.frame = LoopFrame(program.guide.root, None)
        self.step = program.start
        self.max_unparsed = max_unparsed

    def leaves(self, move: Move) -> bool:
        """The move would close a record or a level."""
        loop: Loop | None = self.step.loop
        for _ in range(move.pops):
            if loop is None or loop.begins:
                return True
            loop = loop.parent
        return False

    def recover(self, segment: bytes, identifier: bytes, code: str) -> Move | None:
        """A segment that the guide does not expect here: say so, and find the best place for it, if any."""
        position, program, loop = self.tracker.current(), self.program, self.step.loop.id
        name = name_of(identifier.decode("latin-1"), segment.split(program.delimiters.element_separator)[1:])
        wrong_code = self.missing_with_other_code(identifier)
        if wrong_code is not None:
            return wrong_code
        if not any(True for _ in program.uses(identifier)):
            known = identifier.isalnum() and identifier.isupper() and 2 <= len(identifier) <= 3
            self.note("segment_unknown" if known else "segment_malformed", position, loop)
        else:
            move = program.move(self.step, identifier, code, ordered=False)
            if move is not None and move.opens is None and not self.leaves(move):
                where = move.step.loop.id
                self.note("segment_order", position, where, name=name)
                return move
            self.note("segment_unexpected", position, loop, name=name)
        self.keep(position, loop)
        return None

    def missing_with_other_code(self, identifier: bytes) -> Move | None:
        """The next required segment of that id that has not been seen: its code is wrong, and the pattern will say
        so.
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
                    return Move(self.program.steps[use], pops, child if isinstance(child, Loop) else None)
            step_ordinal, pops = loop.ordinal, pops + 1
            loop, frame = loop.parent, frame.parent
        return None

    def again(self, step: Step, frame: LoopFrame) -> bool:
        """A segment that was seen before in its loop: whether it may stand once more."""
        if frame.counts is None:
            frame.counts = {}
        count = frame.counts.get(step.bit, 1) + 1
        frame.counts[step.bit] = count
        if step.max_repeat == 0 or count <= step.max_repeat:
            return True
        position = self.tracker.current()
        name = name_of(step.use.id, position.segment.split(self.program.delimiters.element_separator)[1:], step.use)
        self.note("segment_repeated", position, step.loop.id, count=str(step.max_repeat), name=name)
        self.keep(position, step.loop.id)
        return False

    def count(self, loop: Loop, parent: LoopFrame) -> None:
        """A loop begins inside another, perhaps once too often."""
        if not parent.seen & loop.bit:
            parent.seen |= loop.bit
        elif loop.max_repeat:
            if parent.counts is None:
                parent.counts = {}
            count = parent.counts[loop.bit] = parent.counts.get(loop.bit, 1) + 1
            if count == loop.max_repeat + 1:
                name = name_of(loop.first.id, [], loop.first)
                self.note("loop_repeated", self.tracker.current(), loop.id, count=str(loop.max_repeat), name=name)

    def faulty(self, step: Step, segment: bytes) -> None:
        """Say everything that is wrong with the segment's elements, and read what can be read."""
        delimiters, position = self.program.delimiters, self.tracker.current()
        elements = segment.split(delimiters.element_separator)[1:]
        if not segment.isascii():
            self.note("not_ascii", position, step.loop.id)
        faults = examine(step.use, elements, delimiters)
        for fault in faults:
            severity = self.log.add_fault(fault, position, step.loop.id, step.use.id)
            if severity is Severity.ERROR:
                self.blame()
        groups = readable(elements, faults, len(step.use.elements))
        try:
            target = self.target(step)
            step.binding.parse(target.data, target.lists, groups)
        except (ValueError, IndexError):
            if not any(fault.unreadable for fault in faults):
                self.note("record_incomplete", position, step.loop.id)

    def target(self, step: Step) -> LoopFrame:
        """The frame whose record a step fills."""
        if step.upward:
            assert self.frame.parent is not None
            return self.frame.parent
        return self.frame

    def note(self, code: str, position: SegmentPosition, loop: str, **words: str) -> None:
        """Write down a finding about a segment; an error spoils the level or record it stands in."""
        if self.log.add(code, position, loop=loop, segment=words.pop("segment", ""), words=words) is Severity.ERROR:
            self.blame()

    def blame(self) -> None:
        """An error was found in the innermost level or record."""
        frame: LoopFrame | None = self.frame
        while frame is not None:
            if frame.loop.kind in LEVEL_KINDS or frame.loop.kind in RECORD_KINDS:
                frame.bad = True
                return
            frame = frame.parent

    def keep(self, position: SegmentPosition, loop: str) -> None:
        """Keep a segment that has no place of its own."""
        parts = [
            part.decode("utf-8", "replace")
            for part in position.segment.split(self.program.delimiters.element_separator)
        ]
        if len(self.unknown) < self.max_unparsed:
            kept = Segment(id=parts[0], elements=tuple(parts[1:]))
            self.unknown.append(UnparsedSegment(segment=kept, position=position.in_transaction, loop=loop))

    def missing(self, frame: LoopFrame, *, detail: bool = True) -> None:
        """Say which required segments and loops a loop lacks (without `detail`: only those of the header)."""
        walked = self.retrace(frame)
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
                    self.note("loop_missing", position, child.id, segment=use.id, name=name)
                else:
                    self.note("segment_missing", position, frame.loop.id, segment=use.id, name=name)

    def retrace(self, frame: LoopFrame) -> list[tuple[int, SegmentPosition]]:
        """Where in the loop of a frame each segment of the trail stands: (place in the loop, place in the file)."""
        outer: LoopFrame | None = frame
        while outer is not None and outer.parent is not None and not outer.loop.begins:
            outer = outer.parent
        assert outer is not None
        separator, tracker = self.program.delimiters.element_separator, self.tracker
        start = self.began(frame)
        step = self.program.steps[(frame if start else outer).loop.first]
        found: list[tuple[int, SegmentPosition]] = []
        for number in range(start, tracker.record_length()):
            position = tracker.nth_of_record(number)
            identifier = position.segment.partition(separator)[0]
            move = self.program.move(step, identifier, self.program.code(identifier, position.segment))
            step = move.step if move is not None and number > start else step
            if step.use is frame.loop.first:
                found.clear()
            at = ordinal_in(frame.loop, step)
            if at is not None:
                found.append((at, position))
        return found

    def began(self, frame: LoopFrame) -> int:
        """Which segment of the trail the loop last began with; 0 where none did, and never far back in a long trail."""
        first, separator, count = (
            frame.loop.first,
            self.program.delimiters.element_separator,
            self.tracker.record_length(),
        )
        for number in range(count - 1, max(0, count - RETRACED), -1):
            segment = self.tracker.nth_bytes(number)
            identifier = segment.partition(separator)[0]
            if matches(first, identifier.decode("latin-1"), self.program.code(identifier, segment)):
                return number
        return max(0, count - RETRACED)


def ordinal_in(loop: Loop, step: Step) -> int | None:
    """The place of a step among the children of a loop; None when it stands elsewhere."""
    if step.loop is loop:
        return step.use.ordinal
    inner: Loop | None = step.loop
    while inner is not None and inner.parent is not loop:
        inner = inner.parent
    return inner.ordinal if inner is not None else None
