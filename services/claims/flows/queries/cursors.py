"""The cursors of lists that are in order of id, or of something and then of id."""

from collections.abc import Callable
from typing import TypeVar

from shared.paging import Cursor, cursor_invalid

T = TypeVar("T")


def last_id(after: str | None) -> str | None:
    """The id that a list in order of id goes on after; None on its first page. Raises Malformed on a foreign cursor."""
    key = Cursor.read(after, (str,))
    return str(key[0]) if key else None


def last_pair(after: str | None, parse: Callable[[str], T]) -> tuple[T, str] | None:
    """What the last row was sorted by, and its id. Raises Malformed for one that `parse` refuses."""
    key = Cursor.read(after, (str, str))
    if key is None:
        return None
    try:
        return parse(str(key[0])), str(key[1])
    except (ValueError, OverflowError):
        raise cursor_invalid() from None
