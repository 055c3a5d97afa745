"""A 277CA (or 277) in units: each claim's status, and each level that is rejected as a whole; and the X12 of a part.

A part keeps the levels above its claims, numbered anew. A level's own verdict and totals (TRN, STC, REF, QTY, AMT)
speak of all claims below it: they are in a part when all of these are. The billing provider (NM1*85) is shown only to
the organization for which the operator has confirmed its NPI.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from services.claims.domain.acknowledgement import REJECTED
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

RANKS = {b"20": 0, b"21": 1, b"19": 2, b"PT": 3, b"22": 3, b"23": 4}
SOURCE, RECEIVER, PROVIDER = 0, 1, 2
CONTROL_NUMBER_LENGTH = 9
CHARGE = 4
"""STC04: the charge that a verdict is about."""


@dataclass(frozen=True, slots=True)
class Level:
    """One HL: `start` to `stop` are its own segments before its first claim; `own` is the unit of its rejection."""

    rank: int
    parent: int | None
    start: int
    stop: int
    npi: str = ""
    own: Unit | None = None


@dataclass(frozen=True, slots=True)
class StatusClaim:
    """One claim's status: its segments, and the place of its level."""

    unit: Unit
    level: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class StatusUnits:
    """`levels` in the order of the file, a parent before its children."""

    header_stop: int
    levels: tuple[Level, ...]
    claims: tuple[StatusClaim, ...]

    @property
    def units(self) -> tuple[Unit, ...]:
        """The claims in the order of the file, then the rejected levels."""
        return (*(one.unit for one in self.claims), *(level.own for level in self.levels if level.own is not None))

    def above(self, place: int) -> tuple[int, ...]:
        """The level itself and those above it."""
        found = [place]
        while (parent := self.levels[found[-1]].parent) is not None:
            found.append(parent)
        return tuple(found)


def status_units(body: Sequence[bytes], sep: Separators) -> StatusUnits | None:
    """The units of a transaction, given its segments from ST to before SE; None where it has no level (HL)."""
    starts = [at for at, segment in enumerate(body) if segment.startswith(b"HL" + sep.element)]
    if not starts:
        return None
    levels: list[Level] = []
    claims: list[StatusClaim] = []
    open_levels: list[int] = []
    for at, stop in zip(starts, [*starts[1:], len(body)], strict=True):
        rank = RANKS.get(element(sep.split(body[at]), 3), RANKS[b"PT"])
        # By nesting, not by HL02: a pointer that says otherwise must not put a claim under another's provider.
        while open_levels and levels[open_levels[-1]].rank >= rank:
            open_levels.pop()
        place = len(levels)
        own = _level(body, sep, rank, open_levels[-1] if open_levels else None, at, stop)
        levels.append(own)
        open_levels.append(place)
        if rank > PROVIDER:
            npi = next((levels[one].npi for one in open_levels if levels[one].rank == PROVIDER), "")
            claims += _claims(body, sep, place, own.stop, stop, npi)
    _without_trace(levels, claims)
    found = StatusUnits(starts[0], tuple(levels), tuple(claims))
    if not found.units:
        levels[0] = replace(levels[0], own=Unit(UnitKind.PROVIDER, npi=next((x.npi for x in levels if x.npi), "")))
        found = replace(found, levels=tuple(levels))
    return found


def status_part(
    body: Sequence[bytes],
    found: StatusUnits,
    sep: Separators,
    mine: Callable[[Unit], bool],
    shows: Callable[[str], bool],
) -> list[bytes]:
    """The segments of a part, ST to before SE."""
    wanted = _wanted(found, mine)
    numbers = {place: number for number, place in enumerate(wanted, 1)}
    segments = list(body[: found.header_stop])
    parents = {found.levels[one].parent for one in wanted}
    owned = _owned(found, mine)
    for place in wanted:
        level = found.levels[place]
        segments.append(_hl(body[level.start], sep, numbers, place, level, has_children=place in parents))
        segments += _level_segments(body, found, sep, place, owned, shows)
        for one in owned.below.get(place, ()):
            if one.level == place:
                segments += body[one.start : one.stop]
    return segments


@dataclass(frozen=True, slots=True)
class _Owned:
    """What is the part's own: its claims below each level (a level's own claims too), the levels that have others'
    claims below them, the rejections that are its own, and whether all are."""

    below: dict[int, list[StatusClaim]]
    with_others: frozenset[int]
    rejections: frozenset[int]
    all_rejections: bool


def _owned(found: StatusUnits, mine: Callable[[Unit], bool]) -> _Owned:
    """Looks once at each claim and level, whatever the levels are: a file may have one for every claim."""
    below: dict[int, list[StatusClaim]] = {}
    with_others: set[int] = set()
    for one in found.claims:
        if mine(one.unit):
            for place in found.above(one.level):
                below.setdefault(place, []).append(one)
        else:
            with_others.update(found.above(one.level))
    rejections = {place: mine(level.own) for place, level in enumerate(found.levels) if level.own is not None}
    own = frozenset(place for place, is_mine in rejections.items() if is_mine)
    return _Owned(below, frozenset(with_others), own, len(own) == len(rejections))


def hides_provider(found: StatusUnits, mine: Callable[[Unit], bool], shows: Callable[[str], bool]) -> bool:
    """Whether a billing provider of the part is not shown in it."""
    levels = (found.levels[place] for place in _wanted(found, mine))
    return any(level.rank == PROVIDER and not shows(level.npi) for level in levels)


