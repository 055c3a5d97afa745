"""A guide compiled for one set of delimiters: what each segment is matched with, read by, and what may follow it.

Each `Step` is one use of a segment. `Step.moves` says, by segment id and code, which step comes next and which loops it
closes and opens; it is filled as files need it, so a file of a million segments looks each transition up once. Only
moves in the guide's order are kept there; everything else goes the slow way, which explains itself in findings.
"""

import dataclasses
import functools
from collections.abc import Iterator
from typing import Any

from shared.x12.codegen.loop_reader import Read, reader_of
from shared.x12.codegen.segment_reader import Forge, Values, field_names
from shared.x12.model import records
from shared.x12.model.bindings import Binding, Data, Lists, bind
from shared.x12.model.bindings.special import Others
from shared.x12.model.element_patterns import Dialect
from shared.x12.model.guides import Guide, Loop, Use, guide
from shared.x12.model.guides.model import DISCRIMINATORS
from shared.x12.splitting.isa_header import ENVELOPE

# Segments whose code stands in a composite or further inside, so that it is not simply the first element.
FORKED = {b"HI", b"CTX", b"HL"}


class Step:
    """A use of a segment, ready to run; its reading function is made when it is first needed."""

    __slots__ = (
        "binding",
        "bit",
        "ends",
        "field",
        "forge",
        "head",
        "loop",
        "most",
        "moves",
        "names",
        "upward",
        "use",
        "values",
    )

    def __init__(self, use: Use, binding: Binding, forge: Forge) -> None:
        self.use, self.loop, self.bit, self.most, self.upward = use, use.loop, use.bit, use.most, use.upward
        self.binding, self.forge = binding, forge
        separator = forge.dialect.element
        # A segment that begins like one of these ends a loop that began with this use.
        self.ends = tuple(identifier + separator for identifier in (use.id.encode(), *ENVELOPE))
        # How each of its segments begins; nothing does where a code inside tells it from others.
        self.head: bytes | tuple[bytes, ...] = () if use.qualifiers else use.id.encode() + separator
        self.moves: dict[bytes, Any] = {}
        self.values: Values = self.first_values
        self.names = field_names(use, binding)
        # The list that its items fill; empty when it fills fields or is taken another way.
        self.field: str = getattr(binding, "field", "") if not self.names and hasattr(binding, "items") else ""

    def first_values(self, parts: list[bytes]) -> Any:
        """Stands in for `values` until the first segment comes."""
        self.values = self.forge.values(self.use, self.binding)
        return self.values(parts)

    def run(self, data: Data, lists: Lists, segment: bytes) -> bool:
        """Read a segment into the fields and lists of a record; False when it needs the slow look (`elements`)."""
        try:
            found = self.values(segment.split(self.forge.dialect.element))
            if self.field:
                lists.setdefault(self.field, []).extend(found)
            elif self.names:
                data.update(zip(self.names, found, strict=True))
            else:
                self.binding.take(data, lists, found)
        except (ValueError, LookupError):
            return False
        return True

    def fits(self, segment: bytes) -> bool:
        """Whether a segment has nothing wrong with it."""
        return self.run({}, {}, segment)


class Move:
    """To a step: how many loops close, which loop opens (if any), and what reads that loop at once (if it can be)."""

    __slots__ = ("opens", "pops", "reader", "step", "still")

    def __init__(self, step: Step, pops: int, opens: Loop | None, reader: Read | None = None) -> None:
        self.step, self.pops, self.opens, self.reader = step, pops, opens, reader
        self.still = pops == 0 and opens is None


