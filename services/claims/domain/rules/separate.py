"""Whether the note shows that two procedures were separate: what 59 and the X modifiers state.

Two things show it: other regions of the body, or other times. Two times are other ones where one procedure is over
before the other begins, without a change back. Words that differ show nothing; a region that is not known is nowhere,
and a technique without a start was at no known time.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import product

from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets.body_regions import BodyPlace
from shared.codesets.pair_edits import PairEdit

REGIONAL = frozenset({"chiropractic", "osteopathic"})
"""Manipulation is by region: work on a region that is manipulated is included, whenever it was done."""
GROUP = "97150"
"""A group is treated at another time than one patient alone, whatever the region."""


class Separation(StrEnum):
    """What shows that two procedures were separate."""

    REGION = "in other regions"
    TIME = "at other times"


WANTED_BY_MODIFIER = {
    "59": frozenset(Separation),
    "XU": frozenset(Separation),
    "XS": frozenset({Separation.REGION}),
    # Another encounter or another practitioner is another note, and so another claim.
    "XE": frozenset[Separation](),
    "XP": frozenset[Separation](),
}
"""What a modifier states, of the things that the note of one visit can show."""


def counted(context: ScrubberInput, edit: PairEdit) -> frozenset[Separation]:
    """What counts for these two procedures."""
    if GROUP in {edit.column1, edit.column2}:
        return frozenset({Separation.TIME})
    family = context.codes.procedures.family
    regional = {family(edit.column1), family(edit.column2)} & REGIONAL
    return frozenset({Separation.REGION}) if regional else frozenset(Separation)


def separations(context: ScrubberInput, edit: PairEdit) -> frozenset[Separation]:
    """What the note shows of a pair, as far as it counts for these procedures."""
    shown = {Separation.REGION} if _apart(context, edit) else set[Separation]()
    if one_after_the_other(context, edit.column1, edit.column2):
        shown.add(Separation.TIME)
    return counted(context, edit) & shown


def what_would_show(context: ScrubberInput, edit: PairEdit, modifier: str) -> str:
    """The end of a sentence: the facts in the note that would show what a modifier states of a pair."""
    wanted = WANTED_BY_MODIFIER[modifier]
    if not wanted:
        return "another encounter or another practitioner has a note, and a claim, of its own"
    unread = [code for code in (edit.column1, edit.column2) if places_of(context, code) is None]
    region = "other regions" + (f" (that of {' and '.join(unread)} is not one of the list)" if unread else "")
    time = "a start for each technique, so that one procedure is over before the other begins"
    words = {Separation.REGION: region, Separation.TIME: time}
    return " or ".join(words[one] for one in Separation if one in wanted & counted(context, edit))


def proven(modifier: str, shown: frozenset[Separation]) -> bool:
    """True where what the note shows is what the modifier states."""
    return bool(WANTED_BY_MODIFIER[modifier] & shown)


def places_of(context: ScrubberInput, procedure_code: str) -> list[BodyPlace] | None:
    """Where a procedure was done, or None where the region of one technique is not known."""
    read = context.codes.body_regions.read
    places = [read(one.region, one.side) for one in context.note.techniques_of(procedure_code)]
    known = [place for place in places if place is not None]
    return known if known and len(known) == len(places) else None


def _apart(context: ScrubberInput, edit: PairEdit) -> bool:
    first, second = places_of(context, edit.column1), places_of(context, edit.column2)
    if first is None or second is None:
        return False
    return all(context.codes.body_regions.apart(one, other) for one, other in product(first, second))


def one_after_the_other(context: ScrubberInput, first: str, second: str) -> bool:
    """True where the note shows that one of two procedures was over before the other began."""
    spans = _span(context, first), _span(context, second)
    if spans[0] is None or spans[1] is None:
        return False
    (first_start, first_end), (second_start, second_end) = spans[0], spans[1]
    return first_end <= second_start or second_end <= first_start


def _span(context: ScrubberInput, procedure_code: str) -> tuple[int, int] | None:
    """The minutes of the session from the first start of a procedure to its last end, or None where one is unknown."""
    techniques = context.note.techniques_of(procedure_code)
    starts = [one.start_minute for one in techniques if one.start_minute is not None]
    ends = [one.end_minute for one in techniques if one.end_minute is not None]
    return (min(starts), max(ends)) if starts and len(starts) == len(techniques) else None
