"""Segments on their way out: characters checked, delimiters put in, segments counted."""

import re

import msgspec

from shared.x12.model.bindings.element_kinds import COMPONENT, REPETITION
from shared.x12.model.envelope import Delimiters
from shared.x12.model.records.parts import Part
from shared.x12.writing.write_error import WriteError

ELEMENT = "\x1c"
# The placeholders of delimiters as JSON spells them inside a value: searching the encoded record is one pass in C.
PLACEHOLDERS = re.compile(rb"(?<!\\)(?:\\\\)*\\u001[cde]")

UNWRITABLE = "holds a character that cannot be written (a delimiter, a control or a letter with accent)"


class SegmentOutput:
    """Collects bytes; `count` is the number of segments since it was last set to zero."""

    def __init__(self, delimiters: Delimiters, newline: str) -> None:
        self.delimiters = delimiters
        self.ending = delimiters.segment_terminator + newline.encode("latin-1")
        self.pieces: list[bytes] = []
        self.count = 0
        used = delimiters.element + delimiters.component + delimiters.repetition + delimiters.segment
        # A placeholder may be a delimiter of the file as well: that no value holds one is checked record by record.
        refused = re.escape(re.sub(f"[{ELEMENT}{COMPONENT}{REPETITION}]", "", used))
        self.refused = re.compile(f"[{refused}\x00-\x1b\x1f\x7f-\U0010ffff]")
        self.from_placeholders = {
            ord(ELEMENT): delimiters.element,
            ord(COMPONENT): delimiters.component,
            ord(REPETITION): delimiters.repetition,
        }

    def check_characters(self, text: str, pointer: str) -> None:
        """Refuse delimiters, control characters and letters beyond ASCII inside data."""
        if self.refused.search(text):
            raise WriteError(pointer, UNWRITABLE)

    def check_isa_element(self, text: str, pointer: str) -> None:
        """The same for an element of the ISA, which goes out as it is."""
        self.check_characters(text, pointer)
        if ELEMENT in text or COMPONENT in text or REPETITION in text:
            raise WriteError(pointer, UNWRITABLE)

    def check_no_placeholder(self, part: Part, pointer: str) -> None:
        """Refuse values that hold a placeholder: it would come out as a delimiter."""
        if PLACEHOLDERS.search(msgspec.json.encode(part)):
            raise WriteError(pointer, UNWRITABLE)

    def segment(self, elements: list[str], pointer: str) -> bytes:
        """Add one segment from its id and elements; empty ones at its end are left out. Gives its bytes."""
        # Separators at the end of a segment are an error by the standard, and peers write them.
        while not elements[-1]:
            elements.pop()
        text = ELEMENT.join(elements)
        self.check_characters(text, pointer)
        raw = text.translate(self.from_placeholders).encode("ascii")
        self.pieces += (raw, self.ending)
        self.count += 1
        return raw

    def add_raw(self, elements: list[str]) -> None:
        """Add a segment whose elements may hold delimiters (the ISA)."""
        self.pieces += (
            self.delimiters.element_separator.join(part.encode("latin-1") for part in elements),
            self.ending,
        )
        self.count += 1

    def add_segments(self, raw: bytes, count: int) -> None:
        """Add segments that are known to be right, each with its terminator."""
        terminator = self.delimiters.segment_terminator
        self.pieces.append(raw if self.ending == terminator else raw.replace(terminator, self.ending))
        self.count += count

    def drain(self) -> bytes:
        """What was written since the last time."""
        data = b"".join(self.pieces)
        self.pieces.clear()
        return data
