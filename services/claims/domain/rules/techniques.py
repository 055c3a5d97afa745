"""What the techniques of a note say of time and place, against one another and against the codes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.rule import NEW_NOTE, Rule, RuleMatch, rule
from services.claims.domain.rules.separate import places_of
from services.claims.domain.scrubber_input import TechniqueInput
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.plural import counted

SPINAL_REGIONS = frozenset({"cervical", "thoracic", "lumbar", "sacral", "pelvic"})
REGIONS_ADJUSTED = {"98940": 1, "98941": 3, "98942": 5}
"""The fewest spinal regions that each code of spinal manipulation is for."""


def _one_to_one(context: ScrubberInput, technique: TechniqueInput) -> bool:
    """True unless it goes on by itself, as a hot pack does, so that the therapist works on something else meanwhile."""
    known = context.codes.procedures.get(technique.procedure_code)
    return known is not None and (known.timed or known.family != "modality")


@rule(
    "techniques_overlap",
    Severity.BLOCK,
    "One-to-one techniques follow one another",
    fix="Correct when each began and its length (`start_minute` and `minutes` of the `techniques`)." + NEW_NOTE,
)
def techniques_overlap(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A minute of one-to-one work is of one technique; only what goes on by itself, as a hot pack does, may lie beside
    it."""
    timed = [
        (place, one)
        for place, one in enumerate(context.note.techniques)
        if one.start_minute is not None and _one_to_one(context, one)
    ]
    for (_, first), (place, second) in combinations(timed, 2):
        starts, ends = (first.start_minute or 0, second.start_minute or 0), (first.end_minute, second.end_minute)
        together = min(end for end in ends if end is not None) - max(starts)
        if together > 0:
            text = f"{first.procedure_code} and {second.procedure_code} are {counted(together, 'minute')} at one time."
            yield RuleMatch(text, f"/note/techniques/{place}/start_minute")


@rule(
    "adjusted_regions_too_few",
    Severity.WARN,
    "A code of spinal manipulation has its number of regions",
    fix=(
        "Bill the code for the regions that were adjusted (`procedure_code` of the technique): 98940 for one or two, "
        "98941 for three or four, 98942 for five; or name all of them (`region`)." + NEW_NOTE
    ),
)
def adjusted_regions_too_few(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The codes are told apart by the number of spinal regions (cervical, thoracic, lumbar, sacral, pelvic), which the
    note names."""
    for place, line in enumerate(context.claim.lines):
        fewest, places = REGIONS_ADJUSTED.get(line.procedure_code, 1), places_of(context, line.procedure_code)
        if places is None or fewest == 1:
            continue
        named = len(SPINAL_REGIONS & frozenset().union(*(one.regions for one in places)))
        if named < fewest:
            text = f"{line.procedure_code} is for {fewest} or more spinal regions, and the note names {named}."
            if fewest == len(SPINAL_REGIONS):
                text = f"{line.procedure_code} is for all five spinal regions, and the note names {named}."
            yield RuleMatch(text, f"/claim/lines/{place}/procedure_code")


RULES: tuple[Rule, ...] = (
    techniques_overlap,
    adjusted_regions_too_few,
)
