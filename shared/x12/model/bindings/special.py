"""Which segments have a binding of their own, and the small bindings: messages, kept segments, markers."""

# Bindings share one signature, so some of them leave an argument unused.
# ruff: noqa: ARG002

from collections.abc import Callable, Iterator
from typing import Any

from shared.x12.model.bindings.answers import Contexts, ElementInError, GroupResult, Statuses
from shared.x12.model.bindings.claims import ClaimBinding, HealthCodes, Review
from shared.x12.model.bindings.common import Contacts, Data, Dates, Groups, Lists, append
from shared.x12.model.bindings.kinds import COMPONENT, REPETITION
from shared.x12.model.bindings.payments import Adjustments, Payment, ProviderAdjustments
from shared.x12.model.element_patterns import Dialect
from shared.x12.model.records import Segment


class Messages:
    """MSG: free text."""

    def __init__(self, dialect: Dialect) -> None:
        self.field = "messages"

    def items(self, groups: Groups) -> list[str]:
        """The one text of the segment."""
        return [(groups[0] or b"").decode()]

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into `messages`."""
        append(lists, self.field, self.items(groups))

    def give(self, record: Any) -> Iterator[list[str]]:
        """One segment a text."""
        return ([message] for message in record.messages)


class Others:
    """Segments without typed fields: kept as text in a list, or in one field of their own."""

    def __init__(self, dialect: Dialect, identifier: str, field: str, single: bool) -> None:
        self.dialect = dialect
        self.identifier = identifier
        self.field = field
        self.single = single

    def items(self, groups: Groups) -> list[Segment]:
        """The segment with `:` and `^` inside its elements."""
        return [Segment(id=self.identifier, elements=plain_elements(groups, self.dialect))]

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into the list or the field."""
        if self.single:
            data[self.field] = self.items(groups)[0]
        else:
            append(lists, self.field, self.items(groups))

    def give(self, record: Any) -> Iterator[list[str]]:
        """The kept segments of this id."""
        found = getattr(record, self.field)
        segments = ((found,) if found is not None else ()) if self.single else found
        for segment in segments:
            if segment.id == self.identifier:
                yield written_elements(segment)


def plain_elements(groups: Groups, dialect: Dialect) -> tuple[str, ...]:
    """Elements as text with `:` and `^` for whatever the file used, and nothing empty at the end."""
    found = []
    for raw in groups:
        value = raw or b""
        value = value.replace(dialect.component, b":") if dialect.component != b":" else value
        if dialect.repetition and dialect.repetition != b"^":
            value = value.replace(dialect.repetition, b"^")
        found.append(value.decode())
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def written_elements(segment: Segment) -> list[str]:
    """The way back."""
    return [element.replace(":", COMPONENT).replace("^", REPETITION) for element in segment.elements]


class Marker:
    """LS and LE around the entities of a benefit: they say nothing, and stand when there are entities."""

    def __init__(self, dialect: Dialect) -> None:
        self.loop = "2120"

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Nothing to keep."""

    def give(self, record: Any) -> Iterator[list[str]]:
        """One when needed."""
        if record.entities:
            yield [self.loop]


class Level:
    """HL, ST: counted by the reader and made by the writer."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Nothing to keep."""

    def give(self, record: Any) -> Iterator[list[str]]:
        """The writer makes these itself."""
        return iter(())


Special = Callable[[Dialect], Any]
SPECIAL: dict[str, Special] = {
    "CAS": Adjustments,
    "DTP": lambda dialect: Dates(dialect, with_format=True),
    "DTM": lambda dialect: Dates(dialect, with_format=False),
    "PER": Contacts,
    "CLM": ClaimBinding,
    "BPR": Payment,
    "PLB": ProviderAdjustments,
    "STC": Statuses,
    "UM": Review,
    "AK9": lambda dialect: GroupResult(dialect, ("included", "received", "accepted")),
    "IK5": lambda dialect: GroupResult(dialect, ()),
    "IK4": ElementInError,
    "CTX": Contexts,
    "MSG": Messages,
    "LS": Marker,
    "LE": Marker,
    "HL": Level,
    "ST": Level,
    "CUR@Remittance": lambda dialect: Others(dialect, "CUR", "currency", single=True),
    "RDM": lambda dialect: Others(dialect, "RDM", "remittance_delivery", single=True),
    "III": lambda dialect: Others(dialect, "III", "information", single=False),
}

__all__ = ["SPECIAL", "Adjustments", "Data", "Groups", "HealthCodes", "Lists", "Others", "append"]
