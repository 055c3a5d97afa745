"""The cursors of lists that are sorted by id, or by another column and then by id."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from shared.paging import Cursor, cursor_invalid

T = TypeVar("T")


def last_id(after: str | None) -> str | None:
    """The id that a list in order of id goes on after; None on its first page. Raises Malformed on a foreign cursor."""
    key = Cursor.read(after, (str,))
    return str(key[0]) if key else None


def last_pair(after: str | None, parse: Callable[[str], T]) -> tuple[T, str] | None:
    """The sort key and the id of the last row. Raises Malformed if `parse` refuses the cursor."""
    key = Cursor.read(after, (str, str))
    if key is None:
        return None
    try:
        return parse(str(key[0])), str(key[1])
    except (ValueError, OverflowError):
        raise cursor_invalid() from None


def moment(text: str) -> datetime:
    """The moment in a cursor, for `last_pair`. Raises ValueError."""
    return datetime.fromisoformat(text).astimezone(UTC)
