"""Reads one transaction along its guide and makes typed records of it.

The hot path is `run`: for each segment one split, one look-up of the next step, one pattern and one binding; and where
a whole record can be read by a generated function, not even that. Whatever does not fit goes to `unusual_move`,
`may_repeat` or `log_faults`, which log findings and go on. A record is delivered when its loop closes; the levels above
it are made once and shared by the records beneath.
"""

from itertools import islice
from typing import Any

from shared.x12.codegen.compiled_guide import FORKED, CompiledGuide, Move
from shared.x12.codegen.step import Step
from shared.x12.model.envelope import OUTSIDE_TRANSACTIONS
from shared.x12.model.records.parts import Part
from shared.x12.reading.events import Event
from shared.x12.reading.level_recovery import LevelRecovery
from shared.x12.reading.options import Limits
from shared.x12.splitting.segment_positions import SegmentTracker
from shared.x12.validation.finding_log import FindingLog
from shared.x12.validation.transaction_checks import TransactionChecks


class TransactionReader(LevelRecovery):
    """Reads the segments of one transaction and delivers its records."""

    def __init__(
        self,
        compiled: CompiledGuide,
        tracker: SegmentTracker,
        log: FindingLog,
        sink: list[Event],
        checks: TransactionChecks,
        limits: Limits,
    ) -> None:
        super().__init__(compiled, tracker, log, sink, checks, limits.record_segments)
        # The move to a record or level that waits for the rest of its segments, and whether one may wait.
        self.waiting: Move | None = None
        self.may_wait = False
        self.held_bytes = limits.record_bytes

    def begin(self, segment: bytes) -> None:
        """Read the ST."""
        self.frame.seen |= self.step.bit
        if not self.step.fits(segment):
            self.log_faults(self.step, segment)

    def run(self, segments: list[bytes], start: int) -> int:
        """Read segments until one of the envelope, or one that waits for more; gives its index, or the length."""
        separator = self.compiled.delimiters.element_separator
        index, count = start, len(segments)
        waited, self.waiting = self.waiting, None
        # The rest of a record has come: it is read from its first segment on, not from where it broke off.
        if waited is not None:
            index = self.read_at_once(waited, segments, index)
        while index < count and self.waiting is None:
            segment = segments[index]
            parts = segment.split(separator, 2)
            move = self.step.moves.get(parts[0])
            # Moves by id, and by code only where the id is not enough: most ids have one use in a loop.
            if move.__class__ is dict:
                move = move.get(parts[1]) if len(parts) > 1 else None
            self.tracker.index = index
            if move is None and parts[0] in OUTSIDE_TRANSACTIONS:
                return index
            if move is None:
                move = self.unusual_move(segment, parts[0])
            index = index + 1 if move is None else self.follow(move, segments, index)
        return index

    def follow(self, move: Move, segments: list[bytes], index: int) -> int:
        """Make a move and read its segment, or all of its loop where that can be done at once; gives what is next."""
        if not move.still:
            self.close_and_open(move)
        if move.reader is None or not self.held_bytes:
            self.enter(move.step, segments[index])
            return index + 1
        return self.read_at_once(move, segments, index)

    def read_at_once(self, move: Move, segments: list[bytes], index: int) -> int:
        """What was just opened, in one go."""
        if self.frame.loop.kind == "record":
            return self.read_records(move, segments, index)
        return self.read_level(move, segments, index)

    def read_records(self, move: Move, segments: list[bytes], index: int) -> int:
        """The record whose loop was just opened, and those like it that follow, each in one go."""
        frame, head, tracker = self.frame, move.step.head, self.tracker
        parent, loop = frame.parent, frame.loop
        assert parent is not None
        # It is not known whose this record is, and only the slow way holds such a one back.
        if frame.in_doubt:
            self.enter(move.step, segments[index])
            return index + 1
        # Once for all the records that follow one another here.
        context, rest = self.context(parent), self.compiled.rest(parent.loop, loop.ordinal)
        spoiled = self.has_error(frame)
        while True:
            found = self.read_loop(move, segments, index, context)
            if found is None:
                return self.wait_or_enter(move, segments, index)
            after, part = found
            # A claim after a claim is the commonest case of all, and needs no search in the guide.
            alike = segments[after].startswith(head)
            # What follows is wrong for this loop, and perhaps belongs into it at another place: only the slow way can
            # tell.
            if not alike and not self.is_expected(rest, segments[after]):
                return self.wait_or_enter(move, segments, index)
            index = tracker.index = after
            self.check_and_deliver(part, loop, spoiled)
            if loop.max_repeat or not alike:
                self.frame, self.step = parent, rest
                return index
            tracker.begin_record()

    def read_level(self, move: Move, segments: list[bytes], index: int) -> int:
        """The level whose loop was just opened, up to the first record or level beneath it."""
        frame = self.frame
        found = self.read_loop(move, segments, index, {})
        rest = None if found is None else self.compiled.rest(frame.loop, found[3])
        if found is None or rest is None or not self.is_expected(rest, segments[found[0]]):
            return self.wait_or_enter(move, segments, index)
        index, frame.sealed, frame.seen, _ = found
        self.step = rest
        if frame.loop.first.id == "HL":
            self.enter_level(frame)
        return index

    def read_loop(self, move: Move, segments: list[bytes], index: int, context: dict[str, Part]) -> Any:
        """A loop read in one go; None when it is not all there, or not all in order."""
        assert move.reader is not None
        try:
            return move.reader(
                segments, index, segments[index].split(self.compiled.delimiters.element_separator), context
            )
        except (ValueError, LookupError):
            return None

    def wait_or_enter(self, move: Move, segments: list[bytes], index: int) -> int:
        """What cannot be read in one go waits if its end may not have come yet; else it is read segment by segment."""
        if self.may_wait:
            # A record whose end is in this piece was refused for a fault, and waiting would not mend it. One that may
            # be cut off waits, but never for more than `record_bytes`: a hostile file must not be held in memory.
            ended = any(segment.startswith(move.step.ends) for segment in islice(segments, index + 1, None))
            # With their terminators: segments may be empty, and ten million of those are no bytes and much memory.
            held = sum(map(len, islice(segments, index, None))) + len(segments) - index
            if not ended and held <= self.held_bytes:
                self.waiting = move
                return index
        self.enter(move.step, segments[index])
        return index + 1

    def is_expected(self, rest: Step, segment: bytes) -> bool:
        """Whether the segment after a loop is expected there, so that nothing is left to report about the loop."""
        identifier = segment.partition(self.compiled.delimiters.element_separator)[0]
        if rest.moves.get(identifier).__class__ is Move or identifier == b"SE":
            return True
        code = self.compiled.code(identifier, segment)
        move = self.compiled.move(rest, identifier, code)
        if move is not None:
            self.remember_move(rest, move, identifier, code)
        return move is not None

    def unusual_move(self, segment: bytes, identifier: bytes) -> Move | None:
        """No ordinary move: a segment with its code further inside, the first of its kind, or one that is wrong."""
        if self.lost and identifier != b"HL":
            self.leave_out(identifier)
            return None
        step, compiled = self.step, self.compiled
        code = compiled.code(identifier, segment)
        move: Move | None = step.moves.get((identifier, code))  # type: ignore[call-overload]
        if move is None:
            move = compiled.move(step, identifier, code)
            if move is not None:
                self.remember_move(step, move, identifier, code)
        if identifier == b"HL" and (move is not None or compiled.has_levels):
            return self.level_move(move, segment)
        return self.recover(segment, identifier, code) if move is None else move

    def remember_move(self, step: Step, move: Move, identifier: bytes, code: str) -> None:
        """Keep a move of the guide's own order for the next time."""
        if identifier in FORKED:
            step.moves[(identifier, code)] = move  # type: ignore[index]
        # At most 256 codes: where a guide allows any, a file may hold any number of them.
        elif code and len(step.moves.setdefault(identifier, {})) < 256 and isinstance(step.moves[identifier], dict):
            step.moves[identifier][code.encode("latin-1")] = move
        elif not code:
            step.moves[identifier] = move

    def enter(self, step: Step, segment: bytes) -> None:
        """Go to a step and read the segment there."""
        frame = self.frame
        self.step = step
        if frame.seen & step.bit:
            if not self.may_repeat(step, frame):
                return
        else:
            frame.seen |= step.bit
        if step.use.id == "HL":
            self.enter_level(frame)
        target = self.target(step)
        if not step.run(target.data, target.lists, segment):
            self.log_faults(step, segment)

    def finish(self) -> None:
        """The transaction ends: close every loop."""
        if self.lost:
            self.end_lost_level()
        while self.frame.parent is not None:
            self.close()
        if self.compiled.guide.root.required & ~self.frame.seen:
            self.log_missing(self.frame)
        if self.compiled.guide.root.kind == "whole":
            self.send(self.frame, self.compiled.guide.root.record, self.frame.data, self.frame.lists, {})
        elif not self.header_sent:
            self.send_header()
