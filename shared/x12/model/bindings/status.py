"""Bindings of the 276, 277 and 277CA: STC, and the fields of service lines."""

# Bindings share one signature, so some of them leave an argument unused.
# ruff: noqa: ARG002

from collections.abc import Iterator
from typing import Any

from shared.x12.model.bindings.binding import Data, Elements, Field, Lists, SegmentTable, append, at, text
from shared.x12.model.bindings.common import TRACE
from shared.x12.model.bindings.element_kinds import CODE, MONEY, NUMBER, PROCEDURE, join
from shared.x12.model.envelope import Delimiters
from shared.x12.model.records.parts import Trace
from shared.x12.model.records.status import Status, StatusCode
from shared.x12.model.values import CENTS, DATES, TEXTS, format_cents, format_date

SERVICE: tuple[Field, ...] = (
    (1, "procedure", PROCEDURE),
    (2, "charge_cents", MONEY),
    (3, "paid_cents", MONEY),
    (4, "revenue_code", CODE),
    (7, "quantity", NUMBER),
)


class StatusBinding:
    """STC: one to three composites, dates and amounts."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.field = "statuses"
        self.component = delimiters.component_separator

    def parse_items(self, elements: Elements) -> list[Status]:
        """The one status of the segment."""
        codes = tuple(self.code(raw) for raw in (at(elements, 1), at(elements, 10), at(elements, 11)) if raw)
        dates = [at(elements, number) for number in (2, 6, 8)]
        effective, finalized, check = (DATES[raw] if raw else None for raw in dates)
        charge, paid = (CENTS[raw] if raw else None for raw in (at(elements, 4), at(elements, 5)))
        return [
            Status(
                codes=codes,
                effective=effective,
                action=text(elements, 3),
                charge_cents=charge,
                paid_cents=paid,
                finalized=finalized,
                method=text(elements, 7),
                check_date=check,
                check_number=text(elements, 9),
                message=text(elements, 12),
            )
        ]

    def code(self, raw: bytes) -> StatusCode:
        """One composite."""
        parts = [TEXTS[part] for part in raw.split(self.component)]
        parts += [""] * (4 - len(parts))
        return StatusCode(category=parts[0], code=parts[1], entity=parts[2], code_list=parts[3])

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Into `statuses`."""
        append(lists, self.field, self.parse_items(elements))

    def format(self, record: Any) -> Iterator[list[str]]:
        """One segment a status."""
        for status in record.statuses:
            codes = [join([code.category, code.code, code.entity, code.code_list]) for code in status.codes]
            codes += [""] * (3 - len(codes))
            dates = [status.effective, status.finalized, status.check_date]
            effective, finalized, check = ("" if date is None else format_date(date) for date in dates)
            amounts = [status.charge_cents, status.paid_cents]
            charge, paid = ("" if cents is None else format_cents(cents) for cents in amounts)
            head = [codes[0], effective, status.action, charge, paid, finalized, status.method, check]
            yield [*head, status.check_number, codes[1], codes[2], status.message]


SEGMENTS = SegmentTable(
    fields={
        "SVC": SERVICE,
        # A question names no payment, so element 3 is not used.
        "SVC@LineInquiry": tuple(field for field in SERVICE if field[0] != 3),
    },
    # Levels list their traces (the common table); a claim has one.
    parts={"TRN@StatusInquiry": ("trace", Trace, TRACE), "TRN@ClaimStatus": ("trace", Trace, TRACE)},
    special={"STC": StatusBinding},
)
