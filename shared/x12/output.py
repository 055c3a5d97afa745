"""Segments on their way out: characters checked, delimiters put in, segments counted."""

import re

from shared.x12.bindings.kinds import COMPONENT, REPETITION
from shared.x12.dialect import Dialect
from shared.x12.envelope import WriteError

ELEMENT = "\x1c"


class Output:
    """Collects bytes; `count` is the number of segments since it was last set to zero."""

    def __init__(self, dialect: Dialect, newline: str) -> None:
        self.dialect = dialect
        self.ending = dialect.segment + newline.encode("latin-1")
        self.pieces: list[bytes] = []
        self.count = 0
        characters = dialect.characters
        delimiters = characters.element + characters.component + characters.repetition + characters.segment
        self.refused = re.compile(f"[{re.escape(delimiters)}\x00-\x1b\x1f\x7f-\U0010ffff]")
        self.delimiters = {
            ord(ELEMENT): characters.element,
            ord(COMPONENT): characters.component,
            ord(REPETITION): characters.repetition,
        }

    def allowed(self, text: str, pointer: str) -> None:
        """Refuse delimiters, control characters and letters beyond ASCII inside data."""
        if self.refused.search(text):
            raise WriteError(
                pointer, "holds a character that cannot be written (a delimiter, a control or a letter with accent)"
            )

    def segment(self, elements: list[str], pointer: str) -> bytes:
        """Add one segment from its id and elements; empty ones at its end are left out. Gives its bytes."""
        while not elements[-1]:
            elements.pop()
        text = ELEMENT.join(elements)
        self.allowed(text, pointer)
        raw = text.translate(self.delimiters).encode("ascii")
        self.pieces += (raw, self.ending)
        self.count += 1
        return raw

    def raw(self, elements: list[str]) -> None:
        """Add a segment whose elements may hold delimiters (the ISA)."""
        self.pieces += (self.dialect.element.join(part.encode("latin-1") for part in elements), self.ending)
        self.count += 1

    def taken(self) -> bytes:
        """What was written since the last time."""
        data = b"".join(self.pieces)
        self.pieces.clear()
        return data
