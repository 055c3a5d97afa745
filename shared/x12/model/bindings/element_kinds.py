"""The kinds of values that elements hold, each read from bytes and written to text.

An `ElementKind` turns one element (or composite) into a value of a record and back. Parsing raises `ValueError` when
the value cannot be read; formatting gives `""` for what is absent. Composites and repetitions are formatted with
placeholders, which the writer exchanges for the delimiters in use.
"""

import dataclasses
import datetime
from collections.abc import Callable
from typing import Any

from shared.x12.model.envelope import Delimiters
from shared.x12.model.records.parts import ProcedureIdentifier
from shared.x12.model.values import CENTS, DATES, DECIMALS, TEXTS, format_cents, format_date, format_decimal

ElementParser = Callable[[bytes], Any]

# Written composites and repetitions are joined with these, which no value can hold.
COMPONENT = "\x1d"
REPETITION = "\x1e"


@dataclasses.dataclass(frozen=True)
class ElementKind:
    """`parser(delimiters)` gives the function from bytes; `format` gives the text of a value.

    `absent` is what a field holds when its element is not there, as Python text.
    """

    parser: Callable[[Delimiters], ElementParser]
    format: Callable[[Any], str]
    absent: str = '""'


def format_text(value: str) -> str:
    """Text is written as it is."""
    return value


def format_maybe(write: Callable[[Any], str]) -> Callable[[Any], str]:
    """None becomes an absent element."""
    return lambda value: "" if value is None else write(value)


def parse_procedure(delimiters: Delimiters) -> ElementParser:
    """`HC:97124:GP:59:::text` -> ProcedureIdentifier."""
    component = delimiters.component_separator

    def read(raw: bytes) -> ProcedureIdentifier:
        parts = [part.decode() for part in raw.split(component)]
        parts += [""] * (7 - len(parts))
        modifiers = tuple(part for part in parts[2:6] if part)
        return ProcedureIdentifier(qualifier=parts[0], code=parts[1], modifiers=modifiers, description=parts[6])

    return read


def format_procedure(value: ProcedureIdentifier | None) -> str:
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


def parse_integers(delimiters: Delimiters) -> ElementParser:
    """`1:2` -> (1, 2)."""
    component = delimiters.component_separator
    return lambda raw: tuple(int(part) for part in raw.split(component) if part)


def parse_repeated(delimiters: Delimiters) -> ElementParser:
    """`1^33^98` -> ("1", "33", "98")."""
    repetition = delimiters.repetition_separator
    if not repetition:
        return lambda raw: (raw.decode(),)
    return lambda raw: tuple(part.decode() for part in raw.split(repetition))


def parse_components(delimiters: Delimiters) -> ElementParser:
    """`2U:123` -> ("2U", "123")."""
    component = delimiters.component_separator
    return lambda raw: tuple(part.decode() for part in raw.split(component))


TEXT = ElementKind(lambda _: bytes.decode, format_text)
CODE = ElementKind(lambda _: TEXTS.__getitem__, format_text)
MONEY = ElementKind(lambda _: CENTS.__getitem__, format_maybe(format_cents), "None")
NUMBER = ElementKind(lambda _: DECIMALS.__getitem__, format_maybe(format_decimal), "None")
DATE = ElementKind(lambda _: DATES.__getitem__, format_maybe(format_date), "None")
COUNT = ElementKind(lambda _: int, format_maybe(str), "None")
PROCEDURE = ElementKind(parse_procedure, format_procedure, absent="None")
INTEGERS = ElementKind(parse_integers, lambda value: join([str(number) for number in value]), absent="()")
REPEATED = ElementKind(parse_repeated, REPETITION.join, absent="()")
COMPONENTS = ElementKind(parse_components, lambda value: join(list(value)), absent="()")


def parse_period(raw: bytes) -> tuple[datetime.date | None, datetime.date | None, str]:
    """A date, a period, a date with time (CCYYMMDDHHMM) or a time alone, recognised by their length."""
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


def format_period(start: datetime.date | None, end: datetime.date | None, time: str) -> list[str]:
    """Format and value."""
    if start is None:
        return ["TM", time] if time else ["", ""]
    if end is not None:
        return ["RD8", f"{format_date(start)}-{format_date(end)}"]
    if time:
        return ["DT", format_date(start) + time]
    return ["D8", format_date(start)]
