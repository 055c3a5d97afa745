"""Writes one transaction from its header and records, following the guide.

Records carry the levels above them; levels that are equal to those already open are shared, others are closed and
opened. Every field of a record must find its place in the guide, or the record is refused.
"""

from typing import Any

import msgspec

from shared.x12.codegen.compiled_guide import CompiledGuide
from shared.x12.codegen.step import Step
from shared.x12.model.bindings.binding import FieldsBinding
from shared.x12.model.bindings.element_kinds import COMPONENT
from shared.x12.model.envelope import Transaction
from shared.x12.model.guides.grammar import DISCRIMINATORS, Loop, SegmentUse
from shared.x12.model.records.parts import Part
from shared.x12.model.records.status import LevelStatus
from shared.x12.validation.catalogue import CATALOGUE
from shared.x12.validation.catalogue.finding_type import Count
from shared.x12.validation.element_checks import find_faults
from shared.x12.validation.finding import Severity
from shared.x12.writing.field_types import check_types
from shared.x12.writing.open_levels import LevelParts, OpenLevel, OpenLevels, always_has_children, hl_elements
from shared.x12.writing.quick_records import QuickRecords
from shared.x12.writing.record_layout import code_of, covered_fields, level_part, level_routes, routes, swappable
from shared.x12.writing.segment_output import SegmentOutput
from shared.x12.writing.write_error import WriteError

LEVELS = ("level", "member")
OUTSIDE = ("level", "member", "record")


