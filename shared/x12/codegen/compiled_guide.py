"""A guide compiled for one set of delimiters: what each segment is matched with, read by, and what may follow it.

Each `Step` is one use of a segment. `Step.moves` maps segment id and code to the next step and the loops that close and
open on the way; it is filled as files need it, so a file of a million segments looks each transition up once. Only
moves in the guide's order are kept there: a segment out of order must reach the code that logs a finding each time.
"""

import dataclasses
import functools
from collections.abc import Iterator

from shared.x12.codegen.loop_writer import LoopWriter
from shared.x12.codegen.segment_reader import SegmentCodegen
from shared.x12.codegen.step import Step
from shared.x12.codegen.straight_reader import AdaptiveReader, loop_reader
from shared.x12.model.bindings.binding import Binding, UnparsedBinding
from shared.x12.model.bindings.lookup import bind
from shared.x12.model.envelope import Delimiters
from shared.x12.model.guides.grammar import DISCRIMINATORS, Loop, SegmentUse
from shared.x12.model.registry import TRANSACTION_SETS, TransactionSet

# Segments whose code is in a composite or not the first element, so that splitting off two parts does not give it.
FORKED = {b"HI", b"CTX", b"HL"}


class Move:
    """To a step: how many loops close, which loop opens (if any), and what reads that loop at once (if it can be)."""

    __slots__ = ("opens", "pops", "reader", "step", "still")

    def __init__(self, step: Step, pops: int, opens: Loop | None, reader: AdaptiveReader | None = None) -> None:
        self.step, self.pops, self.opens, self.reader = step, pops, opens, reader
        # Most moves stay in their loop; asked once here, and not for each segment of a file.
        self.still = pops == 0 and opens is None


class CompiledGuide:
    """All steps of a guide for one set of delimiters."""

    def __init__(self, transaction_set: TransactionSet, delimiters: Delimiters) -> None:
        self.transaction_set, self.delimiters = transaction_set, delimiters
        self.guide = source = transaction_set.guide
        self.codegen = SegmentCodegen(delimiters)
        self.steps: dict[SegmentUse, Step] = {}
        self.readers: dict[Loop, AdaptiveReader | None] = {}
        self.writers: dict[Loop, LoopWriter] = {}
        self.rests: dict[tuple[Loop, int], Step] = {}
        self.build(source.root)
        self.start = self.steps[source.root.first]
        self.has_levels = any(use.id == "HL" for use in self.steps)

    def build(self, loop: Loop) -> None:
        """Steps for the loop's segments and everything beneath."""
        for child in loop.children:
            if isinstance(child, Loop):
                self.build(child)
            else:
                self.steps[child] = Step(child, self.binding(child), self.codegen)

    def binding(self, use: SegmentUse) -> Binding:
        """The binding of a use in the record that it fills."""
        loop = owner(use.loop)
        if use.upward:
            assert loop.parent is not None
            loop = owner(loop.parent)
        if use.loop.kind == "unparsed":
            return UnparsedBinding(self.delimiters, use.id, "others", single=False)
        fields = frozenset(self.transaction_set.record_class(loop.record).__struct_fields__)
        return bind(use, loop.record, fields, self.transaction_set.tables, self.delimiters)

    def code(self, identifier: bytes, segment: bytes) -> str:
        """The code in the segment that distinguishes its uses; empty where there is none."""
        # Latin-1 has a character for every byte, so that decoding cannot fail whatever comes.
        index = DISCRIMINATORS.get(identifier.decode("latin-1"))
        if index is None:
            return ""
        parts = segment.split(self.delimiters.element_separator, index + 2)
        return (
            parts[index + 1].split(self.delimiters.component_separator)[0].decode("latin-1")
            if len(parts) > index + 1
            else ""
        )

    def move(self, step: Step, identifier: bytes, code: str, *, ordered: bool = True) -> Move | None:
        """Where a segment leads from a step, innermost loop first; None when the guide does not expect it."""
        name = identifier.decode("latin-1")
        loop: Loop | None = step.loop
        ordinal, pops = step.use.ordinal if ordered else 0, 0
        while loop is not None:
            found = self.within(loop, ordinal, name, code)
            if found is not None:
                return self.moving(self.steps[found[0]], pops, found[1])
            first = loop.first
            # The loop once more: `within` never looks at the segment that begins it.
            if loop.parent is not None and loop.max_repeat != 1 and matches(first, name, code):
                return self.moving(self.steps[first], pops + 1, loop)
            # In the loop around, what comes before this one's place is out of order by now.
            ordinal = loop.ordinal if ordered else 0
            pops += 1
            loop = loop.parent
        return None

    def moving(self, step: Step, pops: int, opens: Loop | None) -> Move:
        """A move, with what reads the loop that it opens."""
        return Move(step, pops, opens, None if opens is None else self.reader(opens))

    def reader(self, loop: Loop) -> AdaptiveReader | None:
        """What reads a loop at once; None where nothing does."""
        if loop not in self.readers:
            self.readers[loop] = loop_reader(self.steps, self.transaction_set, loop)
        return self.readers[loop]

    def writer(self, loop: Loop) -> LoopWriter:
        """What writes a loop at once, without a check."""
        if loop not in self.writers:
            self.writers[loop] = LoopWriter(self.steps, self.transaction_set, loop)
        return self.writers[loop]

    def rest(self, loop: Loop, ordinal: int) -> Step:
        """A step at an ordinal of a loop, past everything that was read there."""
        found = self.rests.get((loop, ordinal))
        if found is None:
            # A place and not a segment: nothing is read with it, and without a bit it never counts as seen.
            use = dataclasses.replace(loop.first, ordinal=ordinal, bit=0)
            use.loop = loop
            found = self.rests[(loop, ordinal)] = Step(use, self.steps[loop.first].binding, self.codegen)
        return found

    def within(self, loop: Loop, ordinal: int, name: str, code: str) -> tuple[SegmentUse, Loop | None] | None:
        """A segment or a loop of this loop, at this ordinal or later, that begins with the segment."""
        for child in loop.children:
            if child.ordinal < ordinal:
                continue
            if isinstance(child, SegmentUse):
                if child is not loop.first and matches(child, name, code):
                    return child, None
            elif matches(child.first, name, code):
                return child.first, child
        return None

    def uses(self, identifier: bytes) -> Iterator[SegmentUse]:
        """All uses of a segment id anywhere in the guide."""
        name = identifier.decode("latin-1")
        return (use for use in self.steps if use.id == name)


def matches(use: SegmentUse, name: str, code: str) -> bool:
    """Whether a segment with this id and code is this use."""
    if use.id != name:
        return False
    qualifiers = use.qualifiers
    return not qualifiers or code in qualifiers


def owner(loop: Loop) -> Loop:
    """The loop whose record is filled by the segments of `loop`."""
    while loop.kind in ("inline", "unparsed"):
        assert loop.parent is not None
        loop = loop.parent
    return loop


@functools.lru_cache(maxsize=64)
def compiled_guide(type_: str, delimiters: Delimiters) -> CompiledGuide:
    """The guide of a transaction set (`837P`, ...) for a set of delimiters. Raises KeyError for an unknown type.

    Files with other delimiters are few, but a hostile one may declare many: the cache is bounded.
    """
    return CompiledGuide(TRANSACTION_SETS[type_], delimiters)
