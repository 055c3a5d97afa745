"""The cursors of lists that are in order of id."""

from shared.paging import Cursor


def last_id(after: str | None) -> str | None:
    key = Cursor.read(after, (str,))
    return str(key[0]) if key else None
