"""Generates the function that reads a whole loop at once, for the loops in which nothing is wrong.

Most records of most files are in order. For these `LoopReaderSource` writes a function that reads the segments of a
record, with all loops inside it, straight into its typed record, without a frame for each loop and a search for each
move. It raises `ValueError` or `LookupError` wherever something is missing, out of order, malformed, or simply not
whole in the piece of the file at hand; then `reading.transaction_reader` reads the same segments one by one and logs
what is wrong. So a generated function decides nothing about a file: it gives what the slow way would give, or gives up.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from shared.x12.codegen.segment_reader import SegmentReaderSource, call, defaults_of
from shared.x12.codegen.step import Step
from shared.x12.model.bindings.binding import FieldsBinding
from shared.x12.model.bindings.common import AdjustmentBinding, HealthCodeBinding
from shared.x12.model.envelope import Delimiters
from shared.x12.model.guides.grammar import Loop, SegmentUse
from shared.x12.model.registry import TransactionSet
from shared.x12.model.values import BoundedCache

# Segments whose bytes come again within a file, and the parties that do not. No free text is remembered.
REPEATING = {"CAS", "DTM", "DTP", "AMT", "QTY", "LQ", "HI", "HSD", "NM1", "AAA", "STC"}
PATIENTS = frozenset({"QC", "IL", "74", "GB"})
# Bounds on what is remembered of a file's codes: a hostile one may hold any number of them.
CODES = 1024
ANY_NUMBER = 1 << 30
# The kinds of loops that can be read inside another one; the others need the frames of the slow way.
INSIDE = ("list", "field")
# What a local holds before anything is read: single values and parts have defaults of their own.
EMPTY = {"items": "()", "parts": "[]"}
# Ordinal in the loop, the bit of the use, the branch that takes the values, the values.
CachedSegment = tuple[int, int, int, Any]
Steps = Mapping[SegmentUse, Step]
LoopReader = Callable[[list[bytes], int, Any, dict[str, Any]], Any]
# Makes what reads a loop inside another one; its `read` is a `LoopReader`.
InnerReader = Callable[[Steps, TransactionSet, Loop], Any]


class Choice(NamedTuple):
    """What a segment may be in a loop: ordinal and bit of its use, the branch that takes its values, whether its bytes
    come again, and how it is read (the first segment of an inner loop is read there).
    """

    ordinal: int
    bit: int
    branch: int
    keep: bool
    step: Step | None


NO_CHOICE = Choice(-1, 0, 0, False, None)


class SegmentChoices(dict[bytes, "Choice | tuple[Choice, ...]"]):
    """The first bytes of a segment (its id, and the code that tells its uses apart) -> what it may be in a loop: one
    choice, several in the guide's order, or `NO_CHOICE`. Codes longer than fit are refused when they are read.
    """

    def __init__(self, pairs: list[tuple[SegmentUse, Choice]], delimiters: Delimiters) -> None:
        super().__init__()
        self.delimiters = delimiters
        self.uses: dict[bytes, list[tuple[SegmentUse, Choice]]] = {}
        for use, choice in pairs:
            self.uses.setdefault(use.id.encode(), []).append((use, choice))

    def matching(self, start: bytes) -> list[tuple[SegmentUse, Choice]]:
        """The uses that a segment which begins like this may be of, each with its choice."""
        identifier, _, rest = start.partition(self.delimiters.element_separator)
        code = (
            rest.split(self.delimiters.element_separator)[0]
            .split(self.delimiters.component_separator)[0]
            .decode("latin-1")
        )
        uses = self.uses.get(identifier, [])
        return [(use, choice) for use, choice in uses if not use.qualifiers or code in use.qualifiers]

    def __missing__(self, start: bytes) -> "Choice | tuple[Choice, ...]":
        found = tuple(choice for _, choice in self.matching(start))
        wanted = NO_CHOICE if not found else found[0] if len(found) == 1 else found
        if len(self) < CODES:
            self[start] = wanted
        return wanted


class SegmentCache(BoundedCache[CachedSegment]):
    """What was read of segments whose bytes come again: the segment -> ordinal, bit, branch, values."""

    capacity = 4096


def next_of(choices: tuple[Choice, ...], at: int) -> Choice:
    """The first of several uses that may still come from the ordinal `at` on; a place before all when none may."""
    return next((choice for choice in choices if choice.ordinal >= at), NO_CHOICE)


# The loop over segments, the same in every function. `seen` has a bit for each use, so that "was it there" and "is all
# there that is required" are one operation each; `at` is the ordinal reached: a segment that belongs before it ends the
# loop. Seven bytes hold an id, a separator and the longest qualifier of three characters.
NEXT_SEGMENT = """
index += 1
while True:
    segment = segments[index]
    hit = recall(segment)
    if hit is None:
        choice = expect[segment[:7]]
        if choice.__class__ is not Choice: choice = next_of(choice, at)
        ordinal, bit, branch, keeps, step = choice
        if ordinal < at: break
        parts = segment.split(separator)
        values = step.values(parts) if step else parts
        if keeps: keep(segment, (ordinal, bit, branch, values))
    else:
        ordinal, bit, branch, values = hit
        if ordinal < at: break
    if bit:
        if seen & bit:
            if counts is None: counts = {}
            counts[bit] = count = counts.get(bit, 1) + 1
            if count > limits[bit]: raise ValueError
        seen |= bit
    at = ordinal
