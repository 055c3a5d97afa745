"""Generates the function that writes a whole loop as text: one formatted string a segment, in the guide's order.

It is the counterpart of `loop_reader`, made from the same guide and the same binding tables. It checks nothing: whether
the guide allows what it wrote is for the reader to say, which reads it back (`writing.quick_records`). What it has no
place for it leaves out, and then the record that is read back is another one.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import count
from types import NoneType, SimpleNamespace
from typing import Any

from shared.x12.codegen.generated import compile_function, indented
from shared.x12.codegen.segment_reader import WrittenCache, defaults_of
from shared.x12.codegen.step import Step
from shared.x12.model.bindings.binding import Field, FieldsBinding, ListBinding, PartBinding
from shared.x12.model.bindings.common import AdjustmentBinding, DateBinding, HealthCodeBinding
from shared.x12.model.bindings.element_kinds import (
    CODE,
    COMPONENT,
    COUNT,
    INTEGERS,
    MONEY,
    NUMBER,
    REPETITION,
    TEXT,
    ElementKind,
)
from shared.x12.model.envelope import Delimiters
from shared.x12.model.guides.grammar import DISCRIMINATORS, Loop, SegmentUse
from shared.x12.model.records.parts import ClaimAdjustment, Part
from shared.x12.model.registry import TransactionSet

Child = SegmentUse | Loop
# A value of another class may equal one of these (1, 1.0 and True), and would be found under it: such ones are refused.
CLASSES = {MONEY: "int", COUNT: "int", NUMBER: "Decimal"}


class LoopWriterSource:
    """The text of the function that writes one loop, and the names that it uses."""

    def __init__(self, steps: Mapping[SegmentUse, Step], transaction_set: TransactionSet, loop: Loop) -> None:
        self.steps, self.transaction_set, self.loop = steps, transaction_set, loop
        self.codegen = steps[loop.first].codegen
        delimiters = self.codegen.delimiters
        self.record = transaction_set.record_class(loop.record)
        self.names: dict[str, Any] = {"Decimal": Decimal, "whole": {int}}
        self.names |= {"separator": delimiters.element, "terminator": delimiters.segment}
        self.groups = child_groups(steps, loop)
        self.numbers = count(1)

    def text(self) -> str:
        """The whole text."""
        body = [line for together in self.groups for line in self.group(together)]
        lines = ["texts = []", *body, "return ''.join(texts)"]
        return "def write(part):\n" + "\n".join(f"    {line}" for line in lines)

    def name(self, stem: str, value: Any) -> str:
        """A global of the function."""
        name = f"{stem}{next(self.numbers)}"
        self.names[name] = value
        return name

    def group(self, together: list[Child]) -> list[str]:
        """What may be swapped, in the order of the record."""
        child = together[0]
        if isinstance(child, Loop):
            loops = [one for one in together if isinstance(one, Loop)]
            if child.kind == "list" and child.first.id != "HL":
                return self.list_loops(loops)
            return self.field_loop(child) if child.kind == "field" else []
        if child.upward or child.id in ("HL", "ST"):
            return []
        return self.segments([use for use in together if isinstance(use, SegmentUse)])

    def list_loops(self, loops: list[Loop]) -> list[str]:
        """The items of a list, each in the loop of its role."""
        writers = [self.inner(loop) for loop in loops]
        codes = [loop.first.qualifiers if loop.first.id in ("NM1", "N1") else frozenset[str]() for loop in loops]
        head = f"for item in part.{loops[0].field}:"
        if not codes[0]:
            return [head, f"    texts.append({writers[0]}.write(item))"]
        roles: dict[str, Any] = {}
        for writer, one in zip(writers, codes, strict=True):
            for code in one:
                roles.setdefault(code, self.names[writer])
        known = self.name("roles", roles)
        return [head, f"    if item.entity in {known}: texts.append({known}[item.entity].write(item))"]

    def field_loop(self, loop: Loop) -> list[str]:
        """The one part of a loop."""
        return [f"item = part.{loop.field}", f"if item is not None: texts.append({self.inner(loop)}.write(item))"]

    def inner(self, loop: Loop) -> str:
        """The name of what writes a loop inside this one."""
        return self.name("loop", LoopWriter(self.steps, self.transaction_set, loop))

    def segments(self, uses: list[SegmentUse]) -> list[str]:
        """The segments of one use, or of several that may be swapped."""
        use, binding = uses[0], self.steps[uses[0]].binding
        if isinstance(binding, FieldsBinding):
            return self.one_segment(use, binding.table, self.record, binding)
        if isinstance(binding, PartBinding):
            lines = self.one_segment(use, binding.table, binding.part, None, "item")
            return [f"item = part.{binding.field}", "if item is not None:", *indented(lines)]
        if isinstance(binding, ListBinding):
            lines = self.one_segment(use, binding.table, binding.part, binding, "item", uses)
            return [f"for item in part.{binding.field}:", *indented(self.filtered(uses, binding, lines))]
        return self.special(uses, binding)

    def filtered(self, uses: list[SegmentUse], binding: ListBinding, lines: list[str]) -> list[str]:
        """Only the items of these uses, where the list has others at another place."""
        codes = codes_of(uses)
        here = [one for one in self.groups if getattr(self.child_binding(one[0]), "field", "") == binding.field]
        field = next(
            (name for number, name, _ in binding.table if number == (DISCRIMINATORS.get(uses[0].id) or 0) + 1), ""
        )
        if len(here) < 2 or not codes or not field:
            return lines
        return [f"if item.{field} in {self.name('codes', codes)}:", *indented(lines)]

    def child_binding(self, child: Child) -> Any:
        """What tells which list a child fills."""
        return child if isinstance(child, Loop) else self.steps[child].binding

    def one_segment(
        self,
        use: SegmentUse,
        table: tuple[Field, ...],
        record: type[Part],
        binding: FieldsBinding | ListBinding | None,
        item: str = "part",
        uses: list[SegmentUse] | None = None,
    ) -> list[str]:
        """A segment whose elements are fields."""
        lines: list[str] = []
        defaults = defaults_of(record)
        elements = [""] * len(use.elements)
        for number, name, kind in table:
            # What no use has room for may stay away, if a reader takes it for empty: then it is missed.
            unused = all(one.elements[number - 1].usage == "N" for one in uses or [use])
            if not (unused and defaults.get(name) in ("", None, ())):
                own, elements[number - 1] = self.element(f"{item}.{name}", kind, number)
                lines += own
        for one in getattr(binding, "composites", ()):
            known = self.name("join", self.codegen.written(one.kind))
            lines.append(f"t{one.number} = {known}[{', '.join(f'{item}.{name}' for name in one.names)}]")
            elements[one.number - 1] = f"t{one.number}"
        lines += self.codes_beside(binding, elements)
        return [*lines, *self.join(use, elements, optional=item == "part" and use.usage != "R")]

    def element(self, value: str, kind: ElementKind, number: int) -> tuple[list[str], str]:
        """The lines that a value needs, and the expression of its text."""
        if kind in (TEXT, CODE):
            return [], value
        lines = [f"v = {value}"]
        if kind in CLASSES:
            lines.append(f"if v.__class__ is not {CLASSES[kind]} and v is not None: raise TypeError")
        elif kind is INTEGERS:
            lines.append("if not whole.issuperset(map(type, v)): raise TypeError")
        return [*lines, f"t{number} = {self.name('texts', self.codegen.written(kind))}[v]"], f"t{number}"

    def codes_beside(self, binding: FieldsBinding | ListBinding | None, elements: list[str]) -> list[str]:
        """The codes that are written beside a value and not kept."""
        beside = [(number - 1, "D8", number) for number in getattr(binding, "forms", ()) if elements[number - 1]]
        qualifier = getattr(binding, "qualifier", None)
        beside += [qualifier] if qualifier else []
        lines = []
        for number, code, value in beside:
            lines.append(f"t{number} = {code!r} if {elements[value - 1] or repr('')} else ''")
            elements[number - 1] = f"t{number}"
        return lines

    def join(self, use: SegmentUse, elements: list[str], *, optional: bool) -> list[str]:
        """The lines that put the elements together."""
        while elements and not elements[-1]:
            elements.pop()
        separator = literal(self.codegen.delimiters.element)
        text = f"f'{use.id}{separator}{separator.join(f'{{{one}}}' if one else '' for one in elements)}'"
        if elements and use.elements[len(elements) - 1].usage == "R" and not optional:
            return [f"texts.append({text[:-1]}{literal(self.codegen.delimiters.segment)}')"]
        if not optional:
            return [f"texts.append({text}.rstrip(separator) + terminator)"]
        return [f"text = {text}.rstrip(separator)", f"if len(text) > {len(use.id)}: texts.append(text + terminator)"]

    def special(self, uses: list[SegmentUse], binding: Any) -> list[str]:
        """Segments that a binding formats its own way: its texts are remembered where they come again."""
        use, delimiters = uses[0], self.codegen.delimiters
        codes, index = codes_of(uses), DISCRIMINATORS.get(use.id) or 0

        def written(record: Any) -> str:
            found = (one for one in binding.format(record) if any(one))
            kept = (one for one in found if not codes or one[index].partition(COMPONENT)[0] in codes)
            return "".join(rendered([use.id, *elements], delimiters) for elements in kept)

        field = getattr(binding, "field", "")
        if not field:
            return [f"texts.append({self.name('write', written)}(part))"]

        def of_items(items: Any) -> str:
            return written(SimpleNamespace(**{field: items}))

        if isinstance(binding, DateBinding):
            known = self.name("dates", WrittenCache(lambda item: of_items((item,)), delimiters))
            return [f"for item in part.{field}: texts.append({known}[item])"]
        write: Any = of_items
        if isinstance(binding, HealthCodeBinding):
            write = WrittenCache(of_items, delimiters).__getitem__
        elif isinstance(binding, AdjustmentBinding):
            write = adjustments(of_items, self.codegen.written(MONEY), delimiters)
        return [f"if part.{field}: texts.append({self.name('write', write)}(part.{field}))"]


def adjustments(
    written: Callable[[Any], str], money: Mapping[int, str], delimiters: Delimiters
) -> Callable[[tuple[ClaimAdjustment, ...]], str]:
    """Writes the segments of adjustments: most have one each, and those do not need `written`."""
    start, separator, end = f"CAS{delimiters.element}", delimiters.element, delimiters.segment

    def write(items: tuple[ClaimAdjustment, ...]) -> str:
        texts, before = [], ""
        for item in items:
            cents = item.amount_cents
            if item.group == before or item.quantity is not None or cents.__class__ is not int:
                break
            before = item.group
            texts.append(f"{start}{before}{separator}{item.reason}{separator}{money[cents]}{end}")
        else:
            return "".join(texts)
        if any(type(item.amount_cents) is not int or type(item.quantity) not in (Decimal, NoneType) for item in items):
            raise TypeError("amounts are whole cents, and quantities are decimals")
        return written(items)

    return write


def rendered(parts: list[str], delimiters: Delimiters) -> str:
    """A segment from its id and elements, with what is empty at its end left out."""
    while not parts[-1]:
        parts.pop()
    table = {ord(COMPONENT): delimiters.component, ord(REPETITION): delimiters.repetition}
    return delimiters.element.join(parts).translate(table) + delimiters.segment


def codes_of(uses: list[SegmentUse]) -> frozenset[str]:
    """The codes of several uses; empty where one of them takes any."""
    found = [use.qualifiers for use in uses]
    return frozenset().union(*found) if all(found) else frozenset()


def literal(character: str) -> str:
    """A delimiter inside the text of a formatted string."""
    return character * 2 if character in "{}" else repr(character)[1:-1].replace("'", "\\'")


class LoopWriter:
    """Writes one loop; its function is made when it is first needed."""

    def __init__(self, steps: Mapping[SegmentUse, Step], transaction_set: TransactionSet, loop: Loop) -> None:
        self.steps, self.transaction_set, self.loop = steps, transaction_set, loop
        self.write: Callable[[Any], str] = self.first_time

    def first_time(self, part: Any) -> str:
        """Make the function, and write."""
        source = LoopWriterSource(self.steps, self.transaction_set, self.loop)
        self.write = compile_function(
            source.text(), source.names, f"writer of {self.transaction_set.type} {self.loop.id}"
        )
        return str(self.write(part))


def child_groups(steps: Mapping[SegmentUse, Step], loop: Loop) -> list[list[Child]]:
    """The children of a loop; those that share an ordinal and fill the same list are kept together."""
    found: list[list[Child]] = []
    for child in loop.children:
        if found and alike(steps, found[-1][0], child):
            found[-1].append(child)
        else:
            found.append([child])
    return found


def alike(steps: Mapping[SegmentUse, Step], one: Child, other: Child) -> bool:
    """Two children that may come in any order and are entries of the same list."""
    if one.ordinal != other.ordinal:
        return False
    if isinstance(one, Loop) or isinstance(other, Loop):
        if not (isinstance(one, Loop) and isinstance(other, Loop)):
            return False
        return one.kind == other.kind == "list" and one.field == other.field
    field = getattr(steps[one].binding, "field", "")
    return bool(field) and field == getattr(steps[other].binding, "field", "")
