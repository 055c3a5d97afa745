"""Text that came from outside, made fit to be sent back.

A tolerant reader lets accents, control characters and another file's delimiters through; a strict writer refuses them,
and one odd letter must never keep a whole day's remittance from being written. So all text of a record is sanitized
once, as it arrives: letters lose their accents, whatever else cannot be written becomes a hyphen.
"""

import re
import unicodedata
from typing import Any, TypeVar

import msgspec

from shared import x12

P = TypeVar("P", bound=x12.Part)
UNWRITABLE = re.compile(r"[*:^~\x00-\x1f\x7f-\U0010ffff]")
ACCENT = "Mn"
HYPHEN = "-"


def sanitize(text: str) -> str:
    """The text with nothing in it that the writer refuses; as long as it was, accents aside."""
    if not UNWRITABLE.search(text):
        return text
    letters = unicodedata.normalize("NFKD", text)
    bare = "".join(character for character in letters if unicodedata.category(character) != ACCENT)
    return UNWRITABLE.sub(HYPHEN, bare)


def sanitize_record(part: P) -> P:
    """The same record with all its text sanitized."""
    return msgspec.convert(_walk(msgspec.to_builtins(part)), type=type(part))


def _walk(value: Any) -> Any:
    if isinstance(value, str):
        return sanitize(value)
    if isinstance(value, dict):
        return {key: _walk(found) for key, found in value.items()}
    if isinstance(value, (list, tuple)):
        return [_walk(found) for found in value]
    return value
