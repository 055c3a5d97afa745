"""How the elements of one segment and the fields of a record correspond, in both directions.

A binding has `parse(data, lists, elements)`, which fills the fields and lists of a record that is being read, and
`format(record)`, which yields the element lists of the segments to write. Here are the bindings that any segment may
use: fields of the loop's record, an entry of a list, one part, an unparsed segment. The modules beside this one hold
those of single segments, and list in a `SegmentTable` which segment uses which.
"""

# Bindings share one signature, so some of them leave an argument unused.
# ruff: noqa: ARG002

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

from shared.x12.model.bindings.element_kinds import COMPONENT, DATE, REPETITION, ElementKind, ElementParser
from shared.x12.model.envelope import Delimiters
from shared.x12.model.records.parts import Part, Segment
from shared.x12.model.values import TEXTS

# The elements of a segment without its id; None and b"" are absent.
Elements = tuple[bytes | None, ...]
# Of the record being read: field -> value, and field -> entries of a list.
Data = dict[str, Any]
Lists = dict[str, list[Any]]
# Element number (from 1), field of the record, kind of value.
Field = tuple[int, str, ElementKind]
# An element that qualifies another one: (its number, its code, the number of the other).
Qualifier = tuple[int, str, int]


class Binding(Protocol):
    """Parses a segment into the fields of a record, and formats the segments of a record."""

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Fill the fields; `ValueError` when a value cannot be read."""

    def format(self, record: Any) -> Iterator[list[str]]:
        """The element lists of the segments to write."""


@dataclasses.dataclass(frozen=True)
class SegmentTable:
    """Which segment is bound in which way. A key is a segment id, or `id@Record` where one record has its own way.

    `fields`: the elements are fields of the loop's record, `items`: (list, entry, its fields), `parts`: (field, part,
    its fields), `special`: a binding of its own. What is in none of them is kept as a `Segment` in the record's
    `others`.
    `qualifiers` are written beside a value and not kept, since the guide allows one code only.
    """

    fields: Mapping[str, tuple[Field, ...]] = dataclasses.field(default_factory=dict)
    items: Mapping[str, tuple[str, type[Part], tuple[Field, ...]]] = dataclasses.field(default_factory=dict)
    parts: Mapping[str, tuple[str, type[Part], tuple[Field, ...]]] = dataclasses.field(default_factory=dict)
    special: Mapping[str, Callable[[Delimiters], Binding]] = dataclasses.field(default_factory=dict)
    qualifiers: Mapping[str, Qualifier] = dataclasses.field(default_factory=dict)


def at(elements: Elements, number: int) -> bytes | None:
    """The element with this number, or None where the segment is shorter."""
    return elements[number - 1] if len(elements) >= number else None


def text(elements: Elements, number: int) -> str:
    """The element as text; absent is empty."""
    raw = at(elements, number)
    return TEXTS[raw] if raw else ""


def append(lists: Lists, field: str, items: Iterable[Any]) -> None:
    """Add to a list field of the record being read."""
    found = lists.get(field)
    if found is None:
        lists[field] = list(items)
    else:
        found.extend(items)


@dataclasses.dataclass(frozen=True)
class CompositeFields:
    """One composite that is several fields: `kind` reads it as the tuple of their values, and writes such a tuple."""

    number: int
    names: tuple[str, ...]
    kind: ElementKind


class FieldsBinding:
    """Elements that are fields of the loop's record."""

    # Composites whose components are fields of the record too.
    composites: tuple[CompositeFields, ...] = ()

    def __init__(
        self,
        fields: tuple[Field, ...],
        delimiters: Delimiters,
        forms: tuple[int, ...],
        qualifier: Qualifier | None = None,
    ) -> None:
        self.table = fields
        self.parsers = parsers(fields, delimiters)
        self.forms, self.qualifier = forms, qualifier
        self.several = tuple((one, one.kind.parser(delimiters)) for one in self.composites)
        self.names = (*(name for _, name, _ in fields), *(name for one in self.composites for name in one.names))

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Absent elements leave the field's default."""
        count = len(elements)
        for index, name, read in self.parsers:
            if index < count:
                raw = elements[index]
                if raw:
                    data[name] = read(raw)
        for one, read in self.several:
            raw = at(elements, one.number)
            if raw:
                data.update(zip(one.names, read(raw), strict=True))

    def format(self, record: Any) -> Iterator[list[str]]:
        """One segment, if it has any value."""
        elements = [""] * max(number for number, _, _ in self.table)
        for number, name, kind in self.table:
            elements[number - 1] = kind.format(getattr(record, name))
        for one in self.composites:
            elements[one.number - 1] = one.kind.format([getattr(record, name) for name in one.names])
        for number, _, kind in self.table:
            if number in self.forms and kind is DATE and elements[number - 1]:
                elements[number - 2] = "D8"
        yield qualified(elements, self.qualifier)


