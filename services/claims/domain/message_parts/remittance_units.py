"""An 835 transaction in units: each claim payment, each provider adjustment; and its X12 for the owner of some.

A part of a transaction that pays several organizations keeps payer, trace and dates. BPR01 is `I` (remittance
information only), since the part is no payment of its own, and BPR02 is what the part itself adds up to. Where the
whole did not balance the part does not either, by the same amount. BPR02 is never below zero: a part that takes back
more than it pays carries the rest forward (PLB `FB`, reference `PART`), as a remittance must.

The payee with its bank account, the totals of a group (TS3, TS2) and the receiver's references are the payee's own:
only the organization for which the operator has confirmed the payee's NPI is shown them.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from services.claims.domain.message_parts.unit import Unit, UnitKind
from services.claims.domain.message_parts.x12_text import (
    NO_TAX_ID,
    NOT_SHOWN,
    Separators,
    amount,
    cents,
    element,
    npi_of,
    text,
)

PAYEE_IDS = (b"XX",)
SHOWN_TO_ALL = frozenset({b"ST", b"TRN", b"CUR", b"DTM"})
BANK_ACCOUNTS = range(6, 16)
INFORMATION_ONLY = b"I"
CHECK = b"CHK"
ADJUSTMENTS = range(4, 15, 2)
"""PLB04, PLB06 ...: the amounts of a provider adjustment."""


@dataclass(frozen=True, slots=True)
class Span:
    """A unit's segments in the transaction: from `start` to before `stop`; `group` is where its LX begins."""

    unit: Unit
    start: int
    stop: int
    group: int | None = None


@dataclass(frozen=True, slots=True)
class RemittanceUnits:
    """`groups`: where each LX begins and how far it reaches with TS3 and TS2."""

    header_stop: int
    payee_npi: str
    groups: dict[int, int]
    spans: tuple[Span, ...]

    @property
    def units(self) -> tuple[Unit, ...]:
        """In the order of the file."""
        return tuple(span.unit for span in self.spans)


def remittance_units(body: Sequence[bytes], sep: Separators) -> RemittanceUnits:
    """The units of a transaction, given its segments from ST to before SE."""
    ids = [segment.partition(sep.element)[0] for segment in body]
    header_stop = next((at for at, name in enumerate(ids) if name in (b"LX", b"CLP", b"PLB")), len(body))
    payee = _payee_npi(body[:header_stop], sep)
    groups: dict[int, int] = {}
    spans: list[Span] = []
    group: int | None = None
    starts = [at for at in range(header_stop, len(body)) if ids[at] in (b"LX", b"CLP", b"PLB")]
    # Not strict: a remittance without any of these has no units, and there is one stop more than starts.
    for at, stop in zip(starts, [*starts[1:], len(body)], strict=False):
        elements = sep.split(body[at])
        if ids[at] == b"LX":
            group = at
            groups[at] = stop
        elif ids[at] == b"CLP":
            unit = Unit(UnitKind.CLAIM, claim_number=text(element(elements, 1)), npi=payee)
            spans.append(Span(unit, at, stop, group))
        else:
            unit = Unit(UnitKind.PROVIDER, npi=payee, own_npi=npi_of(element(elements, 1)))
            spans.append(Span(unit, at, stop))
    if not spans:
        spans.append(Span(Unit(UnitKind.PROVIDER, npi=payee), len(body), len(body)))
    return RemittanceUnits(header_stop, payee, groups, tuple(spans))


