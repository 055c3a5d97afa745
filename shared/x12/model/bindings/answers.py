"""Bindings of the segments of answers: STC, AK9, IK5, IK4, CTX."""

# Bindings share one signature, so some of them leave an argument unused.
# ruff: noqa: ARG002

from collections.abc import Iterator
from typing import Any

from shared.x12.model.bindings.common import Data, Groups, Lists, append, at, text
from shared.x12.model.bindings.kinds import join
from shared.x12.model.envelope import Delimiters
from shared.x12.model.records import Context, Status, StatusCode
from shared.x12.model.values import CENTS, DATES, TEXTS, format_cents, format_date


class StatusBinding:
    """STC: one to three composites, dates and amounts."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.field = "statuses"
        self.component = delimiters.component_separator

    def parse_items(self, groups: Groups) -> list[Status]:
        """The one status of the segment."""
        codes = tuple(self.code(raw) for raw in (at(groups, 1), at(groups, 10), at(groups, 11)) if raw)
        dates = [at(groups, number) for number in (2, 6, 8)]
        effective, finalized, check = (DATES[raw] if raw else None for raw in dates)
        charge, paid = (CENTS[raw] if raw else None for raw in (at(groups, 4), at(groups, 5)))
        return [
            Status(
                codes=codes,
                effective=effective,
                action=text(groups, 3),
                charge_cents=charge,
                paid_cents=paid,
                finalized=finalized,
                method=text(groups, 7),
                check_date=check,
                check_number=text(groups, 9),
                message=text(groups, 12),
            )
        ]

    def code(self, raw: bytes) -> StatusCode:
        """One composite."""
        parts = [TEXTS[part] for part in raw.split(self.component)]
        parts += [""] * (4 - len(parts))
        return StatusCode(category=parts[0], code=parts[1], entity=parts[2], code_list=parts[3])

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into `statuses`."""
        append(lists, self.field, self.parse_items(groups))

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


class ResultBinding:
    """AK9 and IK5: a result, counts in the AK9, and up to five reasons."""

    def __init__(self, delimiters: Delimiters, counts: tuple[str, ...]) -> None:
        self.counts = counts
        self.names = ("result", "reasons", *counts)

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into `result`, counts and `reasons`."""
        data["result"] = text(groups, 1)
        for number, field in enumerate(self.counts, 2):
            data[field] = int(at(groups, number) or b"0")
        rest = groups[1 + len(self.counts) :]
        data["reasons"] = tuple(TEXTS[raw] for raw in rest if raw)

    def format(self, record: Any) -> Iterator[list[str]]:
        """The one segment."""
        yield [record.result, *(str(getattr(record, field)) for field in self.counts), *record.reasons[:5]]


class ElementErrorBinding:
    """IK4: position as a composite."""

    names = ("element", "component", "repetition", "reference", "code", "bad_value")

    def __init__(self, delimiters: Delimiters) -> None:
        self.component = delimiters.component_separator

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into the fields of the element error."""
        where = [int(part) if part else None for part in (groups[0] or b"").split(self.component)]
        where += [None] * (3 - len(where))
        data["element"], data["component"], data["repetition"] = where[:3]
        data["reference"], data["code"], data["bad_value"] = (text(groups, number) for number in (2, 3, 4))

    def format(self, record: Any) -> Iterator[list[str]]:
        """The one IK4."""
        yield [
            place(record.element, record.component, record.repetition),
            record.reference,
            record.code,
            record.bad_value,
        ]


def place(*numbers: int | None) -> str:
    """Element, component, repetition as a composite."""
    return join(["" if number is None else str(number) for number in numbers])


class ContextBinding:
    """CTX of a 999: the trigger, or the business unit (the claim) that the error belongs to."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.field = "contexts"
        self.component = delimiters.component_separator

    def parse_items(self, groups: Groups) -> list[Context]:
        """The one context of the segment (the first repetition names it)."""
        name, _, value = (groups[0] or b"").partition(self.component)
        where = [int(part) if part else None for part in (at(groups, 5) or b"").split(self.component)]
        position = at(groups, 3)
        return [
            Context(
                name=name.decode(),
                value=value.decode(),
                segment=text(groups, 2),
                position=int(position) if position else None,
                loop=text(groups, 4),
                element=where[0],
                component=where[1] if len(where) > 1 else None,
            )
        ]

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into `contexts`."""
        append(lists, self.field, self.parse_items(groups))

    def format(self, record: Any) -> Iterator[list[str]]:
        """One segment a context; the value follows the name as a component."""
        for context in record.contexts:
            position = "" if context.position is None else str(context.position)
            where = place(context.element, context.component)
            yield [join([context.name, context.value]), context.segment, position, context.loop, where]