class ListBinding:
    """A segment that is one entry of a list."""

    def __init__(
        self,
        field: str,
        part: type[Part],
        fields: tuple[Field, ...],
        delimiters: Delimiters,
        qualifier: Qualifier | None = None,
    ) -> None:
        self.field, self.part, self.table, self.qualifier = field, part, fields, qualifier
        self.parsers = parsers(fields, delimiters)

    def parse_items(self, elements: Elements) -> list[Part]:
        """The one entry; none where an element that it cannot do without is absent; the findings report that."""
        count = len(elements)
        values = {name: read(raw) for index, name, read in self.parsers if index < count and (raw := elements[index])}
        try:
            return [self.part(**values)]
        except TypeError:
            return []

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Into the list."""
        append(lists, self.field, self.parse_items(elements))

    def format(self, record: Any) -> Iterator[list[str]]:
        """One segment an entry."""
        for item in getattr(record, self.field):
            yield qualified(elements_of(item, self.table), self.qualifier)


class PartBinding(ListBinding):
    """A segment that fills one field with a part of its own."""

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Into the field."""
        data[self.field] = self.parse_items(elements)[0]

    def format(self, record: Any) -> Iterator[list[str]]:
        """The one segment, if the field is filled."""
        item = getattr(record, self.field)
        if item is not None:
            yield elements_of(item, self.table)


def parsers(fields: tuple[Field, ...], delimiters: Delimiters) -> tuple[tuple[int, str, ElementParser], ...]:
    """Index, field and reading function of each entry of a table."""
    return tuple((number - 1, name, kind.parser(delimiters)) for number, name, kind in fields)


def qualified(elements: list[str], qualifier: Qualifier | None) -> list[str]:
    """The elements with the code of the qualifier, where the value that it qualifies is there."""
    if qualifier is not None:
        number, code, value = qualifier
        elements[number - 1] = code if elements[value - 1] else ""
    return elements


def elements_of(item: Part, fields: tuple[Field, ...]) -> list[str]:
    """A part as the elements of its segment."""
    elements = [""] * max(number for number, _, _ in fields)
    for number, name, kind in fields:
        elements[number - 1] = kind.format(getattr(item, name))
    return elements


class UnparsedBinding:
    """Segments without typed fields: kept as text in a list, or in one field of their own."""

    def __init__(self, delimiters: Delimiters, identifier: str, field: str, single: bool) -> None:
        self.delimiters = delimiters
        self.identifier = identifier
        self.field = field
        self.single = single

    def parse_items(self, elements: Elements) -> list[Segment]:
        """The segment with `:` and `^` inside its elements."""
        return [Segment(id=self.identifier, elements=plain_elements(elements, self.delimiters))]

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Into the list or the field."""
        if self.single:
            data[self.field] = self.parse_items(elements)[0]
        else:
            append(lists, self.field, self.parse_items(elements))

    def format(self, record: Any) -> Iterator[list[str]]:
        """The segments of this id that were kept as text."""
        found = getattr(record, self.field)
        segments = ((found,) if found is not None else ()) if self.single else found
        for segment in segments:
            if segment.id == self.identifier:
                yield written_elements(segment)


def plain_elements(elements: Elements, delimiters: Delimiters) -> tuple[str, ...]:
    """Elements as text with `:` and `^` for whatever the file used, and nothing empty at the end."""
    found = []
    for raw in elements:
        value = raw or b""
        value = value.replace(delimiters.component_separator, b":") if delimiters.component_separator != b":" else value
        if delimiters.repetition_separator and delimiters.repetition_separator != b"^":
            value = value.replace(delimiters.repetition_separator, b"^")
        found.append(value.decode())
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def written_elements(segment: Segment) -> list[str]:
    """The way back."""
    return [element.replace(":", COMPONENT).replace("^", REPETITION) for element in segment.elements]


class GeneratedBinding:
    """HL, ST: counted by the reader and made by the writer."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.delimiters = delimiters

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Nothing to keep."""

    def format(self, record: Any) -> Iterator[list[str]]:
        """The writer makes these itself."""
        return iter(())
