"""The shape of a guide, and the reader of its text form.

A guide is text (see the modules beside this one) so that a person sees a whole transaction on a page. One line is a
segment use or a loop; two spaces of indentation are one level:

    LOOP 2100 R > : record ClaimPayment
      CLP R 1 : R R=1,2,3,4 R R S

A segment line is id, usage (`R` required, `S` situational), how often (`>` = any number), then one token per element:
`R`, `S` or `N` (not used), `=A,B` the codes allowed, `=@NAME` a named set of codes, `^n` the repetitions allowed,
`(...)` the components of a composite. A `!` before the id binds the segment to the record of the loop above (an INS
beside an NM1). What follows a loop's colon is the record that it fills:
`header Class`, `level field Class` (shared by all records beneath), `record Class`, `field name Class`,
`list name Class`, `inline` (its segments belong to the loop above) and `unparsed` (kept as segments in the loop above).
`member field Class Record` is a level that also gives a Record, whose lists are filled by `member_list name Class`
loops; `level ... leaf Record` gives one when nothing follows beneath it, and `level ... alone` gives itself when it has
a status of its own.
Neighbouring segments with the same id, and neighbouring loops that begin with the same segment, may come in any order.
"""

import dataclasses
import functools
import re

from shared.x12.model.guides.code_sets import CODE_SETS
from shared.x12.model.guides.dictionary import SEGMENTS

# Segments whose uses are distinguished by a code inside them: which element (from 0, after the id) holds it.
DISCRIMINATORS = {"AMT": 0, "CRC": 0, "DTM": 0, "DTP": 0, "HI": 0, "HL": 2, "LQ": 0, "LX": None, "N1": 0, "NM1": 0}
DISCRIMINATORS |= {"NTE": 0, "PER": 0, "PRV": 0, "PWK": 0, "QTY": 0, "REF": 0, "TRN": 0, "CTX": 0, "ST": 0}


@dataclasses.dataclass(frozen=True)
class Element:
    """One element (or component) of a segment as a guide uses it."""

    label: str
    type: str = ""
    min_length: int = 0
    max_length: int = 0
    usage: str = "S"
    codes: frozenset[str] = frozenset()
    repeats: int = 1
    components: "tuple[Element, ...]" = ()


@dataclasses.dataclass(eq=False)
class SegmentUse:
    """One use of a segment at one place of a guide; `bit` marks it in the set of what a loop has seen."""

    id: str
    usage: str
    max_repeat: int
    elements: tuple[Element, ...]
    relations: tuple[tuple[str, tuple[int, ...]], ...]
    name: str
    upward: bool = False
    loop: "Loop" = dataclasses.field(init=False)
    ordinal: int = 0
    bit: int = 0

    @property
    def qualifiers(self) -> frozenset[str]:
        """The codes that distinguish this use from others of the same segment; empty when there are none."""
        index = DISCRIMINATORS.get(self.id)
        if index is None or index >= len(self.elements):
            return frozenset()
        element = self.elements[index]
        return element.components[0].codes if element.components else element.codes


@dataclasses.dataclass(eq=False)
class Loop:
    """A loop: its uses and loops in order, how often, and what record it fills."""

    id: str
    usage: str
    max_repeat: int
    kind: str
    field: str = ""
    record: str = ""
    emits: str = ""
    alone: bool = False
    parent: "Loop | None" = None
    children: "list[SegmentUse | Loop]" = dataclasses.field(default_factory=list)
    ordinal: int = 0
    bit: int = 0

    @property
    def first(self) -> SegmentUse:
        """The segment that opens the loop."""
        child = self.children[0]
        assert isinstance(child, SegmentUse)
        return child

    @functools.cached_property
    def required(self) -> int:
        """Bits of what must be seen in it."""
        return sum(child.bit for child in self.children if child.usage == "R")

    @functools.cached_property
    def required_head(self) -> int:
        """Bits of what must be seen before levels and records begin beneath it."""
        heads = (child for child in self.children if isinstance(child, SegmentUse) or not child.begins)
        return sum(child.bit for child in heads if child.usage == "R")

    @functools.cached_property
    def shares(self) -> bool:
        """Its segments fill the record of the loop above."""
        return self.kind in ("inline", "unparsed")

    @functools.cached_property
    def begins(self) -> bool:
        """A record or a level begins with it."""
        return self.kind in ("record", "level", "member")

    @functools.cached_property
    def depth(self) -> int:
        """How many loops there are around it."""
        return 0 if self.parent is None else self.parent.depth + 1


@dataclasses.dataclass(eq=False)
class Guide:
    """A transaction: its name (`837P`), ST01, GS01, the version written and the versions read as the same."""

    type: str
    code: str
    functional_id: str
    version: str
    also: tuple[str, ...]
    title: str
    root: Loop


@functools.cache
def dictionary() -> dict[str, tuple[str, tuple[Element, ...], tuple[tuple[str, tuple[int, ...]], ...]]]:
    """Segment id -> (name, elements, relations), from the text in `dictionary`."""
    entries = {}
    for line in SEGMENTS.strip().splitlines():
        head, _, body = line.partition("|")
        identifier, _, name = head.strip().partition(" ")
        body, _, relations = body.partition("{")
        parsed = tuple(
            (r[0], tuple(int(r[i : i + 2]) for i in range(1, len(r), 2))) for r in relations.strip("} ").split()
        )
        entries[identifier] = (name, tuple(base_element(token) for token in tokens(body)), parsed)
    return entries