class TransactionWriter:
    """The state of one ST that is being written."""

    def __init__(self, compiled: CompiledGuide, output: SegmentOutput, *, careful: bool = False) -> None:
        self.compiled, self.output = compiled, output
        self.levels = OpenLevels()
        self.quick = None if careful else QuickRecords(compiled, output, self.levels)
        self.path: list[str] = []
        self.header_pieces = 0
        """How many pieces of output there are before the first record."""
        self.by_segments = False
        """Whether a record was written segment by segment, so that nothing has proved yet that it comes back."""

    def write(self, transaction: Transaction) -> None:
        """ST, header, records, SE."""
        number = transaction.control_number
        if not (4 <= len(number) <= 9 and number.isalnum()):
            raise WriteError("control_number", "has four to nine letters or digits")
        guide, output = self.compiled.guide, self.output
        output.count = 0
        root = guide.root
        # Not every guide asks for ST03: the 835 identifies itself by GS08 alone.
        version = guide.version if root.first.elements[2].usage == "R" else ""
        output.segment(["ST", guide.code, number, version], "control_number")
        # The 999 is one record from AK1 to AK9: it has no header of its own.
        if root.kind == "whole":
            if len(transaction.records) != 1:
                raise WriteError("records", "this transaction holds exactly one record")
            self.path, self.by_segments = ["records", "0"], True
            self.check_class(root, transaction.records[0])
            self.children(root, transaction.records[0], None)
        else:
            self.path = ["header"]
            if transaction.header is None:
                raise WriteError("header", "is missing")
            self.check_class(root, transaction.header)
            self.children(root, transaction.header, None)
            self.header_pieces = len(output.pieces)
            for index, record in enumerate(transaction.records):
                self.path = ["records", str(index)]
                self.write_record(record)
            self.check_detail(root, transaction)
        # SE01 counts ST and SE as well.
        output.segment(["SE", str(output.count + 1), number], "control_number")

    def check_detail(self, root: Loop, transaction: Transaction) -> None:
        """A guide whose detail is required needs a record."""
        if not transaction.records and any(
            isinstance(c, Loop) and c.usage == "R" and c.kind in OUTSIDE for c in root.children
        ):
            raise WriteError("records", "the transaction needs at least one record")

    def check_class(self, loop: Loop, record: object) -> None:
        """The header or whole record is of the class that the guide wants, and can be written."""
        if type(record).__name__ != loop.record or not isinstance(record, Part):
            raise WriteError("/".join(self.path), f"has to be a {loop.record}")
        check_types(record, self.path)
        self.output.check_no_placeholder(record, "/".join(self.path))

    def write_record(self, record: Part) -> None:
        """Open the levels above the record, and write it there."""
        if self.quick is not None and self.quick.write(record):
            return
        self.by_segments = True
        if not isinstance(record, Part):
            raise WriteError("/".join(self.path), "has to be a record")
        check_types(record, self.path)
        self.output.check_no_placeholder(record, "/".join(self.path))
        if isinstance(record, LevelStatus):
            self.level_with_status(record)
            return
        levels, loop = self.route(record)
        bearing = loop in [level for level, _ in levels]
        below = not bearing and loop.first.id == "HL"
        self.enter(levels, fresh=loop if bearing else None, children=below)
        if bearing:
            self.member_lists(loop, record)
        else:
            self.record_loop(loop, record)

    def route(self, record: Part) -> tuple[LevelParts, Loop]:
        """The levels (with their parts) and the loop for a record: the deepest for which all levels are given."""
        name = type(record).__name__
        best: tuple[LevelParts, Loop] | None = None
        for path, loop in routes(self.compiled).get(name, ()):
            levels = [(level, level_part(record, level)) for level in path]
            if loop.kind == "level" and self.has_own(record, path):
                continue
            if all(part is not None for _, part in levels) and (best is None or len(levels) > len(best[0])):
                best = [(level, part) for level, part in levels if part is not None], loop
        if best is None:
            raise WriteError("/".join(self.path), f"a {name} (with these levels) has no place in this transaction")
        return best

    def has_own(self, record: Part, path: list[Loop]) -> bool:
        """The record holds more than its levels, so that a bare level cannot represent it."""
        levels = {level.field for level in path}
        return any(getattr(record, name) for name in record.__struct_fields__ if name not in levels)

    def level_with_status(self, record: LevelStatus) -> None:
        """A level that is judged by itself."""
        path: list[Loop] = next(
            (path for path, loop in level_routes(self.compiled) if record.level in loop.first.qualifiers), []
        )
        parts = [*record.parents, msgspec.structs.replace(record, parents=())]
        if len(path) != len(parts):
            raise WriteError("/".join([*self.path, "parents"]), "name all levels above, outermost first")
        self.enter(list(zip(path, parts, strict=True)), fresh=None, children=False)

    def enter(self, levels: LevelParts, *, fresh: Loop | None, children: bool) -> None:
        """Keep the open levels that are shared, close the others and open what is missing."""
        shared = self.levels.shared(levels, fresh)
        del self.levels.open[shared:]
        for index in range(shared, len(levels)):
            loop, part = levels[index]
            self.open_level(loop, part, children=children or index < len(levels) - 1)

    def open_level(self, loop: Loop, part: Part, *, children: bool) -> None:
        """Write the segments of a level."""
        number = ""
        path = self.path
        self.path = [*path, loop.field]
        if loop.first.id == "HL":
            number = self.level_segment(loop, children=children)
            children = children or always_has_children(loop)
        # A level without an HL, such as LX, has no HL04 that could rule out records beneath it.
        self.levels.open.append(OpenLevel(loop, part, number, children or loop.first.id != "HL"))
        self.check_class(loop, part)
        self.check_coverage(loop, part)
        self.children(loop, part, None)
        self.path = path

    def level_segment(self, loop: Loop, *, children: bool) -> str:
        """Write the HL of a level inside the innermost one, and give its number."""
        self.levels.number += 1
        elements = hl_elements(loop, self.levels.number, self.levels.parent, children=children)
        self.output.segment(elements, "/".join(self.path))
        return str(self.levels.number)

    def record_loop(self, loop: Loop, record: Part) -> None:
        """Write a record's own loop."""
        self.check_coverage(loop, record)
        if loop.first.id == "HL":
            beneath = bool(getattr(record, "services", ()))
            number = self.level_segment(loop, children=beneath)
            self.levels.open.append(OpenLevel(loop, record, number, children=beneath))
            self.children(loop, record, None)
            self.levels.open.pop()
        else:
            self.children(loop, record, None)

    def member_lists(self, loop: Loop, record: Part) -> None:
        """Write the lists of a record that a member level bears."""
        for child in loop.children:
            if isinstance(child, Loop) and child.kind == "member_list":
                self.list_loop(child, getattr(record, child.field))

    def children(self, loop: Loop, part: Any, parent: Any) -> None:
        """Write the segments and loops of a loop in the guide's order; what may be swapped keeps the record's order."""
        for together in swappable(self.compiled, loop):
            child = together[0]
            if isinstance(child, SegmentUse):
                uses = [use for use in together if isinstance(use, SegmentUse)]
                if child.id not in ("HL", "ST"):
                    self.segments_of_uses(uses, parent if child.upward else part)
            elif child.kind == "list":
                self.lists([one for one in together if isinstance(one, Loop)], part)
            elif child.kind == "field":
                self.field_loop(child, part)
            elif child.kind == "inline":
                self.inline_loop(child, part)
            elif child.kind == "unparsed":
                self.unparsed_loop(child, part)

    def field_loop(self, loop: Loop, parent: Part) -> None:
        """One part in a loop of its own."""
        part = getattr(parent, loop.field)
        if part is None:
            if loop.usage == "R":
                raise WriteError("/".join([*self.path, loop.field]), "is missing")
            return
        self.path.append(loop.field)
        self.check_class(loop, part)
        self.check_coverage(loop, part)
        self.children(loop, part, parent)
        self.path.pop()

    def lists(self, loops: list[Loop], part: Any) -> None:
        """Parts of one list that belong into several loops, by their roles, in the order of the list."""
        parts = getattr(part, loops[0].field)
        if len(loops) == 1:
            self.list_loop(loops[0], self.matching(loops[0], parts))
            return
        counts = dict.fromkeys(loops, 0)
        for index, item in enumerate(parts):
            loop = next((one for one in loops if self.matching(one, (item,))), None)
            if loop is not None:
                counts[loop] += 1
                if loop.max_repeat and counts[loop] > loop.max_repeat:
                    raise WriteError(
                        "/".join([*self.path, loop.field]), f"at most {loop.max_repeat} of this role are allowed"
                    )
                self.item(loop, index, item)

    def list_loop(self, loop: Loop, parts: tuple[Part, ...]) -> None:
        """Parts of a list, each in a loop of its own."""
        if loop.max_repeat and len(parts) > loop.max_repeat:
            raise WriteError("/".join([*self.path, loop.field]), f"at most {loop.max_repeat} are allowed here")
        if not parts and loop.usage == "R":
            raise WriteError("/".join([*self.path, loop.field]), "at least one is needed")
        for index, part in enumerate(parts):
            self.item(loop, index, part)

    def item(self, loop: Loop, index: int, part: Part) -> None:
        """One part of a list."""
        # Not put back where a WriteError passes: the error has its pointer, and nothing more is written.
        self.path += (loop.field, str(index))
        self.check_class(loop, part)
        self.check_coverage(loop, part)
        if loop.first.id == "HL":
            self.level_segment(loop, children=False)
        self.children(loop, part, None)
        del self.path[-2:]

    def matching(self, loop: Loop, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        """The parts of a list that belong into this of several loops (by the role of a party)."""
        qualifiers = loop.first.qualifiers
        if not qualifiers or loop.first.id not in ("NM1", "N1"):
            return parts
        return tuple(part for part in parts if getattr(part, "entity", "") in qualifiers)

    def inline_loop(self, loop: Loop, part: Part) -> None:
        """A loop whose segments are fields of the loop above: written when there is anything in it."""
        filled = any(
            any(elements) and self.is_use(child, elements)
            for child in loop.children
            if isinstance(child, SegmentUse) and child.id not in ("LS", "LE")
            for elements in self.compiled.steps[child].binding.format(part)
        )
        marked = loop.first.id == "LS" and bool(getattr(part, "entities", ()))
        if filled or marked or (loop.usage == "R" and loop.first.id != "LS"):
            self.children(loop, part, None)

    def unparsed_loop(self, loop: Loop, part: Any) -> None:
        """Unparsed segments in their order in the record, those that this loop may hold."""
        names = {child.id: child for child in loop.children if isinstance(child, SegmentUse)}
        for segment in part.others:
            use = names.get(segment.id)
            if use is not None:
                step = self.compiled.steps[use]
                wanted = [one for one in step.binding.format(part) if one == self.written_elements(segment.elements)]
                self.segment(use, step, wanted[0])

    def written_elements(self, elements: tuple[str, ...]) -> list[str]:
        """Unparsed elements as a binding formats them."""
        return [element.replace(":", COMPONENT).replace("^", "\x1e") for element in elements]

    def segments_of_uses(self, uses: list[SegmentUse], part: Any) -> None:
        """The segments of one use, or of several that may be swapped."""
        steps = self.compiled.steps
        counts = dict.fromkeys(uses, 0)
        for elements in steps[uses[0]].binding.format(part):
            if any(elements):
                use = next((one for one in uses if self.is_use(one, elements)), None)
                if use is not None:
                    counts[use] += 1
                    self.segment(use, steps[use], elements)
        for use, count in counts.items():
            if count == 0 and use.usage == "R":
                raise WriteError("/".join([*self.path, use.id]), "is needed here")
            if use.max_repeat and count > use.max_repeat:
                raise WriteError("/".join([*self.path, use.id]), f"at most {use.max_repeat} are allowed here")

    def is_use(self, use: SegmentUse, elements: list[str]) -> bool:
        """Whether a segment with these elements is of this use; fields of the loop have only one use."""
        if isinstance(self.compiled.steps[use].binding, FieldsBinding):
            return True
        qualifiers = use.qualifiers
        index = DISCRIMINATORS.get(use.id) or 0
        code = elements[index].partition(COMPONENT)[0] if index < len(elements) else ""
        return not qualifiers or code in qualifiers

    def segment(self, use: SegmentUse, step: Step, elements: list[str]) -> None:
        """Write one segment and hold it against its use."""
        raw = self.output.segment([use.id, *elements], "/".join([*self.path, use.id]))
        # The function that reads the segment is the check: what it takes has no fault, so only what it refuses is
        # searched.
        if step.fits(raw):
            return
        delimiters = self.compiled.delimiters
        for fault in find_faults(use, raw.split(delimiters.element_separator)[1:], delimiters):
            entry = CATALOGUE[fault.code]
            if entry.severity is Severity.ERROR:
                where = f"{use.id}{fault.element:02d}" + (f"-{fault.component}" if fault.component else "")
                words = {"label": fault.label, "count": Count(fault.count), "name": fault.name}
                raise WriteError("/".join([*self.path, where]), entry.message.format(**words))

    def check_coverage(self, loop: Loop, part: Part) -> None:
        """Every value of the part has a place in the loop."""
        places = covered_fields(self.compiled, loop)
        for name in part.__struct_fields__:
            value = getattr(part, name)
            if value is None or value in ("", ()):
                continue
            codes = places.get(name)
            if codes is None:
                raise WriteError("/".join([*self.path, name]), f"has no place in loop {loop.id}")
            if codes:
                for index, item in enumerate(value):
                    if code_of(item) not in codes:
                        raise WriteError("/".join([*self.path, name, str(index)]), f"has no place in loop {loop.id}")
