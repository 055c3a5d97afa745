"""Generates the straight-line function that reads a loop as the loops before it were: no search, no table, no dispatch.

Loops of one file are alike: a claim has the segments that the claims before it had, in the guide's order. The general
function of `loop_reader` asks of each segment what it may be; the function made here asks only for what has come so
far, one test after the other, and reads it on the spot. Whatever else comes sends the loop to the general function,
from its first segment on; and what that has read without a fault is asked for from then on. So both give the same, or
give up on the same.
"""

from typing import Any

from shared.x12.codegen.generated import compile_function, indented
from shared.x12.codegen.loop_reader import (
    INSIDE,
    NO_CHOICE,
    Choice,
    LoopReader,
    LoopReaderSource,
    SegmentCache,
    Steps,
)
from shared.x12.codegen.segment_reader import SegmentReaderSource
from shared.x12.model.bindings.binding import FieldsBinding
from shared.x12.model.bindings.common import AdjustmentBinding
from shared.x12.model.guides.grammar import DISCRIMINATORS, Loop, SegmentUse
from shared.x12.model.registry import TransactionSet

Child = SegmentUse | Loop
# The beginnings of segments that have come for each child of a loop: id, code and the separator after it.
Heads = dict[Child, tuple[bytes, ...]]
# A function is made when so many loops were read the general way, and made anew at most so often.
LOOPS_BEFORE = 12
MOST_FUNCTIONS = 24


class AdaptiveReader:
    """Reads one loop: `read` is the function in use, general at first, then straight for what came."""

    def __init__(self, steps: Steps, transaction_set: TransactionSet, loop: Loop) -> None:
        self.steps, self.transaction_set, self.loop = steps, transaction_set, loop
        self.general: LoopReader | None = None
        self.source: LoopReaderSource | None = None
        self.heads: Heads = {}
        self.loops = self.functions = 0
        self.read: LoopReader = self.read_generally

    def __call__(self, segments: list[bytes], index: int, parts: Any, context: dict[str, Any]) -> Any:
        """As the function of `loop_reader` does."""
        return self.read(segments, index, parts, context)

    def read_generally(self, segments: list[bytes], index: int, parts: Any, context: dict[str, Any]) -> Any:
        """Read a loop with the general function, and learn what it held."""
        if self.general is None:
            # Several threads may come here at once: what is not whole yet is seen by none.
            source = LoopReaderSource(self.steps, self.transaction_set, self.loop, AdaptiveReader)
            general = compile_function(source.text(), source.names, self.title)
            self.source, self.general = source, general
        found = self.general(segments, index, parts, context)
        self.loops += 1
        if self.loops > LOOPS_BEFORE and self.functions < MOST_FUNCTIONS:
            self.learn(segments, index, found[0])
        return found

    @property
    def title(self) -> str:
        """What tracebacks call its functions."""
        return f"reader of {self.transaction_set.type} {self.loop.id}"

    def learn(self, segments: list[bytes], start: int, end: int) -> None:
        """Take what a loop held, from `start` to `end`, into the straight function."""
        assert self.source is not None
        heads, index = dict(self.heads), start + 1
        while index < end:
            found = self.source.choices.matching(segments[index][:7])
            head = beginning(found[0][0], segments[index], self.source.delimiters.all_bytes)
            # What may stand at two places, or is recognised further inside, stays with the general function.
            if len(found) > 1 or not head:
                self.functions = MOST_FUNCTIONS
                return
            use = found[0][0]
            child = use if use.loop is self.loop else use.loop
            if head not in heads.get(child, ()):
                heads[child] = (*heads.get(child, ()), head)
            if isinstance(child, Loop):
                reader = self.source.names[f"read{child.bit}"]
                index = reader.read(segments, index, segments[index].split(self.source.separator), {})[0]
            else:
                index += 1
        # Counted also where nothing new was in it: such a loop came the general way for another reason, and going
        # through it each time would cost more than it gives.
        self.functions += 1
        if heads != self.heads or self.functions == 1:
            self.heads = heads
            source = StraightReaderSource(self, self.source)
            self.read = compile_function(source.text(), source.names, f"straight {self.title}")


def beginning(use: SegmentUse, segment: bytes, delimiters: bytes) -> bytes:
    """How segments of this use and code begin; empty where that does not tell them from others."""
    end = len(use.id) + 1
    if use.qualifiers:
        if DISCRIMINATORS[use.id] != 0:
            return b""
        while end < len(segment) and segment[end] not in delimiters:
            end += 1
        end += 1
    return segment[:end] if len(segment) >= end else b""