""".strip().splitlines()


class LoopReaderSource:
    """The text of the function that reads one loop, and the names that it uses.

    The function takes the segments of a piece, the index of the loop's first segment, the parts of that segment and
    the records of the levels around it. It gives the index of the segment after the loop and the typed part; for a
    level also what it has seen and where it ended.
    """

    def __init__(self, steps: Steps, transaction_set: TransactionSet, loop: Loop, inner: "InnerReader") -> None:
        self.steps, self.transaction_set, self.loop, self.inner = steps, transaction_set, loop, inner
        self.delimiters = steps[loop.first].codegen.delimiters
        self.separator = self.delimiters.element_separator
        self.record = transaction_set.record_class(loop.record)
        self.defaults = defaults_of(self.record)
        self.fields: dict[str, str] = {}
        self.branches: list[list[str]] = []
        self.pairs: list[tuple[SegmentUse, Choice]] = []
        self.limits: dict[int, int] = {}
        self.names: dict[str, Any] = {"Part": self.record, "limits": self.limits}
        self.longest: dict[str, int] = {}
        self.parsed: tuple[str, ...] = ()

    def text(self) -> str:
        """The whole text."""
        first = self.first()
        for child in self.loop.children:
            if child is not self.loop.first and not (isinstance(child, Loop) and child.begins):
                self.child(child)
        known = SegmentCache()
        self.names |= {
            "Choice": Choice,
            "next_of": next_of,
            "recall": known.get,
            "keep": known.store,
            "separator": self.separator,
        }
        self.choices = self.names["expect"] = SegmentChoices(self.pairs, self.delimiters)
        # A level goes on with the records beneath it, so what it lacks is known only when it closes.
        needed = 0 if self.loop.kind == "level" else self.loop.required
        wrong = " or ".join([*([f"{needed} & ~seen"] if needed else []), *self.failures()])
        lines = [
            *(["raise ValueError"] if self.has_unread_field() else []),
            *self.initial_values(),
            *first,
            f"seen, at, counts = {self.loop.first.bit}, {self.loop.first.ordinal}, None",
            *NEXT_SEGMENT,
            *self.dispatch(),
            *([f"if {wrong}: raise ValueError"] if wrong else []),
            f"return index, {self.part_call()}{', seen, at' if self.loop.kind == 'level' else ''}",
        ]
        return "def read(segments, index, parts, context):\n" + "\n".join(f"    {line}" for line in lines)

    def first(self) -> list[str]:
        """Read the loop's first segment."""
        step = self.steps[self.loop.first]
        text = SegmentReaderSource(step.codegen, step.use, step.binding, "first_")
        result = text.result()
        self.names |= text.names
        if not isinstance(step.binding, FieldsBinding):
            return [*text.reading(), *self.store(step, result)]
        self.fields |= dict.fromkeys(step.names, "one")
        return [*text.reading(), *text.assignments()]

    def child(self, child: SegmentUse | Loop) -> None:
        """Make the branch that takes a segment or a loop inside this one; segments names alike share one."""
        use = child.first if isinstance(child, Loop) else child
        step = self.steps[use]
        if isinstance(child, Loop):
            lines = self.inner_loop(child)
        elif child.upward:
            lines = ["raise ValueError"]
        else:
            lines = [*self.store(step, "values"), "index += 1"]
        # Children that are taken in the same way share a branch: fewer comparisons for each segment.
        if lines not in self.branches:
            self.branches.append(lines)
        bit = 0 if self.counted_last(child) else child.bit
        if bit:
            self.limits[bit] = child.max_repeat or ANY_NUMBER
        keep = not isinstance(child, Loop) and use.id in REPEATING and self.alone(child)
        reads = None if isinstance(child, Loop) else step
        self.pairs.append((use, Choice(child.ordinal, bit, self.branches.index(lines), keep, reads)))

    def counted_last(self, child: SegmentUse | Loop) -> bool:
        """What may be missing and is alone in filling a list is counted when the list is whole, not at each entry."""
        listed = self.list_of(child)
        several = isinstance(child, SegmentUse) and isinstance(
            self.steps[child].binding, AdjustmentBinding | HealthCodeBinding
        )
        if child.usage == "R" or not listed or several:
            return False
        rivals = [other for other in self.loop.children if other is not child and self.list_of(other) == listed]
        if not rivals and child.max_repeat:
            self.longest[listed] = child.max_repeat
        return not rivals

    def list_of(self, child: SegmentUse | Loop) -> str:
        """The list that a child fills; empty when it fills none."""
        if isinstance(child, Loop):
            return child.field if child.kind == "list" else ""
        return self.steps[child].field

    def alone(self, use: SegmentUse) -> bool:
        """No other place of the loop could take the segment; and it names no patient, whom no other segment names."""
        others = [child.first if isinstance(child, Loop) else child for child in self.loop.children]
        rivals = (one for one in others if one.id == use.id and one.ordinal != use.ordinal)
        free = not any(not one.qualifiers or not use.qualifiers or one.qualifiers & use.qualifiers for one in rivals)
        return free and not (use.id == "NM1" and use.qualifiers & PATIENTS)

    def inner_loop(self, loop: Loop) -> list[str]:
        """Read a loop inside this one, with a reader of its own."""
        if loop.kind not in INSIDE:
            return ["raise ValueError"]
        name = f"read{loop.bit}"
        self.names[name] = self.inner(self.steps, self.transaction_set, loop)
        call = f"index, part = {name}.read(segments, index, values, context)"
        if loop.kind == "field":
            self.fields.setdefault(loop.field, "one")
            return [call, f"f_{loop.field} = part"]
        self.fields[loop.field] = "parts"
        return [call, f"f_{loop.field}.append(part)"]

    def store(self, step: Step, values: str) -> list[str]:
        """Take the values of a segment."""
        if step.field:
            self.fields.setdefault(step.field, "items")
            return [f"f_{step.field} += {values}"]
        if step.names:
            for name in step.names:
                self.fields.setdefault(name, "one")
            return [f"{''.join(f'f_{name}, ' for name in step.names)}= {values}"]
        names: tuple[str, ...] = getattr(step.binding, "names", ())
        if not names:
            return []
        self.names[f"parse{step.bit}"] = step.binding.parse
        self.parsed += names
        return [f"parse{step.bit}(data, {{}}, {values})"]

    def initial_values(self) -> list[str]:
        """Each local of a field, as it is before anything is read."""
        lines = ["data = {}"] if self.parsed else []
        return lines + [
            f"f_{name} = {EMPTY.get(kind, repr(self.defaults.get(name)))}" for name, kind in self.fields.items()
        ]

    def dispatch(self) -> list[str]:
        """The branches, tried in turn; inner loops first, since a list of them is the commonest thing in a loop."""
        lines: list[str] = []
        for branch in sorted(self.branches, key=lambda lines: "read" not in lines[0]):
            lines += [f"{'elif' if lines else 'if'} branch == {self.branches.index(branch)}:"]
            lines += [f"    {line}" for line in branch]
        return [f"    {line}" for line in lines]

    def failures(self) -> list[str]:
        """The conditions under which a field was not filled, or there is too much in a list."""
        first = self.steps[self.loop.first].names
        bare = [f"f_{name} is None" for name in self.fields if name not in self.defaults and name not in first]
        return bare + [f"len(f_{name}) > {most}" for name, most in self.longest.items()]

    def has_unread_field(self) -> bool:
        """The record has a field that must be given and that only the slow way can fill."""
        given = {*self.fields, *self.parsed, *self.defaults, *level_fields(self.loop)}
        return not given.issuperset(self.record.__struct_fields__)

    def part_call(self) -> str:
        """The call that makes the part."""
        given = {name: f"tuple(f_{name})" if kind == "parts" else f"f_{name}" for name, kind in self.fields.items()}
        for name in self.parsed:
            given[name] = f"data.get({name!r}, {self.defaults.get(name)!r})"
        for name in level_fields(self.loop) if self.loop.kind == "record" else ():
            other = f"context.get({name!r}, {self.defaults.get(name)!r})"
            given[name] = other if name in self.defaults else f"context[{name!r}]"
        return call("Part", self.record, given)


def level_fields(loop: Loop) -> list[str]:
    """The fields of a record that the levels around it fill."""
    found = []
    outer = loop.parent
    while outer is not None:
        if outer.kind in ("level", "member"):
            found.append(outer.field)
        outer = outer.parent
    return found