def remittance_part(
    body: Sequence[bytes],
    found: RemittanceUnits,
    sep: Separators,
    mine: Callable[[Unit], bool],
    *,
    shown: bool,
    hidden: Collection[str] = (),
) -> list[bytes]:
    """The segments of a part, ST to before SE. `shown`: the payee's own data is its owner's. `hidden`: NPIs that its
    adjustments do not name."""
    spans = [span for span in found.spans if mine(span.unit)]
    gap = _gap(body, found, sep)
    total = _total(body, spans, sep)
    header = body[: found.header_stop] if shown else _without_payee(body[: found.header_stop], sep)
    segments = [
        _payment(segment, sep, None if gap is None else total + gap, shown=shown)
        if segment.startswith(b"BPR" + sep.element)
        else segment
        for segment in header
    ]
    others = {span.group for span in found.spans if not mine(span.unit)}
    owned_groups = found.groups.keys() - others if shown else set()
    group: int | None = None
    for span in spans:
        if span.group is not None and span.group != group:
            group = span.group
            # TS3 and TS2 are totals of the whole group.
            segments += body[group : found.groups[group] if group in owned_groups else group + 1]
        own = list(body[span.start : span.stop])
        if span.unit.own_npi in hidden:
            elements = sep.split(own[0])
            own[0] = sep.join((elements[0], NO_TAX_ID, *elements[2:]))
        segments += own
    if gap is not None and total + gap < 0:
        segments.append(_carried_forward(body, found, sep, total + gap, shown=shown))
    return segments


def remittance_cents(
    body: Sequence[bytes], found: RemittanceUnits, sep: Separators, mine: Callable[[Unit], bool]
) -> int:
    """What a part adds up to: its claim payments less its provider adjustments."""
    return _total(body, [span for span in found.spans if mine(span.unit)], sep)


def _payee_npi(header: Sequence[bytes], sep: Separators) -> str:
    for segment in header:
        elements = sep.split(segment)
        if elements[0] == b"N1" and element(elements, 1) == b"PE" and element(elements, 3) in PAYEE_IDS:
            return npi_of(element(elements, 4))
    return ""


def _without_payee(header: Sequence[bytes], sep: Separators) -> list[bytes]:
    """The header with what everybody whose claim was paid must know: the payer, the trace and the dates."""
    kept: list[bytes] = []
    party = b""
    for segment in header:
        elements = sep.split(segment)
        if elements[0] == b"N1":
            party = element(elements, 1)
            if party == b"PE":
                kept.append(sep.join((b"N1", b"PE", NOT_SHOWN, b"FI", NO_TAX_ID)))
        if party == b"PR" or (not party and (elements[0] in SHOWN_TO_ALL or elements[0] == b"BPR")):
            kept.append(segment)
    return kept


def _payment(segment: bytes, sep: Separators, of_cents: int | None, *, shown: bool) -> bytes:
    """BPR of a part. Where the whole's amount cannot be read the part's is left out, which the reader reports."""
    elements = sep.split(segment)
    elements += [b""] * (17 - len(elements))
    elements[1] = INFORMATION_ONLY
    elements[2] = b"" if of_cents is None else amount(max(of_cents, 0))
    if not shown:
        for place in BANK_ACCOUNTS:
            elements[place] = b""
        elements[4], elements[5] = CHECK, b""
    return sep.join(elements)


def _total(body: Sequence[bytes], spans: Sequence[Span], sep: Separators) -> int:
    total = 0
    for span in spans:
        if span.start == span.stop:
            continue
        elements = sep.split(body[span.start])
        if span.unit.kind is UnitKind.CLAIM:
            total += cents(element(elements, 4)) or 0
        else:
            total -= sum(cents(element(elements, place)) or 0 for place in ADJUSTMENTS)
    return total


def _gap(body: Sequence[bytes], found: RemittanceUnits, sep: Separators) -> int | None:
    """By how much BPR02 is more than the whole adds up to; None where it cannot be read."""
    for segment in body[: found.header_stop]:
        elements = sep.split(segment)
        if elements[0] == b"BPR":
            paid = cents(element(elements, 2))
            return None if paid is None else paid - _total(body, found.spans, sep)
    return None


def _carried_forward(
    body: Sequence[bytes], found: RemittanceUnits, sep: Separators, of_cents: int, *, shown: bool
) -> bytes:
    paid_on = next((element(sep.split(one), 16) for one in body if one.startswith(b"BPR" + sep.element)), b"")
    year = paid_on[:4] if paid_on[:4].isdigit() and len(paid_on) == 8 else b"2000"
    provider = found.payee_npi.encode() if shown and found.payee_npi else NO_TAX_ID
    reason = sep.component.join((b"FB", b"PART"))
    return sep.join((b"PLB", provider, year + b"1231", reason, amount(of_cents)))
