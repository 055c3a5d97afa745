"""Which segments have a binding of their own, and the small bindings: messages, kept segments, markers."""

# Bindings share one signature, so some of them leave an argument unused.
# ruff: noqa: ARG002

from collections.abc import Callable, Iterator
from typing import Any

from shared.x12.model.bindings.answers import ContextBinding, ElementErrorBinding, ResultBinding, StatusBinding
from shared.x12.model.bindings.claims import ClaimBinding, HealthCodeBinding, ReviewRequestBinding
from shared.x12.model.bindings.common import ContactBinding, Data, DateBinding, Groups, Lists, append
from shared.x12.model.bindings.kinds import COMPONENT, REPETITION
from shared.x12.model.bindings.payments import AdjustmentBinding, PaymentBinding, ProviderAdjustmentBinding
from shared.x12.model.envelope import Delimiters
from shared.x12.model.records import Segment


class MessageBinding:
    """MSG: free text."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.field = "messages"

    def parse_items(self, groups: Groups) -> list[str]:
        """The one text of the segment."""
        return [(groups[0] or b"").decode()]

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into `messages`."""
        append(lists, self.field, self.parse_items(groups))

    def format(self, record: Any) -> Iterator[list[str]]:
        """One segment a text."""
        return ([message] for message in record.messages)


class UnparsedBinding:
    """Segments without typed fields: kept as text in a list, or in one field of their own."""

    def __init__(self, delimiters: Delimiters, identifier: str, field: str, single: bool) -> None:
        self.delimiters = delimiters
        self.identifier = identifier
        self.field = field
        self.single = single

    def parse_items(self, groups: Groups) -> list[Segment]:
        """The segment with `:` and `^` inside its elements."""
        return [Segment(id=self.identifier, elements=plain_elements(groups, self.delimiters))]

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into the list or the field."""
        if self.single:
            data[self.field] = self.parse_items(groups)[0]
        else:
            append(lists, self.field, self.parse_items(groups))

    def format(self, record: Any) -> Iterator[list[str]]:
        """The kept segments of this id."""
        found = getattr(record, self.field)
        segments = ((found,) if found is not None else ()) if self.single else found
        for segment in segments:
            if segment.id == self.identifier:
                yield written_elements(segment)


def plain_elements(groups: Groups, delimiters: Delimiters) -> tuple[str, ...]:
    """Elements as text with `:` and `^` for whatever the file used, and nothing empty at the end."""
    found = []
    for raw in groups:
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


class LoopMarkerBinding:
    """LS and LE around the entities of a benefit: they say nothing, and stand when there are entities."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.loop = "2120"

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Nothing to keep."""

    def format(self, record: Any) -> Iterator[list[str]]:
        """One when needed."""
        if record.entities:
            yield [self.loop]


class GeneratedBinding:
    """HL, ST: counted by the reader and made by the writer."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.delimiters = delimiters

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Nothing to keep."""

    def format(self, record: Any) -> Iterator[list[str]]:
        """The writer makes these itself."""
        return iter(())


Special = Callable[[Delimiters], Any]
SPECIAL: dict[str, Special] = {
    "CAS": AdjustmentBinding,
    "DTP": lambda delimiters: DateBinding(delimiters, with_format=True),
    "DTM": lambda delimiters: DateBinding(delimiters, with_format=False),
    "PER": ContactBinding,
    "CLM": ClaimBinding,
    "BPR": PaymentBinding,
    "PLB": ProviderAdjustmentBinding,
    "STC": StatusBinding,
    "UM": ReviewRequestBinding,
    "AK9": lambda delimiters: ResultBinding(delimiters, ("included", "received", "accepted")),
    "IK5": lambda delimiters: ResultBinding(delimiters, ()),
    "IK4": ElementErrorBinding,
    "CTX": ContextBinding,
    "MSG": MessageBinding,
    "LS": LoopMarkerBinding,
    "LE": LoopMarkerBinding,
    "HL": GeneratedBinding,
    "ST": GeneratedBinding,
    "CUR@Remittance": lambda delimiters: UnparsedBinding(delimiters, "CUR", "currency", single=True),
    "RDM": lambda delimiters: UnparsedBinding(delimiters, "RDM", "remittance_delivery", single=True),
    "III": lambda delimiters: UnparsedBinding(delimiters, "III", "information", single=False),
}

__all__ = ["SPECIAL", "AdjustmentBinding", "Data", "Groups", "HealthCodeBinding", "Lists", "UnparsedBinding", "append"]