def _wanted(found: StatusUnits, mine: Callable[[Unit], bool]) -> list[int]:
    """The places of the levels of a part: those with a unit of its own, and those above them."""
    places = [one.level for one in found.claims if mine(one.unit)]
    places += [place for place, level in enumerate(found.levels) if level.own is not None and mine(level.own)]
    return sorted({above for place in places for above in found.above(place)})


def is_shown_whole(found: StatusUnits, shows: Callable[[str], bool]) -> bool:
    """Whether every billing provider in it may be shown."""
    return all(shows(level.npi) for level in found.levels if level.rank == PROVIDER)


def _level(body: Sequence[bytes], sep: Separators, rank: int, parent: int | None, at: int, stop: int) -> Level:
    if rank > PROVIDER:
        first = next((n for n in range(at + 1, stop) if body[n].startswith(b"TRN" + sep.element)), stop)
        return Level(rank, parent, at, first)
    npi, rejected, trace = "", False, b""
    for segment in body[at + 1 : stop]:
        elements = sep.split(segment)
        if elements[0] == b"NM1" and element(elements, 8) == b"XX":
            npi = npi_of(element(elements, 9))
        elif elements[0] == b"TRN" and not trace:
            trace = element(elements, 2)
        elif elements[0] == b"STC":
            rejected |= text(element(elements, 1).split(sep.component)[0]) in REJECTED
    own = None
    if rejected and rank in (RECEIVER, PROVIDER):
        # The receiver's trace is the reference (BHT03) of the 837P that it answers, which we number like its file.
        interchange = text(trace).zfill(CONTROL_NUMBER_LENGTH) if rank == RECEIVER and trace.isdigit() else ""
        own = Unit(UnitKind.PROVIDER, npi=npi if rank == PROVIDER else "", interchange=interchange)
    return Level(rank, parent, at, stop, npi if rank == PROVIDER else "", own)


def _claims(body: Sequence[bytes], sep: Separators, level: int, first: int, stop: int, npi: str) -> list[StatusClaim]:
    starts = [at for at in range(first, stop) if body[at].startswith(b"TRN" + sep.element)]
    return [
        StatusClaim(
            Unit(UnitKind.CLAIM, claim_number=text(element(sep.split(body[at]), 2)), npi=npi), level, at, following
        )
        for at, following in zip(starts, [*starts[1:], stop], strict=True)
    ]


def _without_trace(levels: list[Level], claims: list[StatusClaim]) -> None:
    """A patient without any claim below is a unit as well, or nobody would be given it."""
    used = {one.level for one in claims} | {level.parent for level in levels}
    for place, level in enumerate(levels):
        if level.rank > PROVIDER and place not in used:
            parent, npi = level.parent, ""
            while parent is not None and not npi:
                npi, parent = levels[parent].npi, levels[parent].parent
            levels[place] = replace(level, own=Unit(UnitKind.CLAIM, npi=npi))


def _level_segments(
    body: Sequence[bytes],
    found: StatusUnits,
    sep: Separators,
    place: int,
    owned: _Owned,
    shows: Callable[[str], bool],
) -> list[bytes]:
    """A level's segments after its HL, as far as they are the part's own."""
    level = found.levels[place]
    segments = list(body[level.start + 1 : level.stop])
    if level.rank == SOURCE or level.rank > PROVIDER:
        return segments
    visible = shows(level.npi) if level.rank == PROVIDER else True
    if level.own is not None:
        all_mine = place in owned.rejections
    else:
        all_mine = place not in owned.with_others and (level.rank != RECEIVER or owned.all_rejections)
    if all_mine and visible:
        return segments
    if level.rank == PROVIDER:
        return [one if visible else _hidden_provider(sep) for one in segments if one.startswith(b"NM1" + sep.element)]
    return _receiver(body, owned.below.get(place, ()), segments, sep)


def _receiver(
    body: Sequence[bytes], claims: Sequence[StatusClaim], segments: Sequence[bytes], sep: Separators
) -> list[bytes]:
    """The receiver with the trace and the first verdict that its guide asks for; the charge is that of the part."""
    kept: list[bytes] = []
    charge = sum(_charge(body[one.start : one.stop], sep) for one in claims)
    for segment in segments:
        elements = sep.split(segment)
        if elements[0] in (b"NM1", b"TRN"):
            kept.append(segment)
        elif elements[0] == b"STC" and not any(one.startswith(b"STC" + sep.element) for one in kept):
            elements = (elements + [b""] * CHARGE)[: CHARGE + 1]
            elements[CHARGE] = amount(charge)
            kept.append(sep.join(elements))
    return kept


def _charge(segments: Sequence[bytes], sep: Separators) -> int:
    first = next((sep.split(one) for one in segments if one.startswith(b"STC" + sep.element)), [])
    return cents(element(first, CHARGE)) or 0


def _hidden_provider(sep: Separators) -> bytes:
    return sep.join((b"NM1", b"85", b"2", NOT_SHOWN, b"", b"", b"", b"", b"FI", NO_TAX_ID))


def _hl(
    segment: bytes, sep: Separators, numbers: dict[int, int], place: int, level: Level, *, has_children: bool
) -> bytes:
    """HL01 and HL02 count within the part; HL04 says whether a level follows below, where the level has one."""
    parent = b"" if level.parent is None else str(numbers[level.parent]).encode()
    elements = [b"HL", str(numbers[place]).encode(), parent, element(sep.split(segment), 3)]
    if element(sep.split(segment), 4):
        elements.append(b"1" if has_children else b"0")
    return sep.join(elements)
