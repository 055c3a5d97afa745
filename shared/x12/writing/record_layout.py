"""Where in a guide the parts of a record belong when it is written: worked out once for each compiled guide.

`covered_fields` tells which fields of a record have a place in its loop, `routes` which levels are around each record,
`swappable` which children of a loop may come in any order.
"""

import functools
from typing import Any

from shared.x12.codegen.compiled_guide import CompiledGuide
from shared.x12.codegen.loop_writer import child_groups
from shared.x12.model.guides.grammar import Loop, SegmentUse
from shared.x12.model.records.parts import Part
from shared.x12.model.records.remittance import ClaimGroup

LEVELS = ("level", "member")
Route = tuple[list[Loop], Loop]


def code_of(item: Any) -> str:
    """The code by which a list item finds its segment."""
    for name in ("qualifier", "entity", "type", "kind", "report", "function", "id"):
        code = getattr(item, name, None)
        if code is not None:
            return str(code)
    return ""


@functools.lru_cache(maxsize=2048)
def covered_fields(compiled: CompiledGuide, loop: Loop) -> dict[str, frozenset[str]]:
    """Field name -> codes allowed for its items (empty: any), for the record of a loop."""
    found: dict[str, frozenset[str]] = {}
    free: set[str] = set()

    def add(name: str, codes: frozenset[str]) -> None:
        if not codes:
            free.add(name)
        found[name] = found.get(name, frozenset()) | codes

    def collect(inner: Loop) -> None:
        for child in inner.children:
            if isinstance(child, Loop):
                if child.kind in ("inline", "unparsed"):
                    collect(child)
                elif child.kind in ("field", "list", "member_list"):
                    parties = child.kind == "list" and child.first.id in ("NM1", "N1")
                    add(child.field, child.first.qualifiers if parties else frozenset())
                    gather_upward(child)
            elif not child.upward:
                gather(child)

    def gather(use: SegmentUse) -> None:
        binding = compiled.steps[use].binding
        for name in getattr(binding, "names", ()):
            add(name, frozenset())
        name = getattr(binding, "field", "")
        if name == "others":
            add(name, frozenset({use.id}))
        elif name:
            listed = type(binding).__name__ in ("ListBinding", "DateBinding", "ContactBinding", "HealthCodeBinding")
            codes = use.qualifiers if listed else frozenset()
            if use.id == "HI":
                codes = frozenset().union(*(e.components[0].codes for e in use.elements if e.components))
            add(name, codes)

    def gather_upward(inner: Loop) -> None:
        for child in inner.children:
            if isinstance(child, SegmentUse) and child.upward:
                gather(child)

    collect(loop)
    record = compiled.transaction_set.record_class(loop.record)
    for field in record.__struct_fields__:
        if field in context_fields(loop) or (field == "level" and loop.record == "LevelStatus"):
            add(field, frozenset())
    return {name: frozenset() if name in free else codes for name, codes in found.items()}


def context_fields(loop: Loop) -> set[str]:
    """The fields of a record that its levels fill."""
    fields = set()
    outer = loop.parent
    while outer is not None:
        if outer.kind in LEVELS:
            fields.add(outer.field)
        outer = outer.parent
    return fields


@functools.lru_cache(maxsize=2048)
def swappable(compiled: CompiledGuide, loop: Loop) -> list[list[Loop | SegmentUse]]:
    """The children of a loop; those that share an ordinal and fill the same list are kept together."""
    return child_groups(compiled.steps, loop)


def level_part(record: Part, level: Loop) -> Part | None:
    """The part of a record for a level; remittance claims without a group go into the first."""
    part: Part | None = getattr(record, level.field, None)
    if part is None and level.field == "group":
        return ClaimGroup(number=1)
    return part


@functools.lru_cache(maxsize=64)
def routes(compiled: CompiledGuide) -> dict[str, list[Route]]:
    """Record class -> the ways to its loop: the levels around it (with itself, when a level bears it)."""
    found: dict[str, list[Route]] = {}

    def walk(loop: Loop, levels: list[Loop]) -> None:
        inside = [*levels, loop] if loop.kind in LEVELS else levels
        if loop.kind == "record":
            found.setdefault(loop.record, []).append((levels, loop))
        elif loop.emits:
            found.setdefault(loop.emits, []).append((inside, loop))
        for child in loop.children:
            if isinstance(child, Loop):
                walk(child, inside)

    walk(compiled.guide.root, [])
    return found


@functools.lru_cache(maxsize=64)
def level_routes(compiled: CompiledGuide) -> list[Route]:
    """The ways to the levels that may be judged by themselves."""
    found: list[Route] = []

    def walk(loop: Loop, levels: list[Loop]) -> None:
        inside = [*levels, loop] if loop.kind in LEVELS else levels
        if loop.kind in LEVELS and loop.record == "LevelStatus":
            found.append((inside, loop))
        for child in loop.children:
            if isinstance(child, Loop):
                walk(child, inside)

    walk(compiled.guide.root, [])
    return found
