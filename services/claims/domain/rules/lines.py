"""Lines: units from minutes, one fee for all, pointers."""

from __future__ import annotations

from collections.abc import Iterator

from services.claims.domain.lines import EXTERNAL_CAUSES, MAX_POINTERS, treated_by
from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.rule import NEW_NOTE, Rule, RuleMatch, rule
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets.icd10 import dotted, without_dot
from shared.plural import counted

MAX_LINES = 50
MAX_LINES_PRINTED = 6


@rule(
    "lines_missing",
    Severity.BLOCK,
    "A claim has a line",
    fix=(
        "Void the claim if there was too little time to bill. If procedures were left off, bill them "
        "(`left_off`); if minutes are wrong, correct them (`techniques` of the note)." + NEW_NOTE
    ),
)
def lines_missing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A claim without a line bills nothing."""
    if not context.claim.lines:
        yield RuleMatch("The claim has no line; the note may have too few minutes for a unit.", "/claim/lines")


@rule(
    "lines_too_many",
    Severity.BLOCK,
    "At most fifty lines, six on paper",
    fix="Leave procedures off (`left_off`), or send the claim through the clearinghouse (`claim_route` of the payer).",
)
def lines_too_many(context: ScrubberInput) -> Iterator[RuleMatch]:
    """An electronic claim holds 50 lines, the paper form six."""
    limit = MAX_LINES_PRINTED if context.claim.printed else MAX_LINES
    if len(context.claim.lines) > limit:
        yield RuleMatch(
            f"The claim has {counted(len(context.claim.lines), 'line')} and may have {limit}.", "/claim/lines"
        )


@rule(
    "units_tied",
    Severity.INFO,
    "Equal remainders are the therapist's choice",
    fix="Choose which procedure gets the unit (`tie_order` of the claim), or submit the claim as it is.",
)
def units_tied(context: ScrubberInput) -> Iterator[RuleMatch]:
    """If remainders are equal, the method does not say which code gets the unit; the choice is recorded."""
    ties = context.unit_ties
    if ties and not context.claim.tie_order:
        yield RuleMatch(f"{' and '.join(ties)} have equal remainders; the note's order decided.", "/claim/tie_order")


@rule(
    "left_off_not_in_note",
    Severity.INFO,
    "A procedure that is left off is in the note",
    fix="Correct the procedure that is left off (`left_off` of the claim), or acknowledge the warning.",
)
def left_off_not_in_note(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A typing error would bill the procedure that the biller meant to leave off."""
    done = {technique.procedure_code for technique in context.note.techniques}
    for place, code in enumerate(context.claim.left_off):
        if code not in done:
            yield RuleMatch(f"{code} is left off, and the note does not have it.", f"/claim/left_off/{place}")


@rule(
    "charge_missing",
    Severity.BLOCK,
    "Each line has a charge",
    fix="Add the procedure to the fee schedule that is in force on the date of service (`fees`).",
)
def charge_missing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Payers reject a charge of zero."""
    for place, line in enumerate(context.claim.lines):
        if line.charge_cents <= 0:
            yield RuleMatch(f"{line.procedure_code} has no charge.", f"/claim/lines/{place}/charge_cents")


@rule(
    "pointer_missing",
    Severity.BLOCK,
    "Each line points to a diagnosis",
    fix=(
        "Name a diagnosis of the note that the technique treated (`diagnoses` of the technique); if none is "
        "named, all of them apply." + NEW_NOTE
    ),
)
def pointer_missing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A line without a pointer does not say why the service was needed."""
    for place, line in enumerate(context.claim.lines):
        if not line.pointers:
            yield RuleMatch(f"{line.procedure_code} points to no diagnosis.", f"/claim/lines/{place}/pointers")


@rule(
    "technique_treats_unknown_diagnosis",
    Severity.WARN,
    "What a technique treated is on the note",
    fix=(
        "Add the diagnosis to the note (`diagnoses`), or correct what the technique treated (its own `diagnoses`)."
        + NEW_NOTE
    ),
)
def technique_treats_unknown_diagnosis(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A technique that names a diagnosis which the note does not have leaves its line without that reason."""
    listed = {without_dot(diagnosis) for diagnosis in context.note.diagnoses}
    for place, technique in enumerate(context.note.techniques):
        missing = [dotted(code) for code in technique.diagnoses if without_dot(code) not in listed]
        if missing:
            text = f"{technique.procedure_code} treated {', '.join(missing)}, and the note does not list it."
            yield RuleMatch(text, f"/note/techniques/{place}/diagnoses")


@rule(
    "pointers_by_order",
    Severity.INFO,
    "Each line points to what it treated",
    fix="Name what each technique treated (`diagnoses` of the technique)." + NEW_NOTE,
)
def pointers_by_order(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A line has four pointers; where more diagnoses apply, and the note says neither which were treated nor where, the
    first four are taken."""
    reasons = [code for code in context.claim.diagnoses if not code.upper().startswith(EXTERNAL_CAUSES)]
    if len(reasons) <= MAX_POINTERS:
        return
    done = context.note.techniques
    unnamed = {one.procedure_code for one in done if not treated_by(context.note, one, context.codes)}
    for place, line in enumerate(context.claim.lines):
        if line.procedure_code in unnamed:
            text = f"{line.procedure_code} points to the first {MAX_POINTERS} of {len(reasons)} diagnoses."
            yield RuleMatch(text, f"/claim/lines/{place}/pointers")


RULES: tuple[Rule, ...] = (
    lines_missing,
    lines_too_many,
    units_tied,
    left_off_not_in_note,
    charge_missing,
    pointer_missing,
    technique_treats_unknown_diagnosis,
    pointers_by_order,
)
