"""Keyset paging: `{items, next}`; `next` is an opaque cursor, and there are no counts."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import TypeVar

from shared.errors import Fault, Malformed

T = TypeVar("T")
MAX_PAGE = 200
"""The most rows that one page holds."""
MAX_CURSOR_LENGTH = 400


class Cursor:
    """The sort key of the last row of a page, as text that callers hand back unread."""

    @staticmethod
    def write(*key: str | int) -> str:
        """The cursor of a row with this sort key."""
        return urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).rstrip(b"=").decode()

    @staticmethod
    def read(cursor: str | None, kinds: tuple[type, ...]) -> tuple[str | int, ...] | None:
        """The key, checked against the types it must have. Raises Malformed."""
        if cursor is None:
            return None
        try:
            key = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        except ValueError:
            key = None
        # By exact type, since `true` of JSON is an int to isinstance.
        if not isinstance(key, list) or [type(part) for part in key] != list(kinds) or not all(map(_storable, key)):
            raise cursor_invalid()
        return tuple(key)


def cursor_invalid() -> Malformed:
    """The refusal of a cursor that a list did not give."""
    fault = Fault("/query/after", "cursor_invalid", "This is no cursor.", "Send `next` of a page as it came.")
    return Malformed("the cursor is not one that this list gave", errors=[fault])


def _storable(part: str | int) -> bool:
    """Whether a database can compare with it: 64 bits, or text without what no column holds."""
    if isinstance(part, int):
        return -(2**63) <= part < 2**63
    return "\x00" not in part and not any("\ud800" <= sign <= "\udfff" for sign in part)


def page_of(rows: Sequence[T], limit: int, key: Callable[[T], tuple[str | int, ...]]) -> tuple[Sequence[T], str | None]:
    """Cut `limit + 1` fetched rows to a page and the cursor of the next one."""
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], Cursor.write(*key(rows[limit - 1]))
