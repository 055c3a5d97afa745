"""The X12 of a part: the frame of the message around what belongs to one owner.

What was wrong with the frame stays wrong: a count (SE01, GE01, IEA01) that was off by some is off by as many in the
part, and a segment that was missing is missing, so that a file that was cut off never looks whole.
"""

from collections.abc import Callable
from dataclasses import dataclass

from services.claims.domain.message_parts.outline import (
    Outline,
    OutlinedGroup,
    OutlinedInterchange,
    OutlinedTransaction,
)
from services.claims.domain.message_parts.remittance_units import remittance_cents, remittance_part
from services.claims.domain.message_parts.status_units import hides_provider, is_shown_whole, status_part
from services.claims.domain.message_parts.unit import Unit, UnitKind
from services.claims.domain.message_parts.x12_text import Separators, element, whole_number

RECEIVER_LENGTH = 15
SECRET_LENGTH = 10
"""ISA02 and ISA04, authorization and security information: of the whole interchange and so of nobody's part."""


@dataclass(frozen=True, slots=True)
class View:
    """What an owner sees: its units, and the providers whose own data it may see (the empty NPI: unknown).

    `account` is whom the message was sent to, which a part names as its receiver. A provider adjustment of its own that
    names one of `hidden_npis` does so no more."""

    mine: Callable[[Unit], bool]
    shows: Callable[[str], bool]
    account: str
    hidden_npis: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """`shared`: the message has parts of others as well. `hidden`: a provider is not shown. `paid_cents` is the sum of
    what it has of transactions that are shared; None if there is none."""

    content: str
    claims: int
    shared: bool
    hidden: bool
    paid_cents: int | None = None


def write_part(outline: Outline, view: View) -> Part:
    """The part of an owner of at least one unit."""
    writer = _Writer(view)
    pieces = [piece for one in outline.interchanges if (piece := writer.interchange(one))]
    whole = writer.changed == 0 and len(pieces) == len(outline.interchanges)
    content = outline.content if whole else b"".join(pieces).decode()
    claims = sum(unit.kind is UnitKind.CLAIM and view.mine(unit) for unit in outline.units)
    shared = not all(map(view.mine, outline.units))
    return Part(content, claims, shared, writer.hidden, writer.paid_cents)


class _Writer:
    """Counts what it leaves out or changes while it writes."""

    def __init__(self, view: View) -> None:
        self._view = view
        self.changed = 0
        self.hidden = False
        self.paid_cents: int | None = None

    def interchange(self, one: OutlinedInterchange) -> bytes:
        """Empty where nothing in it is the owner's."""
        sep, before = one.separators, self.changed
        acknowledgements = [segment for unit, segment in one.acknowledgements if self._view.mine(unit)]
        self.changed += len(one.acknowledgements) - len(acknowledgements)
        groups = [written for group in one.groups if (written := self._group(group, sep))]
        self.changed += len(one.groups) - len(groups)
        if not acknowledgements and not groups:
            return b""
        start = one.start if self.changed == before else self._isa(one.start, sep)
        lines = [start, *acknowledgements, *(line for group in groups for line in group)]
        if one.end is not None:
            lines.append(_counted(one.end, sep, len(groups), len(one.groups)))
        return b"".join(line + sep.terminator for line in lines)

    def _group(self, group: OutlinedGroup, sep: Separators) -> list[bytes]:
        before = self.changed
        written = [lines for one in group.transactions if (lines := self._transaction(one, sep))]
        self.changed += len(group.transactions) - len(written)
        if not written:
            return []
        start = group.start if self.changed == before else self._gs(group.start, sep)
        lines = [start, *(line for transaction in written for line in transaction)]
        if group.end is not None:
            lines.append(_counted(group.end, sep, len(written), len(group.transactions)))
        return lines

    def _transaction(self, one: OutlinedTransaction, sep: Separators) -> list[bytes]:
        mine, shows = self._view.mine, self._view.shows
        owned = sum(map(mine, one.units))
        if not owned:
            return []
        shared = owned < len(one.units)
        body = one.body
        if one.remittance is not None:
            shown, hidden = shows(one.remittance.payee_npi), self._view.hidden_npis
            names_hidden = any(unit.own_npi in hidden for unit in one.units if mine(unit))
            self.hidden |= names_hidden or not shown
            if shared or names_hidden or not shown:
                body = remittance_part(one.body, one.remittance, sep, mine, shown=shown, hidden=hidden)
            if shared:
                self.paid_cents = (self.paid_cents or 0) + remittance_cents(one.body, one.remittance, sep, mine)
        elif one.status is not None:
            self.hidden |= hides_provider(one.status, mine, shows)
            if shared or not is_shown_whole(one.status, shows):
                body = status_part(one.body, one.status, sep, mine, shows)
        self.changed += body is not one.body
        # SE01 counts ST and SE as well.
        end = [] if one.end is None else [_counted(one.end, sep, len(body) + 1, len(one.body) + 1)]
        return [*body, *end]

    def _isa(self, segment: bytes, sep: Separators) -> bytes:
        elements = sep.split(segment)
        if len(elements) > RECEIVER_LENGTH:
            elements[2] = elements[4] = b" " * SECRET_LENGTH
            elements[8] = self._view.account.encode().ljust(RECEIVER_LENGTH)
        return sep.element.join(elements)

    def _gs(self, segment: bytes, sep: Separators) -> bytes:
        elements = sep.split(segment)
        if len(elements) > 3:
            elements[3] = self._view.account.encode()
        return sep.element.join(elements)


def _counted(segment: bytes, sep: Separators, count: int, before: int) -> bytes:
    """The segment with its count changed by as much as what it counts."""
    elements = sep.split(segment)
    declared = whole_number(element(elements, 1))
    if count == before or declared is None:
        return segment
    elements[1] = str(max(declared + count - before, 0)).encode()
    return sep.element.join(elements)