class Program:
    """All steps of a guide for one dialect."""

    def __init__(self, source: Guide, dialect: Dialect) -> None:
        self.guide, self.dialect = source, dialect
        self.forge = Forge(dialect)
        self.steps: dict[Use, Step] = {}
        self.readers: dict[Loop, Read | None] = {}
        self.rests: dict[tuple[Loop, int], Step] = {}
        self.build(source.root)
        self.start = self.steps[source.root.first]

    def build(self, loop: Loop) -> None:
        """Steps for the loop's segments and everything beneath."""
        for child in loop.children:
            if isinstance(child, Loop):
                self.build(child)
            else:
                self.steps[child] = Step(child, self.binding(child), self.forge)

    def binding(self, use: Use) -> Binding:
        """The binding of a use in the record that it fills."""
        loop = owner(use.loop)
        if use.upward:
            assert loop.parent is not None
            loop = owner(loop.parent)
        if use.loop.kind == "others":
            return Others(self.dialect, use.id, "others", single=False)
        record = getattr(records, loop.record)
        return bind(use, loop.record, frozenset(record.__struct_fields__), self.dialect)

    def code(self, identifier: bytes, segment: bytes) -> str:
        """The code that tells uses of this segment apart, as it stands in the segment."""
        index = DISCRIMINATORS.get(identifier.decode("latin-1"))
        if index is None:
            return ""
        parts = segment.split(self.dialect.element, index + 2)
        return parts[index + 1].split(self.dialect.component)[0].decode("latin-1") if len(parts) > index + 1 else ""

    def move(self, step: Step, identifier: bytes, code: str, *, ordered: bool = True) -> Move | None:
        """Where a segment leads from a step, innermost loop first; None when the guide does not expect it."""
        name = identifier.decode("latin-1")
        loop: Loop | None = step.loop
        place, pops = step.use.place if ordered else 0, 0
        while loop is not None:
            found = self.within(loop, place, name, code)
            if found is not None:
                return self.moving(self.steps[found[0]], pops, found[1])
            first = loop.first
            if loop.parent is not None and loop.most != 1 and matches(first, name, code):
                return self.moving(self.steps[first], pops + 1, loop)
            place = loop.place if ordered else 0
            pops += 1
            loop = loop.parent
        return None

    def moving(self, step: Step, pops: int, opens: Loop | None) -> Move:
        """A move, with what reads the loop that it opens."""
        if opens is None:
            return Move(step, pops, opens)
        if opens not in self.readers:
            self.readers[opens] = reader_of(self, opens)
        return Move(step, pops, opens, self.readers[opens])

    def rest(self, loop: Loop, place: int) -> Step:
        """A step that stands in a loop at a place, past everything that was read there."""
        found = self.rests.get((loop, place))
        if found is None:
            use = dataclasses.replace(loop.first, place=place, bit=0)
            use.loop = loop
            found = self.rests[(loop, place)] = Step(use, self.steps[loop.first].binding, self.forge)
        return found

    def within(self, loop: Loop, place: int, name: str, code: str) -> tuple[Use, Loop | None] | None:
        """A segment or a loop of this loop, at this place or later, that begins with the segment."""
        for child in loop.children:
            if child.place < place:
                continue
            if isinstance(child, Use):
                if child is not loop.first and matches(child, name, code):
                    return child, None
            elif matches(child.first, name, code):
                return child.first, child
        return None

    def uses(self, identifier: bytes) -> Iterator[Use]:
        """All uses of a segment id anywhere in the guide."""
        name = identifier.decode("latin-1")
        return (use for use in self.steps if use.id == name)


def matches(use: Use, name: str, code: str) -> bool:
    """Whether a segment with this id and code is this use."""
    if use.id != name:
        return False
    qualifiers = use.qualifiers
    return not qualifiers or code in qualifiers


def owner(loop: Loop) -> Loop:
    """The loop whose record is filled by the segments of `loop`."""
    while loop.kind in ("pass", "others"):
        assert loop.parent is not None
        loop = loop.parent
    return loop


@functools.lru_cache(maxsize=64)
def program(type_: str, dialect: Dialect) -> Program:
    """The compiled guide of a type for a dialect."""
    return Program(guide(type_), dialect)


__all__ = ["FORKED", "Move", "Program", "Step", "matches", "owner", "program"]
