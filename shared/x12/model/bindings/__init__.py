"""How segments and typed records correspond, in both directions, for reader and writer alike.

`bind(use, record, delimiters)` finds the binding of a segment use in the record of its loop: a special one, a table of
fields, a list item, or, when there is no typed place, a kept `Segment` in `others`.
"""

# Bindings share one signature, so some of them leave an argument unused.
# ruff: noqa: ARG002

from collections.abc import Iterator
from typing import Any, Protocol

from shared.x12.model.bindings.kinds import DATE, PROCEDURE, ElementParser
from shared.x12.model.bindings.special import SPECIAL, Data, Groups, HealthCodeBinding, Lists, UnparsedBinding, append
from shared.x12.model.bindings.tables import FIELDS, ITEMS, KEPT, PERSON, SINGLES, Field
from shared.x12.model.envelope import Delimiters
from shared.x12.model.guides.model import SegmentUse
from shared.x12.model.records import Attachment, Party
from shared.x12.model.records.parts import Part


class Binding(Protocol):
    """Reads a segment into the fields of a record, and gives the segments of a record."""

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Fill the fields; `ValueError` when a value cannot be read."""

    def format(self, record: Any) -> Iterator[list[str]]:
        """The element lists to write."""


class FieldsBinding:
    """Elements that are fields of the loop's record."""

    def __init__(self, fields: tuple[Field, ...], delimiters: Delimiters, forms: tuple[int, ...]) -> None:
        self.table = fields
        self.parsers = parsers(fields, delimiters)
        self.forms = forms
        self.names = tuple(name for _, name, _ in fields)

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Absent elements leave the field's default."""
        count = len(groups)
        for index, name, read in self.parsers:
            if index < count:
                raw = groups[index]
                if raw:
                    data[name] = read(raw)

    def format(self, record: Any) -> Iterator[list[str]]:
        """One segment, if it has any value."""
        elements = [""] * max(number for number, _, _ in self.table)
        for number, name, kind in self.table:
            elements[number - 1] = kind.format(getattr(record, name))
        for number, _, kind in self.table:
            if number in self.forms and kind is DATE and elements[number - 1]:
                elements[number - 2] = "D8"
        if "weight_pounds" in (name for _, name, _ in self.table) and elements[7]:
            elements[6] = "01"
        yield elements


class ListBinding:
    """A segment that is one entry of a list."""

    def __init__(self, field: str, part: type[Part], fields: tuple[Field, ...], delimiters: Delimiters) -> None:
        self.field, self.part, self.table = field, part, fields
        self.parsers = parsers(fields, delimiters)

    def parse_items(self, groups: Groups) -> list[Part]:
        """The one entry; none where an element that it cannot do without is absent, which the findings say."""
        count = len(groups)
        values = {name: read(raw) for index, name, read in self.parsers if index < count and (raw := groups[index])}
        try:
            return [self.part(**values)]
        except TypeError:
            return []

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into the list."""
        append(lists, self.field, self.parse_items(groups))

    def format(self, record: Any) -> Iterator[list[str]]:
        """One segment an entry."""
        for item in getattr(record, self.field):
            elements = elements_of(item, self.table)
            if self.part is Attachment and elements[5]:
                elements[4] = "AC"
            yield elements


class PartBinding(ListBinding):
    """A segment that fills one field with a part of its own."""

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into the field."""
        data[self.field] = self.parse_items(groups)[0]

    def format(self, record: Any) -> Iterator[list[str]]:
        """The one segment, if the field is filled."""
        item = getattr(record, self.field)
        if item is not None:
            yield elements_of(item, self.table)


def parsers(fields: tuple[Field, ...], delimiters: Delimiters) -> tuple[tuple[int, str, ElementParser], ...]:
    """Index, field and reading function of each entry of a table."""
    return tuple((number - 1, name, kind.parser(delimiters)) for number, name, kind in fields)


def elements_of(item: Part, fields: tuple[Field, ...]) -> list[str]:
    """A part as the elements of its segment."""
    elements = [""] * max(number for number, _, _ in fields)
    for number, name, kind in fields:
        elements[number - 1] = kind.format(getattr(item, name))
    return elements


def bind(  # noqa: PLR0911 - one answer for each table
    use: SegmentUse, record: str, fields: frozenset[str], delimiters: Delimiters
) -> Binding:
    """The binding of `use` in a record class named `record` that has `fields`."""
    for key in (f"{use.id}@{record}", use.id):
        if key in KEPT:
            return UnparsedBinding(delimiters, use.id, "others", single=False)
        if key in SPECIAL:
            special: Binding = SPECIAL[key](delimiters)
            return special
        if key in SINGLES:
            return PartBinding(*SINGLES[key], delimiters)
        if key in FIELDS and FIELDS[key][-1][1] in fields:
            return FieldsBinding(FIELDS[key], delimiters, forms(use))
        if key in ITEMS and ITEMS[key][0] in fields:
            return ListBinding(*ITEMS[key], delimiters)
    if use.id == "HI":
        return HealthCodeBinding(delimiters, use.qualifiers)
    if use.id == "NM1":
        return ListBinding("parties", Party, PERSON, delimiters)
    return UnparsedBinding(delimiters, use.id, "others", single=False)


def forms(use: SegmentUse) -> tuple[int, ...]:
    """Numbers of the dates whose format stands in the element before."""
    return tuple(index + 1 for index, element in enumerate(use.elements) if element.type == "P" and index)


__all__ = ["PROCEDURE", "Binding", "Data", "Groups", "Lists", "bind"]
