"""Keeps the levels (HL) of a transaction apart: no record is given to the subscriber, patient or provider of another.

A level is understood when its code (HL03) may come where it stands and its HL02 names the level above it. Where the two
disagree, or a segment that only a level may begin with stands in the wrong place, it is not known whose the records
are that follow. They are delivered without a record, never with the level before: a record that is missing is asked
for, one of another patient is not.
"""

from shared.x12.codegen.compiled_guide import Move, matches
from shared.x12.codegen.step import Step
from shared.x12.model.guides.grammar import Loop
from shared.x12.reading.loop_nesting import LoopNesting
from shared.x12.validation.segment_validator import LEVEL_HEADS, LEVEL_KINDS, LoopFrame

# Segments of one event, so that a lost level of any length takes bounded memory.
SEGMENTS_PER_EVENT = 1000


class LevelRecovery(LoopNesting):
    """The levels of one transaction, and what is left out because its level was lost (`lost`)."""

    lost = False

    def enter_level(self, frame: LoopFrame) -> None:
        """Check the numbers of an HL against the levels that are open."""
        outer = frame.parent
        while outer is not None and outer.hl is None:
            outer = outer.parent
        position = self.tracker.current()
        elements = position.segment.split(self.compiled.delimiters.element_separator)[1:]
        before = self.log.errors
        frame.hl = self.levels.enter(
            elements or [b""], outer.hl if outer is not None else None, position, frame.loop.id
        )
        if self.log.errors > before:
            self.mark_bad()

    def level_move(self, move: Move | None, segment: bytes) -> Move | None:
        """Where an HL leads: by its code, where HL02 agrees with it; else to the one level that HL02 leaves; else
        nowhere.
        """
        parts = segment.split(self.compiled.delimiters.element_separator, 3)
        number = parts[2].decode("latin-1") if len(parts) > 2 else ""
        above: LoopFrame | None = None
        if move is not None:
            above = self.frame
            for _ in range(move.pops):
                assert above.parent is not None
                above = above.parent
            while above is not None and above.hl is None:
                above = above.parent
        if move is None or number != (above.hl[0] if above is not None and above.hl is not None else ""):
            move = self.disputed_level(move, number, above)
        if self.lost and move is not None:
            self.end_lost_level()
        return move

    def disputed_level(self, move: Move | None, number: str, above: LoopFrame | None) -> Move | None:
        """The move of an HL whose HL02 (`number`) does not name the level `above` that its code leads to; None when its
        level is lost.
        """
        pops, named = self.level_numbered(number)
        # A level without one above it that names one all the same: it is the code that is wrong.
        if named is not None and (move is None or (above is None and number)):
            beneath = levels_beneath(named.loop)
            move = Move(self.compiled.steps[beneath[0].first], pops, beneath[0]) if len(beneath) == 1 else None
        elif move is not None and above is not None:
            self.lose_level("hl_parent", 2)
            return None
        if move is None:
            self.lose_level()
        return move

    def level_numbered(self, number: str) -> tuple[int, LoopFrame | None]:
        """The open level with this HL01 (the transaction itself for an empty one), and how many loops are inside it."""
        pops, frame = 0, self.frame
        while frame.parent is not None:
            if number and frame.hl is not None and frame.hl[0] == number:
                return pops, frame
            pops, frame = pops + 1, frame.parent
        return pops, None if number else frame

    def recover(self, segment: bytes, identifier: bytes, code: str) -> Move | None:
        """A segment that the guide does not expect here. Where it may begin a level whose HL is not there, the level is
        lost; in the middle of a record it puts the level of the record in doubt.
        """
        name = identifier.decode("latin-1")
        if self.missing_with_other_code(identifier) is None:
            if (name in LEVEL_HEADS or name == "PRV") and self.is_complete() and self.heads_level(identifier, code):
                self.lose_level()
                return None
            if name in LEVEL_HEADS:
                self.doubt_level()
            move = self.compiled.move(self.step, identifier, code, ordered=False)
            again = None if move is not None and move.opens is None else self.reopen(identifier, code)
            if again is not None:
                return again
        return super().recover(segment, identifier, code)

    def is_complete(self) -> bool:
        """Nothing is missing of the innermost record or level, so that another one may begin here."""
        frame: LoopFrame | None = self.frame
        while frame is not None:
            level = frame.loop.kind in LEVEL_KINDS or frame.parent is None
            if (frame.loop.required_head if level else frame.loop.required) & ~frame.seen:
                return False
            if level or frame.loop.begins:
                return True
            frame = frame.parent
        return True

    def heads_level(self, identifier: bytes, code: str) -> bool:
        """A level of this guide may begin with the segment (after its HL)."""
        name = identifier.decode("latin-1")
        for use in self.compiled.uses(identifier):
            loop = use.loop
            if not loop.begins and use is loop.first and loop.parent is not None:
                loop = loop.parent
            if loop.first.id == "HL" and loop.kind in LEVEL_KINDS and matches(use, name, code):
                return True
        return False

    def lose_level(self, code: str = "level_lost", element: int = 0) -> None:
        """It is not known whose the segments are that follow, up to the next level that is understood."""
        position = self.tracker.current()
        if self.lost:
            self.keep_unparsed(position, self.frame.loop.id)
            return
        ordinal = self.step.use.ordinal
        while self.frame.parent is not None and self.frame.loop.kind not in LEVEL_KINDS:
            if self.frame.loop.first.id == "HL":
                self.mark_bad()
            ordinal = self.frame.loop.ordinal
            self.close()
        if not self.header_sent and self.compiled.guide.root.kind == "header":
            self.send_header()
        self.tracker.begin_record()
        frame: LoopFrame | None = self.frame
        while frame is not None:
            # What is said of levels beneath cannot be checked any more.
            frame.level_lost = True
            frame.seen |= sum(child.bit for child in levels_beneath(frame.loop))
            frame = frame.parent
        self.levels.forget()
        self.lost = self.in_doubt = True
        # A step of its own, from which nothing leads on but the levels that follow.
        rest = self.compiled.rest(self.frame.loop, ordinal)
        self.step = Step(rest.use, rest.binding, rest.codegen)
        identifier = position.segment.partition(self.compiled.delimiters.element_separator)[0].decode("latin-1")
        self.log.add(code, position, loop=self.frame.loop.id, element=element, segment=identifier)
        self.keep_unparsed(position, self.frame.loop.id)

    def leave_out(self, identifier: bytes) -> None:
        """Keep a segment of a lost level; each record of it is an event of its own."""
        begins = any(use is use.loop.first and use.loop.kind == "record" for use in self.compiled.uses(identifier))
        if begins or len(self.unknown) >= SEGMENTS_PER_EVENT:
            self.deliver(None, True)
            self.tracker.begin_record()
        self.keep_unparsed(self.tracker.current(), self.frame.loop.id)

    def end_lost_level(self) -> None:
        """A level is understood again, or the transaction ends."""
        self.deliver(None, True)
        self.lost = False


def levels_beneath(loop: Loop) -> list[Loop]:
    """The loops directly inside one that begin with an HL."""
    return [child for child in loop.children if isinstance(child, Loop) and child.first.id == "HL"]
