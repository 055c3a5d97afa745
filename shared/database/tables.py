"""What a table or column says of itself, in its `info`, to whoever works through all of them.

A table has `__table_args__ = (..., {"info": stays_behind("why")})`, a column `sa_column_kwargs={"info": ...}`.
"""

from collections.abc import Callable
from typing import Any, cast

from sqlalchemy import Table
from sqlmodel import SQLModel

LEFT_BEHIND = "left_behind"
BLIND_OF = "blind_of"
X12_KIND = "x12_kind"
WITHHELD = "withheld"
OUTSIDE_MAC = "outside_mac"


def table_of(model: type[SQLModel]) -> Table:
    """The table of a mapped class."""
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


def stays_behind(why: str) -> dict[str, Any]:
    """Of a table: no row of it leaves with its organization, because of this."""
    return {LEFT_BEHIND: why}


def withheld(why: str) -> dict[str, Any]:
    """Of a table: no row of it is given to the patient whom it names, because of this."""
    return {WITHHELD: why}


def outside_mac(why: str) -> dict[str, Any]:
    """Of a column that may be empty: the MAC of its row does not cover it, because of this. A version before, which
    does not know the column, then writes rows that hold for this one, and the other way round."""
    return {OUTSIDE_MAC: why}


def replaced_by(value: Any) -> dict[str, Any]:
    """Of a column: it does not leave with its row, and has this value where the row comes in."""
    return {LEFT_BEHIND: value}


def blind_of(source: Callable[[Any], tuple[str, str]]) -> dict[str, Any]:
    """Of a column that is a blind index: (field, value) of a row that it is made of."""
    return {BLIND_OF: source}


def x12_of_kind(kind: Callable[[Any], str]) -> dict[str, Any]:
    """Of a column that holds a whole X12 file: the kind of it (`837P`) in a row."""
    return {X12_KIND: kind}
