"""A guide compiled for one set of delimiters: what each segment is matched with, read by, and what may follow it.

Each `Step` is one use of a segment. `Step.moves` says, by segment id and code, which step comes next and which loops it
closes and opens; it is filled as files need it, so a file of a million segments looks each transition up once. Only
moves in the guide's order are kept there; everything else goes the slow way, which explains itself in findings.
"""

import functools
import re
from collections.abc import Iterator
from typing import Any

from shared.x12 import records
from shared.x12.bindings import Binding, Data, Lists, bind
from shared.x12.bindings.special import Others
from shared.x12.dialect import Dialect, segment_pattern
from shared.x12.facts import Facts, facts_for
from shared.x12.forge import Run, forge, repeating
from shared.x12.guides import Guide, Loop, Use, guide
from shared.x12.guides.model import DISCRIMINATORS

# Segments whose code stands in a composite or further inside, so that it is not simply the first element.
FORKED = {b"HI", b"CTX", b"HL"}


class Step:
    """A use of a segment, ready to run; its pattern is compiled when it is first needed."""

    __slots__ = (
        "binding",
        "bit",
        "dialect",
        "facts",
        "field",
        "known",
        "loop",
        "most",
        "moves",
        "pattern",
        "recalled",
        "repeats",
        "run",
        "upward",
        "use",
    )

    def __init__(self, use: Use, binding: Binding, dialect: Dialect) -> None:
        self.use, self.loop, self.bit, self.most = use, use.loop, use.bit, use.most
        self.binding, self.upward, self.dialect = binding, use.upward, dialect
        self.moves: dict[bytes, Any] = {}
        self.pattern: re.Pattern[bytes] | None = None
        self.facts: Facts | None = None
        self.run: Run = self.first_run
        # What segments were read as: by the bytes that followed this step, and (once read) by their own bytes.
        self.known: dict[bytes, tuple[Step, str, tuple[Any, ...]]] = {}
        self.recalled: dict[bytes, Any] = {}
        self.field: str = getattr(binding, "field", "")
        self.repeats = repeating(use) and not use.upward and hasattr(binding, "items")

    def prepare(self) -> re.Pattern[bytes]:
        """Compile the pattern and the reading function."""
        if self.pattern is None:
            self.pattern = segment_pattern(self.use, self.dialect)
            self.facts = facts_for(self.use)
            self.run = forge(self.use, self.binding, self.pattern, self.facts, self.recalled)
        return self.pattern

    def first_run(self, data: Data, lists: Lists, segment: bytes) -> bool:
        """Stands in for `run` until the first segment comes."""
        self.prepare()
        return self.run(data, lists, segment)

    def recall(self, segment: bytes) -> tuple[Any, ...] | None:
        """The items that a segment was just read as."""
        items = self.recalled.get(segment)
        return items if items is None or items.__class__ is tuple else (items,)

    def fits(self, segment: bytes) -> bool:
        """Whether a segment has nothing wrong with it."""
        found = self.prepare().fullmatch(segment)
        return found is not None and (self.facts is None or self.facts(found.groups()))


class Move:
    """To a step: how many loops close, and which loop opens (if any)."""

    __slots__ = ("again", "opens", "pops", "quick", "step", "still")

    def __init__(self, step: Step, pops: int, opens: Loop | None) -> None:
        self.step, self.pops, self.opens = step, pops, opens
        self.still = pops == 0 and opens is None
        self.quick = self.still and not step.upward and step.use.id != "HL"
        self.again = pops == 1 and opens is not None and opens.kind == "list"


class Program:
    """All steps of a guide for one dialect."""

    def __init__(self, source: Guide, dialect: Dialect) -> None:
        self.guide, self.dialect = source, dialect
        self.steps: dict[Use, Step] = {}
        self.build(source.root)
        self.start = self.steps[source.root.first]

    def build(self, loop: Loop) -> None:
        """Steps for the loop's segments and everything beneath."""
        for child in loop.children:
            if isinstance(child, Loop):
                self.build(child)
            else:
                self.steps[child] = Step(child, self.binding(child), self.dialect)

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
                return Move(self.steps[found[0]], pops, found[1])
            first = loop.first
            if loop.parent is not None and loop.most != 1 and matches(first, name, code):
                return Move(self.steps[first], pops + 1, loop)
            place = loop.place if ordered else 0
            pops += 1
            loop = loop.parent
        return None

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
