"""Bindings of the 999: results of groups and transactions, segments and elements in error, their contexts."""

# Bindings share one signature, so some of them leave an argument unused.
# ruff: noqa: ARG002

from collections.abc import Iterator
from typing import Any

from shared.x12.model.bindings.binding import Data, Elements, Lists, SegmentTable, append, at, text
from shared.x12.model.bindings.element_kinds import CODE, COUNT, TEXT, join
from shared.x12.model.envelope import Delimiters
from shared.x12.model.records.acknowledgement import Context
from shared.x12.model.values import TEXTS


class ResultBinding:
    """AK9 and IK5: a result, counts in the AK9, and up to five reasons."""

    def __init__(self, delimiters: Delimiters, counts: tuple[str, ...]) -> None:
        self.counts = counts
        self.names = ("result", "reasons", *counts)

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Into `result`, counts and `reasons`."""
        data["result"] = text(elements, 1)
        for number, field in enumerate(self.counts, 2):
            data[field] = int(at(elements, number) or b"0")
        rest = elements[1 + len(self.counts) :]
        data["reasons"] = tuple(TEXTS[raw] for raw in rest if raw)

    def format(self, record: Any) -> Iterator[list[str]]:
        """The one segment."""
        yield [record.result, *(str(getattr(record, field)) for field in self.counts), *record.reasons[:5]]


class ElementErrorBinding:
    """IK4: position as a composite."""

    names = ("element", "component", "repetition", "reference", "code", "bad_value")

    def __init__(self, delimiters: Delimiters) -> None:
        self.component = delimiters.component_separator

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Into the fields of the element error."""
        where = [int(part) if part else None for part in (elements[0] or b"").split(self.component)]
        where += [None] * (3 - len(where))
        data["element"], data["component"], data["repetition"] = where[:3]
        data["reference"], data["code"], data["bad_value"] = (text(elements, number) for number in (2, 3, 4))

    def format(self, record: Any) -> Iterator[list[str]]:
        """The one IK4."""
        yield [
            numbers(record.element, record.component, record.repetition),
            record.reference,
            record.code,
            record.bad_value,
        ]


def numbers(*values: int | None) -> str:
    """Element, component, repetition as a composite."""
    return join(["" if number is None else str(number) for number in values])


class ContextBinding:
    """CTX of a 999: the trigger, or the business unit (the claim) that the error belongs to."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.field = "contexts"
        self.component = delimiters.component_separator

    def parse_items(self, elements: Elements) -> list[Context]:
        """The one context of the segment (the first repetition names it)."""
        name, _, value = (elements[0] or b"").partition(self.component)
        where = [int(part) if part else None for part in (at(elements, 5) or b"").split(self.component)]
        position = at(elements, 3)
        return [
            Context(
                name=name.decode(),
                value=value.decode(),
                segment=text(elements, 2),
                position=int(position) if position else None,
                loop=text(elements, 4),
                element=where[0],
                component=where[1] if len(where) > 1 else None,
            )
        ]

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Into `contexts`."""
        append(lists, self.field, self.parse_items(elements))

    def format(self, record: Any) -> Iterator[list[str]]:
        """One segment a context; the value follows the name as a component."""
        for context in record.contexts:
            position = "" if context.position is None else str(context.position)
            where = numbers(context.element, context.component)
            yield [join([context.name, context.value]), context.segment, position, context.loop, where]


SEGMENTS = SegmentTable(
    fields={
        "AK1": ((1, "functional_id", CODE), (2, "group_control_number", TEXT), (3, "version", CODE)),
        "AK2": ((1, "type", CODE), (2, "control_number", TEXT), (3, "version", CODE)),
        "IK3": ((1, "segment", CODE), (2, "position", COUNT), (3, "loop", CODE), (4, "code", CODE)),
    },
    special={
        "AK9": lambda delimiters: ResultBinding(delimiters, ("included", "received", "accepted")),
        "IK5": lambda delimiters: ResultBinding(delimiters, ()),
        "IK4": ElementErrorBinding,
        "CTX": ContextBinding,
    },
)
