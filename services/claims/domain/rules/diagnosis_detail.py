"""How much a diagnosis tells: side, site and condition, and the phase of an injury's treatment."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.rule import NEW_NOTE, Rule, RuleMatch, rule
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets.icd10 import dotted, without_dot
from shared.dates import days_between

ACTIVE, INJURY_LENGTH = "A", 7
ACTIVE_TREATMENT_DAYS = 90
"""Our own measure: an injury that is older is seldom still in active treatment."""


@rule(
    "diagnosis_side_missing",
    Severity.WARN,
    "A diagnosis names the side where there is a code for it",
    fix="Choose the code of the side that was examined (`diagnoses` of the note)." + NEW_NOTE,
)
def diagnosis_side_missing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Right and left have codes of their own, and payers deny the code that leaves the side open."""
    for place, code in enumerate(context.claim.diagnoses):
        sides = context.codes.diagnosis_edits.with_sides(code, context.on)
        if sides:
            offers = tuple(map(dotted, sides))
            described = "; ".join(
                f"{dotted(side)} is {context.codes.diagnoses.description(side).lower()}" for side in sides
            )
            text = f"{dotted(code)} leaves the side open: {described}."
            yield RuleMatch(text, f"/claim/diagnoses/{place}", candidates=offers)


@rule(
    "diagnosis_both_sides",
    Severity.WARN,
    "Both sides are one diagnosis where there is a code for both",
    fix="Put the code for both sides in the place of the two (`diagnoses` of the note)." + NEW_NOTE,
)
def diagnosis_both_sides(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Right and left are two codes only where the classification has none that says both."""
    for (_, one), (place, other) in combinations(enumerate(context.claim.diagnoses), 2):
        both = context.codes.diagnosis_edits.of_both_sides(one, other, context.on)
        if both:
            text = f"{dotted(one)} and {dotted(other)} are the two sides of {dotted(both)}."
            yield RuleMatch(text, f"/claim/diagnoses/{place}", candidates=(dotted(both),))


@rule(
    "diagnosis_vague",
    Severity.WARN,
    "A diagnosis names the site and the condition",
    fix=(
        "Use a code that names site and condition, if the examination supports one (`diagnoses` of the note), or "
        "acknowledge the warning." + NEW_NOTE
    ),
)
def diagnosis_vague(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Some valid codes are so unspecific that payers deny them as not medically necessary."""
    for place, code in enumerate(context.claim.diagnoses):
        if context.codes.diagnosis_edits.vague(code):
            name = context.codes.diagnoses.description(code)
            yield RuleMatch(f"{dotted(code)} ({name}) is valid but unspecific.", f"/claim/diagnoses/{place}")


@rule(
    "diagnosis_unspecified",
    Severity.INFO,
    "A diagnosis is as specific as the record",
    fix="If the record says more, choose the code that says it (`diagnoses` of the note)." + NEW_NOTE,
)
def diagnosis_unspecified(context: ScrubberInput) -> Iterator[RuleMatch]:
    """An unspecified code is right where nothing more is known; where more is, it invites questions."""
    edits = context.codes.diagnosis_edits
    for place, code in enumerate(context.claim.diagnoses):
        if edits.unspecified(code) and not edits.vague(code) and not edits.with_sides(code, context.on):
            name = context.codes.diagnoses.description(code)
            yield RuleMatch(f"{dotted(code)} ({name}) leaves something open.", f"/claim/diagnoses/{place}")


@rule(
    "injury_in_two_phases",
    Severity.WARN,
    "One injury is in one phase of its treatment",
    fix=(
        "Keep one of the two (`diagnoses` of the note): A while the injury is actively treated, D while it heals, "
        "S for what it left behind." + NEW_NOTE
    ),
)
def injury_in_two_phases(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The seventh character says in which phase an injury is treated, and it is in one of them."""
    for (_, one), (place, other) in combinations(enumerate(map(without_dot, context.claim.diagnoses)), 2):
        if len(one) == len(other) == INJURY_LENGTH and one[:-1] == other[:-1] and one != other:
            text = f"{dotted(one)} and {dotted(other)} are the same injury in two phases of its treatment."
            yield RuleMatch(text, f"/claim/diagnoses/{place}")


@rule(
    "injury_phase_late",
    Severity.INFO,
    "The seventh character fits the phase of treatment",
    fix=(
        "If it is still actively treated, nothing to do; if this is care while it heals, use D (`diagnoses` of the "
        "note)." + NEW_NOTE
    ),
)
def injury_phase_late(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A is for active treatment by whomever and D for care during healing; the case decides, and an old injury asks."""
    accident = context.claim.accident_date
    if accident is None or days_between(accident, context.on) <= ACTIVE_TREATMENT_DAYS:
        return
    for place, code in enumerate(map(without_dot, context.claim.diagnoses)):
        if len(code) == INJURY_LENGTH and code.startswith(("S", "T")) and code.endswith(ACTIVE):
            healing = dotted(code[:-1] + "D")
            text = f"{dotted(code)} says that the injury of {accident} is still actively treated; {healing} is healing."
            yield RuleMatch(text, f"/claim/diagnoses/{place}", candidates=(healing,))


RULES: tuple[Rule, ...] = (
    diagnosis_side_missing,
    diagnosis_both_sides,
    diagnosis_vague,
    diagnosis_unspecified,
    injury_in_two_phases,
    injury_phase_late,
)
