"""The kinds of values that elements hold, each read from bytes and written to text.

A `Kind` turns one element (or composite) into a value of a record and back. Reading raises `ValueError` when the
value cannot be; writing gives `""` for what is absent. A composite is written with `:` and a repetition with `^`, which
the writer exchanges for the delimiters in use.
"""

import dataclasses
import datetime
from collections.abc import Callable
from typing import Any

from shared.x12.model.element_patterns import Dialect
from shared.x12.model.records.parts import Procedure
from shared.x12.model.values import CENTS, DATES, DECIMALS, TEXTS, write_cents, write_date, write_decimal

Reader = Callable[[bytes], Any]

# Written composites and repetitions are joined with these, which no value can hold.
COMPONENT = "\x1d"
REPETITION = "\x1e"


@dataclasses.dataclass(frozen=True)
class Kind:
    """`read(dialect)` gives the function from bytes; `write` gives the text of a value.

    `absent` is what a field holds when its element is not there, as Python text.
    """

    read: Callable[[Dialect], Reader]
    write: Callable[[Any], str]
    absent: str = '""'


def write_text(value: str) -> str:
    """Text is written as it is."""
    return value


def write_maybe(write: Callable[[Any], str]) -> Callable[[Any], str]:
    """None becomes an absent element."""
    return lambda value: "" if value is None else write(value)


def read_procedure(dialect: Dialect) -> Reader:
    """`HC:97124:GP:59:::text` -> Procedure."""
    component = dialect.component

    def read(raw: bytes) -> Procedure:
        parts = [part.decode() for part in raw.split(component)]
        parts += [""] * (7 - len(parts))
        modifiers = tuple(part for part in parts[2:6] if part)
        return Procedure(qualifier=parts[0], code=parts[1], modifiers=modifiers, description=parts[6])

    return read


def write_procedure(value: Procedure | None) -> str:
    """The composite, without empty components at its end."""
    if value is None:
        return ""
    modifiers = [*value.modifiers, *[""] * (4 - len(value.modifiers))]
    return join([value.qualifier, value.code, *modifiers, value.description])


def join(parts: list[str]) -> str:
    """Components joined, with those at the end that are empty left out."""
    while parts and not parts[-1]:
        parts.pop()
    return COMPONENT.join(parts)


def read_integers(dialect: Dialect) -> Reader:
    """`1:2` -> (1, 2)."""
    component = dialect.component
    return lambda raw: tuple(int(part) for part in raw.split(component) if part)


def read_repeated(dialect: Dialect) -> Reader:
    """`1^33^98` -> ("1", "33", "98")."""
    repetition = dialect.repetition
    if not repetition:
        return lambda raw: (raw.decode(),)
    return lambda raw: tuple(part.decode() for part in raw.split(repetition))


def read_components(dialect: Dialect) -> Reader:
    """`2U:123` -> ("2U", "123")."""
    component = dialect.component
    return lambda raw: tuple(part.decode() for part in raw.split(component))


TEXT = Kind(lambda _: bytes.decode, write_text)
CODE = Kind(lambda _: TEXTS.__getitem__, write_text)
MONEY = Kind(lambda _: CENTS.__getitem__, write_maybe(write_cents), "None")
NUMBER = Kind(lambda _: DECIMALS.__getitem__, write_maybe(write_decimal), "None")
DATE = Kind(lambda _: DATES.__getitem__, write_maybe(write_date), "None")
COUNT = Kind(lambda _: int, write_maybe(str), "None")
PROCEDURE = Kind(read_procedure, write_procedure, absent="None")
INTEGERS = Kind(read_integers, lambda value: join([str(number) for number in value]), absent="()")
REPEATED = Kind(read_repeated, REPETITION.join, absent="()")
COMPONENTS = Kind(read_components, lambda value: join(list(value)), absent="()")


def read_period(raw: bytes) -> tuple[datetime.date | None, datetime.date | None, str]:
    """A date, a period, a date with time (CCYYMMDDHHMM) or a time alone, told apart by their length."""
    length = len(raw)
    if length == 8:
        return DATES[raw], None, ""
    if length == 17 and raw[8:9] == b"-":
        start, end = DATES[raw[:8]], DATES[raw[9:]]
        if end < start:
            raise ValueError("a period ends before it begins")
        return start, end, ""
    if length == 12:
        return DATES[raw[:8]], None, raw[8:].decode()
    if length in (4, 6):
        return None, None, raw.decode()
    raise ValueError("not a date or period")


def write_period(start: datetime.date | None, end: datetime.date | None, time: str) -> list[str]:
    """Format and value."""
    if start is None:
        return ["TM", time] if time else ["", ""]
    if end is not None:
        return ["RD8", f"{write_date(start)}-{write_date(end)}"]
    if time:
        return ["DT", write_date(start) + time]
    return ["D8", write_date(start)]
