"""Where a walk along a guide stands: the open loops, and what is said about segments that do not fit.

`Standing` is the state of one transaction and the slow half of its walk: it names what is missing, misplaced, repeated
or malformed, and finds the best place to go on from. `walker` is the quick half.
"""

from typing import Any

from shared.x12.codegen.compiled_guide import Move, Program, Step, matches
from shared.x12.explain.qualifier_names import name_of
from shared.x12.model.guides import Loop
from shared.x12.model.records.parts import Part, Segment
from shared.x12.reading.events import Kept, Severity
from shared.x12.splitting.segment_positions import Cursor, Place
from shared.x12.validation.element_checks import examine, readable
from shared.x12.validation.finding_log import Journal

# A finding about what a loop lacks looks for its place among so many segments, lest a hostile file take hours.
RETRACED = 200
LEVEL_KINDS = {"level", "member"}
RECORD_KINDS = {"record", "member", "whole", "header"}


class Frame:
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

    def __init__(self, loop: Loop, parent: "Frame | None") -> None:
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
        self.hl: tuple[str, str, Place] | None = None


class Standing:
    """The state of one transaction, and what is said of segments that do not fit."""

    def __init__(self, program: Program, cursor: Cursor, journal: Journal) -> None:
        self.program, self.cursor, self.journal = program, cursor, journal
        self.unknown: list[Kept] = []
        self.frame = Frame(program.guide.root, None)
        self.step = program.start
        self.limit = journal.options.limits.record_segments

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
        place, program, loop = self.cursor.here(), self.program, self.step.loop.id
        name = name_of(identifier.decode("latin-1"), segment.split(program.dialect.element)[1:])
        wrong_code = self.missing_with_other_code(identifier)
        if wrong_code is not None:
            return wrong_code
        if not any(True for _ in program.uses(identifier)):
            known = identifier.isalnum() and identifier.isupper() and 2 <= len(identifier) <= 3
            self.note("segment_unknown" if known else "segment_malformed", place, loop)
        else:
            move = program.move(self.step, identifier, code, ordered=False)
            if move is not None and move.opens is None and not self.leaves(move):
                where = move.step.loop.id
                self.note("segment_order", place, where, name=name)
                return move
            self.note("segment_unexpected", place, loop, name=name)
        self.keep(place, loop)
        return None

    def missing_with_other_code(self, identifier: bytes) -> Move | None:
        """The next required segment of that id that has not been seen: its code is wrong, and the pattern will say
        so.
        """
        loop: Loop | None = self.step.loop
        frame: Frame | None = self.frame
        step_place, pops = self.step.use.place, 0
        name = identifier.decode("latin-1")
        while loop is not None and frame is not None:
            for child in loop.children:
                use = child.first if isinstance(child, Loop) else child
                wanted = child.usage == "R" and not frame.seen & child.bit and child.place >= step_place
                if wanted and use.id == name:
                    return Move(self.program.steps[use], pops, child if isinstance(child, Loop) else None)
            step_place, pops = loop.place, pops + 1
            loop, frame = loop.parent, frame.parent
        return None

    def again(self, step: Step, frame: Frame) -> bool:
        """A segment that was seen before in its loop: whether it may stand once more."""
        if frame.counts is None:
            frame.counts = {}
        count = frame.counts.get(step.bit, 1) + 1
        frame.counts[step.bit] = count
        if step.most == 0 or count <= step.most:
            return True
        place = self.cursor.here()
        name = name_of(step.use.id, place.segment.split(self.program.dialect.element)[1:], step.use)
        self.note("segment_repeated", place, step.loop.id, count=str(step.most), name=name)
        self.keep(place, step.loop.id)
        return False

    def count(self, loop: Loop, parent: Frame) -> None:
        """A loop begins inside another, perhaps once too often."""
        if not parent.seen & loop.bit:
            parent.seen |= loop.bit
        elif loop.most:
            if parent.counts is None:
                parent.counts = {}
            count = parent.counts[loop.bit] = parent.counts.get(loop.bit, 1) + 1
            if count == loop.most + 1:
                name = name_of(loop.first.id, [], loop.first)
                self.note("loop_repeated", self.cursor.here(), loop.id, count=str(loop.most), name=name)

    def faulty(self, step: Step, segment: bytes) -> None:
        """Say everything that is wrong with the segment's elements, and read what can be read."""
        dialect, place = self.program.dialect, self.cursor.here()
        elements = segment.split(dialect.element)[1:]
        if not segment.isascii():
            self.note("not_ascii", place, step.loop.id)
        faults = examine(step.use, elements, dialect)
        for fault in faults:
            severity = self.journal.fault(fault, place, step.loop.id, step.use.id)
            if severity is Severity.ERROR:
                self.blame()
        groups = readable(elements, faults, len(step.use.elements))
        try:
            target = self.target(step)
            step.binding.take(target.data, target.lists, groups)
        except (ValueError, IndexError):
            if not any(fault.unreadable for fault in faults):
                self.note("record_incomplete", place, step.loop.id)

    def target(self, step: Step) -> Frame:
        """The frame whose record a step fills."""
        if step.upward:
            assert self.frame.parent is not None
            return self.frame.parent
        return self.frame

    def note(self, code: str, place: Place, loop: str, **words: str) -> None:
        """Write down a finding about a segment; an error spoils the level or record it stands in."""
        if self.journal.add(code, place, loop=loop, segment=words.pop("segment", ""), words=words) is Severity.ERROR:
            self.blame()

    def blame(self) -> None:
        """An error was found in the innermost level or record."""
        frame: Frame | None = self.frame
        while frame is not None:
            if frame.loop.kind in LEVEL_KINDS or frame.loop.kind in RECORD_KINDS:
                frame.bad = True
                return
            frame = frame.parent

    def keep(self, place: Place, loop: str) -> None:
        """Keep a segment that has no place of its own."""
        parts = [part.decode("utf-8", "replace") for part in place.segment.split(self.program.dialect.element)]
        if len(self.unknown) < self.limit:
            kept = Segment(id=parts[0], elements=tuple(parts[1:]))
            self.unknown.append(Kept(segment=kept, position=place.position, loop=loop))

    def missing(self, frame: Frame, *, detail: bool = True) -> None:
        """Say which required segments and loops a loop lacks (without `detail`: only those of the header)."""
        walked = self.retrace(frame)
        for child in frame.loop.children:
            if not detail and isinstance(child, Loop) and child.begins:
                continue
            if child.usage == "R" and not frame.seen & child.bit:
                frame.seen |= child.bit
                use = child.first if isinstance(child, Loop) else child
                name = name_of(use.id, [], use)
                after = (place for at, place in walked if at > child.place)
                place = next(after, self.cursor.here())
                if isinstance(child, Loop):
                    self.note("loop_missing", place, child.id, segment=use.id, name=name)
                else:
                    self.note("segment_missing", place, frame.loop.id, segment=use.id, name=name)

    def retrace(self, frame: Frame) -> list[tuple[int, Place]]:
        """Where in the loop of a frame each segment of the trail stands: (place in the loop, place in the file)."""
        outer: Frame | None = frame
        while outer is not None and outer.parent is not None and not outer.loop.begins:
            outer = outer.parent
        assert outer is not None
        separator, cursor = self.program.dialect.element, self.cursor
        start = self.began(frame)
        step = self.program.steps[(frame if start else outer).loop.first]
        found: list[tuple[int, Place]] = []
        for number in range(start, cursor.count()):
            place = cursor.nth(number)
            identifier = place.segment.partition(separator)[0]
            move = self.program.move(step, identifier, self.program.code(identifier, place.segment))
            step = move.step if move is not None and number > start else step
            if step.use is frame.loop.first:
                found.clear()
            at = place_in(frame.loop, step)
            if at is not None:
                found.append((at, place))
        return found

    def began(self, frame: Frame) -> int:
        """Which segment of the trail the loop last began with; 0 where none did, and never far back in a long trail."""
        first, separator, count = frame.loop.first, self.program.dialect.element, self.cursor.count()
        for number in range(count - 1, max(0, count - RETRACED), -1):
            segment = self.cursor.text(number)
            identifier = segment.partition(separator)[0]
            if matches(first, identifier.decode("latin-1"), self.program.code(identifier, segment)):
                return number
        return max(0, count - RETRACED)


def place_in(loop: Loop, step: Step) -> int | None:
    """The place of a step among the children of a loop; None when it stands elsewhere."""
    if step.loop is loop:
        return step.use.place
    inner: Loop | None = step.loop
    while inner is not None and inner.parent is not loop:
        inner = inner.parent
    return inner.place if inner is not None else None
