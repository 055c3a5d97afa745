"""How segments and typed records correspond, in both directions, for reader and writer alike.

`bind(use, record, dialect)` finds the binding of a segment use in the record of its loop: a special one, a table of
fields, a list item, or, when there is no typed place, a kept `Segment` in `others`.
"""

# Bindings share one signature, so some of them leave an argument unused.
# ruff: noqa: ARG002

from collections.abc import Iterator
from typing import Any, Protocol

from shared.x12.model.bindings.kinds import DATE, PROCEDURE, Reader
from shared.x12.model.bindings.special import SPECIAL, Data, Groups, HealthCodes, Lists, Others, append
from shared.x12.model.bindings.tables import FIELDS, ITEMS, KEPT, PERSON, SINGLES, Field
from shared.x12.model.element_patterns import Dialect
from shared.x12.model.guides.model import Use
from shared.x12.model.records import Attachment, Party
from shared.x12.model.records.parts import Part


class Binding(Protocol):
    """Reads a segment into the fields of a record, and gives the segments of a record."""

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Fill the fields; `ValueError` when a value cannot be read."""

    def give(self, record: Any) -> Iterator[list[str]]:
        """The element lists to write."""


class Fields:
    """Elements that are fields of the loop's record."""

    def __init__(self, fields: tuple[Field, ...], dialect: Dialect, forms: tuple[int, ...]) -> None:
        self.table = fields
        self.readers = readers(fields, dialect)
        self.forms = forms
        self.names = tuple(name for _, name, _ in fields)

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Absent elements leave the field's default."""
        count = len(groups)
        for index, name, read in self.readers:
            if index < count:
                raw = groups[index]
                if raw:
                    data[name] = read(raw)

    def give(self, record: Any) -> Iterator[list[str]]:
        """One segment, if it has any value."""
        elements = [""] * max(number for number, _, _ in self.table)
        for number, name, kind in self.table:
            elements[number - 1] = kind.write(getattr(record, name))
        for number, _, kind in self.table:
            if number in self.forms and kind is DATE and elements[number - 1]:
                elements[number - 2] = "D8"
        if "weight_pounds" in (name for _, name, _ in self.table) and elements[7]:
            elements[6] = "01"
        yield elements


class Items:
    """A segment that is one entry of a list."""

    def __init__(self, field: str, part: type[Part], fields: tuple[Field, ...], dialect: Dialect) -> None:
        self.field, self.part, self.table = field, part, fields
        self.readers = readers(fields, dialect)

    def items(self, groups: Groups) -> list[Part]:
        """The one entry; none where an element that it cannot do without is absent, which the findings say."""
        count = len(groups)
        values = {name: read(raw) for index, name, read in self.readers if index < count and (raw := groups[index])}
        try:
            return [self.part(**values)]
        except TypeError:
            return []

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into the list."""
        append(lists, self.field, self.items(groups))

    def give(self, record: Any) -> Iterator[list[str]]:
        """One segment an entry."""
        for item in getattr(record, self.field):
            elements = elements_of(item, self.table)
            if self.part is Attachment and elements[5]:
                elements[4] = "AC"
            yield elements


class Single(Items):
    """A segment that fills one field with a part of its own."""

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into the field."""
        data[self.field] = self.items(groups)[0]

    def give(self, record: Any) -> Iterator[list[str]]:
        """The one segment, if the field is filled."""
        item = getattr(record, self.field)
        if item is not None:
            yield elements_of(item, self.table)


def readers(fields: tuple[Field, ...], dialect: Dialect) -> tuple[tuple[int, str, Reader], ...]:
    """Index, field and reading function of each entry of a table."""
    return tuple((number - 1, name, kind.read(dialect)) for number, name, kind in fields)


def elements_of(item: Part, fields: tuple[Field, ...]) -> list[str]:
    """A part as the elements of its segment."""
    elements = [""] * max(number for number, _, _ in fields)
    for number, name, kind in fields:
        elements[number - 1] = kind.write(getattr(item, name))
    return elements


def bind(  # noqa: PLR0911 - one answer for each table
    use: Use, record: str, fields: frozenset[str], dialect: Dialect
) -> Binding:
    """The binding of `use` in a record class named `record` that has `fields`."""
    for key in (f"{use.id}@{record}", use.id):
        if key in KEPT:
            return Others(dialect, use.id, "others", single=False)
        if key in SPECIAL:
            special: Binding = SPECIAL[key](dialect)
            return special
        if key in SINGLES:
            return Single(*SINGLES[key], dialect)
        if key in FIELDS and FIELDS[key][-1][1] in fields:
            return Fields(FIELDS[key], dialect, forms(use))
        if key in ITEMS and ITEMS[key][0] in fields:
            return Items(*ITEMS[key], dialect)
    if use.id == "HI":
        return HealthCodes(dialect, use.qualifiers)
    if use.id == "NM1":
        return Items("parties", Party, PERSON, dialect)
    return Others(dialect, use.id, "others", single=False)


def forms(use: Use) -> tuple[int, ...]:
    """Numbers of the dates whose format stands in the element before."""
    return tuple(index + 1 for index, element in enumerate(use.elements) if element.type == "P" and index)


__all__ = ["PROCEDURE", "Binding", "Data", "Groups", "Lists", "bind"]
