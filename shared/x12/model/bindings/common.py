"""What all special bindings share: elements by number, lists of the record being read, dates and contacts.

Each binding has `parse(data, lists, groups)`, which fills the fields and lists of a record being read (raising
`ValueError` on what cannot be), and `format(record)`, which yields the element lists of the segments to write.
"""

# Bindings share one signature, so some of them leave an argument unused.
# ruff: noqa: ARG002

from collections.abc import Iterable, Iterator
from typing import Any

from shared.x12.model.bindings.kinds import format_period, parse_period
from shared.x12.model.envelope import Delimiters
from shared.x12.model.records import Contact, ContactNumber, DatePeriod
from shared.x12.model.values import TEXTS, format_date

Groups = tuple[bytes | None, ...]
Data = dict[str, Any]
Lists = dict[str, list[Any]]


def at(groups: Groups, number: int) -> bytes | None:
    """The element with this number, or None where the segment is shorter."""
    return groups[number - 1] if len(groups) >= number else None


def text(groups: Groups, number: int) -> str:
    """The element as text; absent is empty."""
    raw = at(groups, number)
    return TEXTS[raw] if raw else ""


def append(lists: Lists, field: str, items: Iterable[Any]) -> None:
    """Add to a list field of the record being read."""
    found = lists.get(field)
    if found is None:
        lists[field] = list(items)
    else:
        found.extend(items)


class DateBinding:
    """DTP (with its format) or DTM (always a day)."""

    def __init__(self, delimiters: Delimiters, with_format: bool) -> None:
        self.field = "dates"
        self.with_format = with_format

    def parse_items(self, groups: Groups) -> list[DatePeriod]:
        """The one period of the segment."""
        raw = groups[2] if self.with_format else groups[1]
        start, end, time = parse_period(raw or b"")
        return [DatePeriod(qualifier=TEXTS[groups[0] or b""], start=start, end=end, time=time)]

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into `dates`."""
        append(lists, self.field, self.parse_items(groups))

    def format(self, record: Any) -> Iterator[list[str]]:
        """One segment a period."""
        for period in record.dates:
            if self.with_format:
                yield [period.qualifier, *format_period(period.start, period.end, period.time)]
            else:
                yield [period.qualifier, "" if period.start is None else format_date(period.start)]


class ContactBinding:
    """PER: name and up to three numbers."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.field = "contacts"

    def parse_items(self, groups: Groups) -> list[Contact]:
        """The one contact of the segment."""
        numbers = tuple(
            ContactNumber(qualifier=text(groups, number), value=text(groups, number + 1))
            for number in (3, 5, 7)
            if at(groups, number)
        )
        return [Contact(function=text(groups, 1), name=text(groups, 2), numbers=numbers)]

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into `contacts`."""
        append(lists, self.field, self.parse_items(groups))

    def format(self, record: Any) -> Iterator[list[str]]:
        """One segment a contact."""
        for contact in record.contacts:
            pairs = [part for number in contact.numbers for part in (number.qualifier, number.value)]
            yield [contact.function, contact.name, *pairs]
