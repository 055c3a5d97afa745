"""The outline of a message: interchanges, groups, transactions, and in them the units that have owners.

Only the frame is read here, so that what is wrong within a claim is found where it is applied, by its owner. A message
whose frame cannot be followed (a segment outside of any transaction, no interchange) has no outline: nobody can say
whose its parts are, so none is given away.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from services.claims.domain.message_parts.remittance_units import RemittanceUnits, remittance_units
from services.claims.domain.message_parts.status_units import StatusUnits, status_units
from services.claims.domain.message_parts.unit import Unit, UnitKind
from services.claims.domain.message_parts.x12_text import Separators, element, text
from shared import x12
from shared.wire.envelope import interchange_of_group

REMITTANCE, STATUS, ACKNOWLEDGEMENTS = b"835", b"277", (b"999", b"997")


@dataclass(slots=True)
class OutlinedTransaction:
    """`body` is ST to before SE; `end` the SE, None where it is missing."""

    body: list[bytes]
    end: bytes | None = None
    remittance: RemittanceUnits | None = None
    status: StatusUnits | None = None
    units: tuple[Unit, ...] = ()


@dataclass(slots=True)
class OutlinedGroup:
    """GS to GE."""

    start: bytes
    transactions: list[OutlinedTransaction] = field(default_factory=list)
    end: bytes | None = None


@dataclass(slots=True)
class OutlinedInterchange:
    """ISA to IEA, with the TA1 that stand before its groups."""

    separators: Separators
    start: bytes
    acknowledgements: list[tuple[Unit, bytes]] = field(default_factory=list)
    groups: list[OutlinedGroup] = field(default_factory=list)
    end: bytes | None = None

    def units(self) -> Iterator[Unit]:
        """In the order of the file."""
        yield from (unit for unit, _segment in self.acknowledgements)
        for group in self.groups:
            for transaction in group.transactions:
                yield from transaction.units


@dataclass(frozen=True, slots=True)
class Outline:
    """A message whose frame can be followed."""

    content: str
    interchanges: tuple[OutlinedInterchange, ...]
    units: tuple[Unit, ...]


class _Astray(Exception):
    """A segment stands where none can."""


def outline_of(content: str) -> Outline | None:
    """None where the message's frame cannot be followed, or holds nothing."""
    interchanges: list[OutlinedInterchange] = []
    try:
        _read(content.encode(), interchanges)
    except _Astray:
        return None
    for interchange in interchanges:
        for group in interchange.groups:
            for transaction in group.transactions:
                _find_units(transaction, interchange.separators)
    units = tuple(unit for interchange in interchanges for unit in interchange.units())
    return Outline(content, tuple(interchanges), units) if units else None


def _read(data: bytes, interchanges: list[OutlinedInterchange]) -> None:
    """Raises _Astray."""
    transaction: OutlinedTransaction | None = None
    group: OutlinedGroup | None = None
    found = x12.segments(data)
    for _offset, _number, elements in found:
        name = elements[0]
        if name == b"ISA":
            sep = Separators.of(found.delimiters)
            # Within a character of several bytes such a one would cut it in two.
            if not (sep.element + sep.component + sep.terminator).isascii():
                raise _Astray
            interchanges.append(OutlinedInterchange(sep, sep.element.join(elements)))
            group = transaction = None
            continue
        if not interchanges or interchanges[-1].end is not None:
            raise _Astray
        interchange = interchanges[-1]
        segment = interchange.separators.element.join(elements)
        if name == b"GS":
            group, transaction = OutlinedGroup(segment), None
            interchange.groups.append(group)
        elif name == b"ST" and group is not None:
            transaction = OutlinedTransaction([segment])
            group.transactions.append(transaction)
        elif name == b"SE" and transaction is not None:
            transaction.end, transaction = segment, None
        elif name == b"GE" and group is not None:
            group.end, group, transaction = segment, None, None
        elif name == b"IEA":
            interchange.end, group, transaction = segment, None, None
        elif name == b"TA1" and group is None:
            number = text(element(elements, 1))
            interchange.acknowledgements.append((Unit(UnitKind.FILE, interchange=number), segment))
        elif transaction is not None:
            transaction.body.append(segment)
        else:
            raise _Astray


def _find_units(transaction: OutlinedTransaction, sep: Separators) -> None:
    kind = element(sep.split(transaction.body[0]), 1)
    if kind == REMITTANCE:
        transaction.remittance = remittance_units(transaction.body, sep)
        transaction.units = transaction.remittance.units
    elif kind == STATUS and (status := status_units(transaction.body, sep)) is not None:
        transaction.status = status
        transaction.units = status.units
    elif kind in ACKNOWLEDGEMENTS:
        numbers = [text(element(sep.split(one), 2)) for one in transaction.body if one.startswith(b"AK1" + sep.element)]
        # A 999 answers one group; one that names several cannot be given to one owner.
        number = interchange_of_group(numbers[0]) if len(numbers) == 1 else ""
        transaction.units = (Unit(UnitKind.FILE, interchange=number),)
    else:
        transaction.units = (Unit(UnitKind.OTHER),)
