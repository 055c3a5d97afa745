"""Bindings of the segments that several transaction sets share: names, addresses, dates, references, adjustments."""

# Bindings share one signature, so some of them leave an argument unused.
# ruff: noqa: ARG002

import itertools
from collections.abc import Iterator
from typing import Any

from shared.x12.model.bindings.binding import (
    Data,
    Elements,
    Field,
    GeneratedBinding,
    Lists,
    SegmentTable,
    append,
    at,
    text,
)
from shared.x12.model.bindings.element_kinds import (
    CODE,
    COMPONENTS,
    COUNT,
    DATE,
    MONEY,
    NUMBER,
    TEXT,
    format_period,
    join,
    parse_period,
)
from shared.x12.model.envelope import Delimiters
from shared.x12.model.records.parts import (
    ClaimAdjustment,
    Contact,
    ContactNumber,
    DatePeriod,
    HealthCode,
    MonetaryAmount,
    Quantity,
    Reference,
    RequestValidation,
    Trace,
)
from shared.x12.model.values import CENTS, DATES, DECIMALS, TEXTS, format_cents, format_date, format_decimal

PERSON: tuple[Field, ...] = (
    (1, "entity", CODE),
    (2, "kind", CODE),
    (3, "name", TEXT),
    (4, "first", TEXT),
    (5, "middle", TEXT),
    (6, "prefix", TEXT),
    (7, "suffix", TEXT),
    (8, "id_qualifier", CODE),
    (9, "id", TEXT),
)


TRACE: tuple[Field, ...] = ((1, "type", CODE), (2, "value", TEXT), (3, "originator", TEXT), (4, "additional", TEXT))


HEADER: tuple[Field, ...] = (
    (1, "structure", CODE),
    (2, "purpose", CODE),
    (3, "reference", TEXT),
    (4, "created", DATE),
    (5, "created_time", CODE),
    (6, "kind", CODE),
)


PROVIDER: tuple[Field, ...] = ((1, "provider_role", CODE), (2, "taxonomy_qualifier", CODE), (3, "taxonomy", CODE))


class DateBinding:
    """DTP (with its format) or DTM (always a day)."""

    def __init__(self, delimiters: Delimiters, with_format: bool) -> None:
        self.field = "dates"
        self.with_format = with_format

    def parse_items(self, elements: Elements) -> list[DatePeriod]:
        """The one period of the segment."""
        raw = elements[2] if self.with_format else elements[1]
        start, end, time = parse_period(raw or b"")
        return [DatePeriod(qualifier=TEXTS[elements[0] or b""], start=start, end=end, time=time)]

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Into `dates`."""
        append(lists, self.field, self.parse_items(elements))

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

    def parse_items(self, elements: Elements) -> list[Contact]:
        """The one contact of the segment."""
        numbers = tuple(
            ContactNumber(qualifier=text(elements, number), value=text(elements, number + 1))
            for number in (3, 5, 7)
            if at(elements, number)
        )
        return [Contact(function=text(elements, 1), name=text(elements, 2), numbers=numbers)]

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Into `contacts`."""
        append(lists, self.field, self.parse_items(elements))

    def format(self, record: Any) -> Iterator[list[str]]:
        """One segment a contact."""
        for contact in record.contacts:
            pairs = [part for number in contact.numbers for part in (number.qualifier, number.value)]
            yield [contact.function, contact.name, *pairs]


class AdjustmentBinding:
    """CAS: one group and up to six triplets; neighbours of one group share a segment when written."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.field = "adjustments"

    def parse_items(self, elements: Elements) -> list[ClaimAdjustment]:
        """The triplets of one segment."""
        found = []
        group = TEXTS[elements[0] or b""]
        for index in range(1, len(elements), 3):
            reason = elements[index]
            if reason:
                amount, quantity = elements[index + 1] or b"", elements[index + 2]
                found.append(
                    ClaimAdjustment(
                        group=group,
                        reason=TEXTS[reason],
                        amount_cents=CENTS[amount],
                        quantity=DECIMALS[quantity] if quantity else None,
                    )
                )
        return found

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Into `adjustments`."""
        append(lists, self.field, self.parse_items(elements))

    def format(self, record: Any) -> Iterator[list[str]]:
        """One segment for up to six neighbours of the same group."""
        for group, adjustments in itertools.groupby(record.adjustments, key=lambda item: item.group):
            pending = list(adjustments)
            for start in range(0, len(pending), 6):
                elements = [group]
                for item in pending[start : start + 6]:
                    quantity = "" if item.quantity is None else format_decimal(item.quantity)
                    elements += [item.reason, format_cents(item.amount_cents), quantity]
                yield elements