class StraightReaderSource(LoopReaderSource):
    """The text of the function for what is known of a loop."""

    def __init__(self, reader: AdaptiveReader, general: LoopReaderSource) -> None:
        super().__init__(reader.steps, reader.transaction_set, reader.loop, AdaptiveReader)
        self.heads, self.general = reader.heads, general
        self.choice_of = {use if use.loop is self.loop else use.loop: choice for use, choice in general.pairs}
        self.names |= {
            "Choice": Choice,
            "NO_CHOICE": NO_CHOICE,
            "expect": general.choices,
            "read_generally": reader.read_generally,
            "separator": general.separator,
        }
        self.elsewhere = "return read_generally(segments, start, segments[start].split(separator), context)"

    def text(self) -> str:
        """The whole text."""
        first = self.first()
        body = [line for together in self.groups() for line in self.group(together)]
        level = self.loop.kind == "level"
        self.longest = {name: most for name, most in self.general.longest.items() if name in self.fields}
        wrong = " or ".join(self.failures())
        lines = [
            *self.initial_values(),
            *first,
            f"start, at = index, {self.loop.first.ordinal}",
            *([f"seen = {self.loop.first.bit}"] if level else []),
            "index += 1",
            "segment = segments[index]",
            *body,
            # After the last that is known: a segment that may still be of this loop sends it to the general function.
            "choice = expect[segment[:7]]",
            "if choice is not NO_CHOICE and (choice.__class__ is not Choice or choice.ordinal >= at):",
            f"    {self.elsewhere}",
            *([f"if {wrong}: raise ValueError"] if wrong else []),
            f"return index, {self.part_call()}{', seen, at' if level else ''}",
        ]
        return "def read(segments, index, parts, context):\n" + "\n".join(f"    {line}" for line in lines)

    def groups(self) -> list[list[Child]]:
        """The children that have come, in the guide's order; those that may come in any order together."""
        found: list[list[Child]] = []
        for child in self.loop.children:
            if child in self.heads:
                if found and found[-1][0].ordinal == child.ordinal:
                    found[-1].append(child)
                else:
                    found.append([child])
        return found

    def group(self, together: list[Child]) -> list[str]:
        """The lines that read the children of one ordinal."""
        child = together[0]
        if len(together) == 1 and child.max_repeat == 1:
            otherwise = ["else:", f"    {self.elsewhere}"] if self.is_needed(child) else []
            return [f"if segment.startswith({self.head(child)}):", *indented(self.take(child)), *otherwise]
        lines = [f"count{one.bit} = 0" for one in together]
        if len(together) == 1:
            lines += [f"while segment.startswith({self.head(child)}):", *indented(self.counted(child))]
        else:
            lines.append("while True:")
            for one in together:
                test = f"{'if' if one is child else 'elif'} segment.startswith({self.head(one)}):"
                lines += indented([test, *indented(self.counted(one))])
            lines += ["    else:", "        break"]
        for one in together:
            conditions = [f"count{one.bit} > {one.max_repeat}"] if one.max_repeat else []
            conditions += [f"not count{one.bit}"] if self.is_needed(one) else []
            lines += [f"if {' or '.join(conditions)}: {self.elsewhere}"] if conditions else []
        return lines

    def is_needed(self, child: Child) -> bool:
        """A loop is not whole without it; whether a level is, is known when all beneath it has come."""
        return child.usage == "R" and self.loop.kind != "level"

    def head(self, child: Child) -> str:
        """The name of how its segments begin."""
        heads = self.heads[child]
        self.names[f"head{child.bit}"] = heads[0] if len(heads) == 1 else heads
        return f"head{child.bit}"

    def counted(self, child: Child) -> list[str]:
        """The lines that take one of several."""
        return [f"count{child.bit} += 1", *self.take(child)]

    def take(self, child: Child) -> list[str]:
        """The lines that read a segment, or a loop inside this one, and go on to the segment after it."""
        choice = self.choice_of[child]
        seen = [f"seen |= {choice.bit}"] if self.loop.kind == "level" and choice.bit else []
        if isinstance(child, Loop):
            assert child.kind in INSIDE
            lines = self.inner_loop(child)
            self.names[f"read{child.bit}"] = self.general.names[f"read{child.bit}"]
            lines = ["values = segment.split(separator)", *lines]
        else:
            lines = [*self.read_segment(child, keep=choice.keep), "index += 1"]
        return [*lines, f"at = {child.ordinal}", *seen, "segment = segments[index]"]

    def read_segment(self, use: SegmentUse, *, keep: bool) -> list[str]:
        """The lines that read one segment."""
        step, number = self.steps[use], use.bit
        if isinstance(step.binding, AdjustmentBinding):
            self.names[f"step{number}"] = step
            reading, result = ["parts = segment.split(separator)"], f"step{number}.values(parts)"
        else:
            source = SegmentReaderSource(step.codegen, use, step.binding, f"s{number}_")
            reading, result = ["parts = segment.split(separator)", *source.reading()], source.result()
            self.names |= source.names
            if isinstance(step.binding, FieldsBinding) and not keep:
                self.fields |= dict.fromkeys(step.names, "one")
                return [*reading, *source.assignments()]
        if not keep:
            return [*reading, *self.store(step, result)]
        known = SegmentCache()
        self.names |= {f"recall{number}": known.get, f"keep{number}": known.store}
        return [
            f"values = recall{number}(segment)",
            "if values is None:",
            *indented([*reading, f"values = keep{number}(segment, {result})"]),
            *self.store(step, "values"),
        ]


def loop_reader(steps: Steps, transaction_set: TransactionSet, loop: Loop) -> AdaptiveReader | None:
    """What reads a record or a level at once; None for those that are only read segment by segment."""
    bare_level = loop.kind == "level" and not (loop.alone or loop.emits or loop.record == "LevelStatus")
    flat_record = loop.kind == "record" and loop.first.id != "HL"
    return AdaptiveReader(steps, transaction_set, loop) if bare_level or flat_record else None
