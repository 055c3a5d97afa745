"""Opens and closes the loops of a transaction, and hands what filled them to the record that they belong to."""

from typing import Any

from shared.x12.codegen.compiled_guide import CompiledGuide, Move, matches
from shared.x12.explain.qualifier_names import name_of
from shared.x12.model.guides.grammar import Loop
from shared.x12.model.records.parts import Part
from shared.x12.reading.events import Event
from shared.x12.reading.record_delivery import RecordDelivery
from shared.x12.splitting.segment_positions import SegmentTracker
from shared.x12.validation.finding_log import FindingLog
from shared.x12.validation.hl_numbers import HlNumbers
from shared.x12.validation.segment_validator import LEVEL_KINDS, LoopFrame
from shared.x12.validation.transaction_checks import TransactionChecks


class LoopNesting(RecordDelivery):
    """The open loops of one transaction; `levels` counts its HL segments."""

    def __init__(
        self,
        compiled: CompiledGuide,
        tracker: SegmentTracker,
        log: FindingLog,
        sink: list[Event],
        checks: TransactionChecks,
        max_unparsed: int,
    ) -> None:
        super().__init__(compiled, tracker, log, sink, checks, max_unparsed)
        self.levels = HlNumbers(log)
        # The records around what is in a group (LX), for payments that come after the group was left.
        self.left: dict[Loop, dict[str, Part]] = {}

    def close_and_open(self, move: Move) -> None:
        """Close and open the loops of a move."""
        for _ in range(move.pops):
            self.close()
        if move.opens is not None:
            self.open(move.opens)

    def open(self, loop: Loop) -> None:
        """A loop begins inside the innermost one."""
        parent = self.frame
        self.count_loop(loop, parent)
        if loop.begins:
            # A level's own segments cannot come after the records beneath it, so what is missing is known now.
            if parent.loop.required_head & ~parent.seen and parent.parent is not None:
                self.log_missing(parent, detail=False)
            if not self.header_sent and self.compiled.guide.root.kind == "header":
                self.send_header()
            self.tracker.begin_record()
        self.frame = LoopFrame(loop, parent)
        if self.in_doubt and loop.kind == "record":
            outer: LoopFrame | None = parent
            while outer is not None and outer.loop.kind not in LEVEL_KINDS:
                outer = outer.parent
            self.frame.in_doubt = outer is not None and outer.in_doubt

    def reopen(self, identifier: bytes, code: str) -> Move | None:
        """A segment that begins a record or group, after the place of these was left, or without the group around them:
        it is reported, and what it begins is read all the same. None for any other segment.
        """
        pops, frame = 0, self.frame
        path = path_to(frame.loop, identifier.decode("latin-1"), code)
        while not path and frame.parent is not None:
            pops, frame = pops + 1, frame.parent
            path = path_to(frame.loop, identifier.decode("latin-1"), code)
        if not path:
            return None
        for _ in range(pops):
            self.close()
        if not self.header_sent and self.compiled.guide.root.kind == "header":
            self.send_header()
        first, position, loop = path[0].first, self.tracker.current(), path[-1].id
        self.tracker.begin_record()
        # The record is whole, so that its place is a finding of the transaction, not of the record.
        if len(path) == 1 or path[0] in self.left:
            name = name_of(path[-1].first.id, [], path[-1].first)
            self.log.add("segment_order", position, loop=loop, segment=path[-1].first.id, words={"name": name})
        else:
            name = name_of(first.id, [], first)
            self.log.add("segment_missing", position, loop=path[0].id, segment=first.id, words={"name": name})
        self.deliver(None, True)
        for outer in path[:-1]:
            around = self.context(self.frame)
            self.open(outer)
            self.frame.seen |= outer.required
            self.frame.context = self.left.get(outer, around)
        return self.compiled.moving(self.compiled.steps[path[-1].first], 0, path[-1])

    def close(self) -> None:
        """The innermost loop ends: check what it lacks, and put its record where it belongs."""
        frame = self.frame
        loop, parent = frame.loop, frame.parent
        if loop.required & ~frame.seen:
            self.log_missing(frame)
            if loop.first.id == "SBR" and not loop.begins:
                self.doubt_level()
        assert parent is not None
        kind = loop.kind
        if kind == "list":
            part = self.build(loop.record, frame.data, frame.lists)
            if part is not None:
                add(parent.lists, loop.field, part)
        elif kind == "record":
            self.send(frame, loop.record, frame.data, frame.lists, self.context(parent))
        elif kind == "field":
            part = self.build(loop.record, frame.data, frame.lists)
            if part is not None:
                parent.data[loop.field] = part
        elif kind == "member_list":
            part = self.build(loop.record, frame.data, frame.lists)
            if part is not None:
                if parent.under is None:
                    parent.under = {}
                add(parent.under, loop.field, part)
        elif kind in LEVEL_KINDS:
            self.leave_level(frame)
            if loop.first.id != "HL":
                self.left[loop] = self.context(frame)
        self.frame = parent

    def leave_level(self, frame: LoopFrame) -> None:
        """A level ends: some levels give a record of their own."""
        loop = frame.loop
        if frame.hl is not None and not frame.level_lost and not self.rejected(frame):
            self.levels.leave(frame.hl, loop.id)
        if loop.alone and (frame.lists.get("statuses") or not frame.beneath):
            level = self.sealed_part(frame)
            parents = tuple(self.context(frame.parent).values())
            data = {} if level is None else {name: getattr(level, name) for name in level.__struct_fields__}
            self.send(frame, loop.record, data | {"parents": parents}, {}, {})
        elif loop.emits and (frame.under or not frame.beneath):
            self.send(frame, loop.emits, {}, frame.under or {}, self.context(frame))

    def rejected(self, frame: LoopFrame) -> bool:
        """A level that was rejected (AAA) may announce levels beneath (HL04) although none follows."""
        party = frame.data.get("party")
        return bool(frame.lists.get("rejections") or (party is not None and party.rejections))


def path_to(loop: Loop, name: str, code: str) -> list[Loop]:
    """The groups and the record inside a loop that end with the one that a segment begins; empty where there is none.
    Levels with an HL are not passed: whose a record is has to be said.
    """
    for child in loop.children:
        if isinstance(child, Loop) and child.begins and child.first.id != "HL":
            inside = [] if matches(child.first, name, code) else path_to(child, name, code)
            if inside or matches(child.first, name, code):
                return [child, *inside]
    return []


def add(lists: dict[str, list[Any]], field: str, part: Part) -> None:
    """Add an entry to a list."""
    if field in lists:
        lists[field].append(part)
    else:
        lists[field] = [part]
