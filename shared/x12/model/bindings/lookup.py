"""Finds the binding of a segment in the record of its loop."""

from collections.abc import Sequence

from shared.x12.model.bindings.binding import (
    Binding,
    FieldsBinding,
    ListBinding,
    PartBinding,
    SegmentTable,
    UnparsedBinding,
)
from shared.x12.model.bindings.common import PERSON, HealthCodeBinding
from shared.x12.model.envelope import Delimiters
from shared.x12.model.guides.grammar import SegmentUse
from shared.x12.model.records.parts import Party


def bind(
    use: SegmentUse, record: str, fields: frozenset[str], tables: Sequence[SegmentTable], delimiters: Delimiters
) -> Binding:
    """The binding of `use` in a record class named `record` that has `fields`; the first table that knows it decides.

    An NM1 that fills no fields of its own is one of the record's `parties`, an HI is bound by its qualifiers, and
    what has no typed place is kept as text among the record's `others`.
    """
    # What one record has its own way comes before what all records share.
    for key in (f"{use.id}@{record}", use.id):
        for table in tables:
            found = bound(table, key, use, fields, delimiters)
            if found is not None:
                return found
    if use.id == "HI":
        return HealthCodeBinding(delimiters, use.qualifiers)
    if use.id == "NM1":
        return ListBinding("parties", Party, PERSON, delimiters)
    return UnparsedBinding(delimiters, use.id, "others", single=False)


def bound(
    table: SegmentTable, key: str, use: SegmentUse, fields: frozenset[str], delimiters: Delimiters
) -> Binding | None:
    """The binding of a key in one table; None where the record lacks the fields that the table would fill."""
    if key in table.special:
        return table.special[key](delimiters)
    if key in table.parts:
        return PartBinding(*table.parts[key], delimiters)
    if key in table.fields and table.fields[key][-1][1] in fields:
        return FieldsBinding(table.fields[key], delimiters, dates_with_format(use), table.qualifiers.get(use.id))
    if key in table.items and table.items[key][0] in fields:
        return ListBinding(*table.items[key], delimiters, table.qualifiers.get(use.id))
    return None


def dates_with_format(use: SegmentUse) -> tuple[int, ...]:
    """Numbers of the dates whose format is in the element before."""
    return tuple(index + 1 for index, element in enumerate(use.elements) if element.type == "P" and index)