def tokens(text: str) -> list[str]:
    """Split at spaces outside parentheses."""
    found, depth, start = [], 0, None
    for index, character in enumerate(text + " "):
        if character == " " and depth == 0:
            if start is not None:
                found.append(text[start:index])
                start = None
            continue
        start = index if start is None else start
        depth += (character == "(") - (character == ")")
    return found


def base_element(token: str) -> Element:
    """`label:AN1-60`, `label(...)`, `label^:ID1-2` or `-` of the dictionary."""
    if token == "-":  # noqa: S105 - a token of the dictionary
        return Element(label="unused", type="AN", min_length=1, max_length=80)
    if token.endswith(")"):
        label, _, inside = token[:-1].partition("(")
        return Element(
            label=label.removesuffix("^").replace("_", " "), components=tuple(map(base_element, tokens(inside)))
        )
    label, _, kind = token.partition(":")
    match = re.fullmatch(r"([A-Z]+)(\d*)(?:-(\d+))?", kind)
    assert match is not None, token
    letters, least, most = match.groups()
    low, high = {"M": (1, 18), "D": (8, 8), "P": (1, 35)}.get(letters) or (int(least), int(most or least))
    return Element(label=label.removesuffix("^").replace("_", " "), type=letters, min_length=low, max_length=high)


def used_element(base: Element, token: str) -> Element:
    """The dictionary's element as the guide's token narrows it: `R`, `S=A,B`, `S^99`, `R(R=HC R S)`."""
    match = re.fullmatch(r"([RSN])(?:\^(\d*))?(?:=([^(]+))?(?:\((.*)\))?", token)
    assert match is not None, token
    usage, repeats, codes, inside = match.groups()
    components: tuple[Element, ...] = ()
    if base.components and usage != "N":
        given = tokens(inside) if inside else ["R"] + ["S"] * (len(base.components) - 1)
        given += ["N"] * (len(base.components) - len(given))
        components = tuple(used_element(part, one) for part, one in zip(base.components, given, strict=True))
    if not codes:
        allowed: frozenset[str] = frozenset()
    elif codes.startswith("@"):
        allowed = CODE_SETS[codes[1:]]
    else:
        allowed = frozenset(code.replace("_", " ") for code in codes.split(","))
    count = 1 if repeats is None else int(repeats or 99)
    return dataclasses.replace(base, usage=usage, codes=allowed, repeats=count, components=components)


def parse_use(line: str) -> SegmentUse:
    """A segment line of a guide."""
    head, _, body = line.partition(":")
    identifier, usage, most = head.split()
    upward = identifier.startswith("!")
    identifier = identifier.lstrip("!")
    name, elements, relations = dictionary()[identifier]
    given = tokens(body)
    given += ["N"] * (len(elements) - len(given))
    used = tuple(used_element(base, token) for base, token in zip(elements, given, strict=True))
    live = tuple(rule for rule in relations if matters(used, rule))
    return SegmentUse(identifier, usage, 0 if most == ">" else int(most), used, live, name, upward)


def matters(elements: tuple[Element, ...], rule: tuple[str, tuple[int, ...]]) -> bool:
    """A relation between elements that are all required, or not used, can never fail by itself."""
    usages = [elements[number - 1].usage for number in rule[1]]
    return "S" in usages


def parse_guide(type_: str, code: str, functional_id: str, versions: tuple[str, ...], title: str, text: str) -> Guide:
    """Read the text of a guide. The first of `versions` is the one that is written."""
    root: Loop | None = None
    stack: list[Loop] = []
    for line in filter(str.strip, text.splitlines()):
        depth = (len(line) - len(line.lstrip())) // 2
        del stack[depth:]
        assert len(stack) == depth, f"deeper than the loop it stands in: {line.strip()}"
        if line.lstrip().startswith("LOOP "):
            loop = parse_loop(line.strip(), stack[-1] if stack else None)
            if root is None:
                root = loop
            stack.append(loop)
        else:
            use = parse_use(line.strip())
            use.loop = stack[-1]
            stack[-1].children.append(use)
    assert root is not None
    number(root)
    return Guide(type_, code, functional_id, versions[0], versions[1:], title, root)


def parse_loop(line: str, parent: Loop | None) -> Loop:
    """A loop line; it is added to its parent."""
    head, _, binding = line.partition(":")
    _, identifier, usage, most = head.split()
    kind, *words = binding.split()
    field = words.pop(0) if kind in ("level", "member", "field", "list", "member_list") else ""
    record = words.pop(0) if words else ""
    alone = words == ["alone"]
    emits = "" if alone or not words else words[-1]
    loop = Loop(identifier, usage, 0 if most == ">" else int(most), kind, field, record, emits, alone, parent)
    if parent is not None:
        parent.children.append(loop)
    return loop


def number(loop: Loop) -> None:
    """Give ordinals (neighbours that may be swapped share one) and bits to everything in the loop."""
    ordinal, before = 0, ""
    for index, child in enumerate(loop.children):
        identifier = child.id if isinstance(child, SegmentUse) else child.first.id
        # Neighbours with the same id share an ordinal: payers send REF and DTP in any order, and no reader minds.
        ordinal += identifier != before
        before = identifier
        # One bit for each child, so that what a loop has seen is one integer.
        child.ordinal, child.bit = ordinal, 1 << index
        if isinstance(child, Loop):
            number(child)
