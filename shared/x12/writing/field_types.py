"""Whether the fields of a record hold what its class declares: a record is made without a check, since that is fast.

Only what is written segment by segment is looked at. What is written at once comes back from the reader equal to the
record, so its types are right.
"""

import datetime
import functools
import types
import typing
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from shared.x12.writing.write_error import WriteError

WORDS = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    Decimal: "a Decimal",
    datetime.date: "a date without a time",
    types.NoneType: "None",
}


class FieldType(NamedTuple):
    """The classes that a value may be of; with `items` it may be a tuple or list of such values."""

    classes: tuple[type, ...]
    items: "FieldType | None" = None

    @property
    def words(self) -> str:
        """What the value has to be, in words."""
        if self.items is not None:
            return "a tuple"
        return " or ".join(WORDS.get(one, f"a {one.__name__}") for one in self.classes)

    def holds(self, value: object) -> bool:
        """Whether the value is of one of the classes. A bool is no number, and a moment is no date."""
        if self.items is not None:
            return isinstance(value, (tuple, list))
        if isinstance(value, bool):
            return bool in self.classes
        return isinstance(value, self.classes) and not isinstance(value, datetime.datetime)


def check_types(part: msgspec.Struct, path: Sequence[str] = ()) -> None:
    """Raise `WriteError` for the first field, at whatever depth, that holds something of another type."""
    for name, wanted in field_types(type(part)).items():
        _check_within(getattr(part, name), wanted, [*path, name])


def check_own_types(part: msgspec.Struct) -> None:
    """The same for the fields of the part alone; what they hold may be large, and is looked at when it is written."""
    for name, wanted in field_types(type(part)).items():
        _check(getattr(part, name), wanted, [name])


def _check(value: object, wanted: FieldType, path: Sequence[str]) -> None:
    if not wanted.holds(value):
        raise WriteError("/".join(path), f"has to be {wanted.words}")


def _check_within(value: Any, wanted: FieldType, path: Sequence[str]) -> None:
    _check(value, wanted, path)
    if wanted.items is not None:
        for index, item in enumerate(value):
            _check_within(item, wanted.items, [*path, str(index)])
    elif isinstance(value, msgspec.Struct):
        check_types(value, path)


@functools.cache
def field_types(part: type[msgspec.Struct]) -> dict[str, FieldType]:
    """Field name -> what it may hold, from the annotations of a class."""
    return {
        name: _field_type(hint) for name, hint in typing.get_type_hints(part).items() if name in part.__struct_fields__
    }


def _field_type(hint: Any) -> FieldType:
    if typing.get_origin(hint) is tuple:
        return FieldType((tuple,), _field_type(typing.get_args(hint)[0]))
    if isinstance(hint, types.UnionType):
        return FieldType(typing.get_args(hint))
    return FieldType((hint,))