class HealthCodeBinding:
    """HI: up to twelve composites; which list they fill follows from the qualifiers that the guide allows."""

    def __init__(self, delimiters: Delimiters, qualifiers: frozenset[str]) -> None:
        self.component = delimiters.component_separator
        self.field = "diagnoses"
        if "BP" in qualifiers:
            self.field = "anesthesia_procedures"
        elif "BG" in qualifiers:
            self.field = "conditions"

    def parse_items(self, elements: Elements) -> list[HealthCode]:
        """The codes of one segment."""
        return [self.code(raw) for raw in elements if raw]

    def code(self, raw: bytes) -> HealthCode:
        """One composite."""
        parts = raw.split(self.component)
        parts += [b""] * (5 - len(parts))
        return HealthCode(
            qualifier=TEXTS[parts[0]],
            code=TEXTS[parts[1]],
            date=DATES[parts[3]] if parts[3] else None,
            amount_cents=CENTS[parts[4]] if parts[4] else None,
        )

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Into the list for these qualifiers."""
        append(lists, self.field, self.parse_items(elements))

    def format(self, record: Any) -> Iterator[list[str]]:
        """Twelve codes a segment."""
        codes = getattr(record, self.field)
        for start in range(0, len(codes), 12):
            yield [self.written(code) for code in codes[start : start + 12]]

    def written(self, code: HealthCode) -> str:
        """One composite as text."""
        form, date = format_period(code.date, None, "")
        amount = "" if code.amount_cents is None else format_cents(code.amount_cents)
        return join([code.qualifier, code.code, form, date, amount])


class MessageBinding:
    """MSG: free text."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.field = "messages"

    def parse_items(self, elements: Elements) -> list[str]:
        """The one text of the segment."""
        return [(elements[0] or b"").decode()]

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Into `messages`."""
        append(lists, self.field, self.parse_items(elements))

    def format(self, record: Any) -> Iterator[list[str]]:
        """One segment a text."""
        return ([message] for message in record.messages)


SEGMENTS = SegmentTable(
    fields={
        "NM1": PERSON,
        "N1": ((1, "entity", CODE), (2, "name", TEXT), (3, "id_qualifier", CODE), (4, "id", TEXT)),
        "N3": ((1, "line1", TEXT), (2, "line2", TEXT)),
        "N4": (
            (1, "city", TEXT),
            (2, "state", CODE),
            (3, "postal_code", CODE),
            (4, "country", CODE),
            (7, "subdivision", CODE),
        ),
        "DMG": ((2, "birth_date", DATE), (3, "gender", CODE)),
        "PRV": PROVIDER,
        "BHT": HEADER,
        "LX": ((1, "number", COUNT),),
    },
    items={
        "REF": (
            "references",
            Reference,
            ((1, "qualifier", CODE), (2, "value", TEXT), (3, "description", TEXT), (4, "also", COMPONENTS)),
        ),
        "AMT": ("amounts", MonetaryAmount, ((1, "qualifier", CODE), (2, "amount_cents", MONEY))),
        "QTY": ("quantities", Quantity, ((1, "qualifier", CODE), (2, "quantity", NUMBER))),
        "AAA": ("rejections", RequestValidation, ((1, "valid", CODE), (3, "reason", CODE), (4, "followup", CODE))),
        "TRN": ("traces", Trace, TRACE),
    },
    special={
        "CAS": AdjustmentBinding,
        "DTP": lambda delimiters: DateBinding(delimiters, with_format=True),
        "DTM": lambda delimiters: DateBinding(delimiters, with_format=False),
        "PER": ContactBinding,
        "MSG": MessageBinding,
        "HL": GeneratedBinding,
        "ST": GeneratedBinding,
    },
)
