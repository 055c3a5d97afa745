"""Explain mode: every segment in plain English, loops indented, money and dates readable.

It follows the same compiled guides as the reader, without making records. Segments that matter to a biller have a
sentence of their own (`segment_sentences`); every other is described by the labels of the dictionary.
"""

import re
from collections.abc import Callable, Iterator

from shared.plural import counted
from shared.x12.codegen.compiled_guide import CompiledGuide, compiled_guide
from shared.x12.codegen.step import Step
from shared.x12.explain import code_meanings
from shared.x12.explain.code_labels import CodeLabels, NoLabels
from shared.x12.explain.qualifier_names import name_of
from shared.x12.explain.segment_sentences import SENTENCES, SegmentElements, element_text
from shared.x12.model.envelope import Delimiters
from shared.x12.model.guides.grammar import SegmentUse
from shared.x12.model.registry import find_type
from shared.x12.splitting.pieces import ByteSource
from shared.x12.splitting.segments import segments

# Bytes that a terminal would obey instead of showing them.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

NO_LABELS = NoLabels()

# What a segment is called in one transaction and not in others.
NAMES_IN_TRANSACTION = {
    "HL": {("837P", "20"): "billing provider", ("837P", "23"): "patient"},
    "LX": {("835", ""): "claims, group"},
}


def explain(source: ByteSource, labels: CodeLabels = NO_LABELS) -> Iterator[str]:
    """One line a segment; a line between transactions."""
    explainer = Explainer(labels)
    found = segments(source)
    for _, _, parts in found:
        yield UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", explainer.explain_segment(parts, found.delimiters))


class Explainer:
    """The position in a file that is being explained: the guide of its transaction, and the last step in it."""

    def __init__(self, labels: CodeLabels = NO_LABELS) -> None:
        self.labels = labels
        self.compiled: CompiledGuide | None = None
        self.step: Step | None = None
        self.version = ""

    def explain_segment(self, raw: list[bytes], delimiters: Delimiters) -> str:
        """One segment as one line."""
        parts = [part.decode("utf-8", "replace") for part in raw]
        identifier = parts[0].strip()
        envelope = ENVELOPE.get(identifier)
        if envelope is not None:
            if identifier == "GS" and len(parts) > 8:
                self.version = parts[8]
            text = envelope(parts + [""] * 17)
            if identifier == "ST":
                text = self.start(parts, delimiters)
            elif identifier == "SE":
                self.compiled = None
            return f"{identifier:4} {text}"
        return self.inside(identifier, delimiters.element_separator.join(raw), parts[1:], delimiters)

    def start(self, parts: list[str], delimiters: Delimiters) -> str:
        """An ST: choose the guide."""
        code, number, version = (parts + [""] * 4)[1:4]
        type_ = find_type(code, version or self.version)
        if type_ is None:
            self.compiled = None
            return f"transaction {code}, number {number} (no guide for it here)"
        self.compiled = compiled_guide(type_, delimiters)
        self.step = self.compiled.start
        return f"{type_} {self.compiled.guide.title}, number {number}"

    def inside(self, identifier: str, raw: bytes, elements: list[str], delimiters: Delimiters) -> str:
        """A segment of a transaction."""
        use: SegmentUse | None = None
        depth = 1
        if self.compiled is not None and self.step is not None:
            key = identifier.encode()
            code = self.compiled.code(key, raw)
            # Files that need explaining are often wrong: a segment out of its order is explained where it belongs.
            move = self.compiled.move(self.step, key, code) or self.compiled.move(self.step, key, code, ordered=False)
            if move is not None:
                self.step = move.step
                use = move.step.use
                depth = use.loop.depth + 1
        words = SegmentElements(
            elements,
            delimiters.component_separator.decode("latin-1"),
            delimiters.repetition_separator.decode("latin-1"),
            self.labels,
        )
        sentence = SENTENCES.get(identifier)
        name = name_of(identifier, [part.replace(words.component, ":").encode() for part in elements], use)
        if identifier in NAMES_IN_TRANSACTION and self.compiled is not None:
            name = NAMES_IN_TRANSACTION[identifier].get(
                (self.compiled.guide.type, words(3) if identifier == "HL" else ""), name
            )
        text = sentence(words, name) if sentence is not None else plain(use, words, name)
        return f"{'  ' * depth}{identifier:4} {text}"


def plain(use: SegmentUse | None, words: SegmentElements, name: str) -> str:
    """A segment by the labels of its elements."""
    parts = []
    for number, raw in enumerate(words.elements, 1):
        if raw:
            element = use.elements[number - 1] if use is not None and number <= len(use.elements) else None
            label = element.label if element is not None else f"element {number}"
            parts.append(f"{label} {element_text(element, raw)}")
    return f"{name}: {', '.join(parts)}" if parts else name


def isa(parts: list[str]) -> str:
    """The interchange."""
    usage = {"T": "test", "P": "production"}.get(parts[15].strip(), "unknown usage")
    when = element_text(None, parts[9], "D6") + " " + element_text(None, parts[10], "T")
    return f"interchange from {parts[6].strip()} to {parts[8].strip()}, {when}, number {parts[13]}, {usage}"


def gs(parts: list[str]) -> str:
    """The group."""
    when = element_text(None, parts[4], "D") + " " + element_text(None, parts[5], "T")
    held = code_meanings.GROUPS_OF.get(parts[1])
    kind = f"group of {held} ({parts[1]})" if held else f"group {parts[1]}"
    return f"{kind} from {parts[2]} to {parts[3]}, {when}, number {parts[6]}, version {parts[8]}"


def ta1(parts: list[str]) -> str:
    """An interchange answered."""
    result = {"A": "accepted", "E": "accepted with errors", "R": "rejected"}.get(parts[4], parts[4])
    return f"interchange {parts[1]} was {result} (note {parts[5]})"


ENVELOPE: dict[str, Callable[[list[str]], str]] = {
    "ISA": isa,
    "GS": gs,
    "TA1": ta1,
    "ST": lambda parts: f"transaction {parts[1]}",
    "SE": lambda parts: f"end of transaction {parts[2]}, {counted(parts[1], 'segment')}",
    "GE": lambda parts: f"end of group {parts[2]}, {counted(parts[1], 'transaction')}",
    "IEA": lambda parts: f"end of interchange {parts[2]}, {counted(parts[1], 'group')}",
}
