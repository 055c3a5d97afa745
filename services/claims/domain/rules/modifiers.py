"""Modifiers: those the payer requires, those that do not belong on therapy, and how many a line holds."""

from __future__ import annotations

from collections.abc import Container, Iterator

from services.claims.domain.lines import MAX_MODIFIERS, wanted_modifiers
from services.claims.domain.rules.finding import PatchStep, Severity
from services.claims.domain.rules.rule import Rule, RuleMatch, rule
from services.claims.domain.scrubber_input import ProfessionalServiceLine
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput


@rule(
    "modifier_unknown",
    Severity.WARN,
    "Each modifier is known",
    fix=(
        "Correct or remove it (`modifiers` of the claim), or acknowledge the warning if the payer asked for this "
        "modifier."
    ),
)
def modifier_unknown(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A modifier that is not in the list may be a typing error."""
    for place, line in enumerate(context.claim.lines):
        for at, modifier in enumerate(line.modifiers):
            if not context.codes.modifiers.holds(modifier, context.on):
                yield RuleMatch(
                    f"{modifier} is not a known modifier for this day.", f"/claim/lines/{place}/modifiers/{at}"
                )


@rule(
    "modifier_wanted",
    Severity.BLOCK,
    "The payer's required modifier is present",
    fix="Make room for it: a line holds four modifiers, so give at most three of your own (`modifiers` of the claim).",
)
def modifier_wanted(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Medicare, its Advantage plans, VA and some commercial payers require the modifier of the plan of care on therapy
    codes, from a date on: GP of a physical therapist, GO of an occupational therapist."""
    for place, line in enumerate(context.claim.lines):
        for want in wanted_modifiers(
            context.payer, context.codes, context.provider.taxonomy, line.procedure_code, context.on
        ):
            modifier = want.modifier
            if modifier not in line.modifiers:
                path = f"/claim/lines/{place}/modifiers"
                room = len(line.modifiers) < MAX_MODIFIERS
                patch = (PatchStep("set", path, (*line.modifiers, modifier)),) if room else ()
                text = f"{line.procedure_code} lacks the modifier {modifier} that this payer requires."
                yield RuleMatch(text, path, patch=patch, source=want.source, effective_from=want.effective_from)


@rule(
    "modifier_51_on_therapy",
    Severity.BLOCK,
    "51 never goes on therapy codes",
    fix="Remove 51 (`modifiers` of the claim).",
)
def modifier_51_on_therapy(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Payers apply the reduction for multiple procedures themselves; 51 does not belong on 97010-97799."""
    yield from _misplaced(context, "51", "is for surgery and never goes on therapy codes")


@rule(
    "modifier_25_on_therapy",
    Severity.BLOCK,
    "25 is for evaluation and management codes only",
    fix="Remove 25 (`modifiers` of the claim).",
)
def modifier_25_on_therapy(context: ScrubberInput) -> Iterator[RuleMatch]:
    """25 marks a separate office visit; it has no meaning on a treatment."""
    yield from _misplaced(context, "25", "is for evaluation and management codes only")


def carried(context: ScrubberInput, among: Container[str]) -> Iterator[tuple[int, ProfessionalServiceLine, str]]:
    """Each modifier of a line that is one of these, with the line and its place."""
    for place, line in enumerate(context.claim.lines):
        for given in line.modifiers:
            if given in among:
                yield place, line, given


def without(line: ProfessionalServiceLine, place: int, modifier: str) -> tuple[PatchStep, ...]:
    """The patch that takes a modifier off a line."""
    kept = tuple(other for other in line.modifiers if other != modifier)
    return (PatchStep("set", f"/claim/lines/{place}/modifiers", kept),)


def _misplaced(context: ScrubberInput, modifier: str, why: str) -> Iterator[RuleMatch]:
    for place, line, given in carried(context, {modifier}):
        is_care = context.codes.procedures.family(line.procedure_code) == "care"
        if not is_care and (given == "25" or "97010" <= line.procedure_code <= "97799"):
            text = f"{line.procedure_code} carries {given}, which {why}."
            yield RuleMatch(text, f"/claim/lines/{place}/modifiers", patch=without(line, place, given))


@rule(
    "modifier_refused",
    Severity.BLOCK,
    "The payer does not accept this modifier",
    fix="Remove the modifier (`modifiers` of the claim).",
)
def modifier_refused(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A payer's profile may name modifiers that it rejects."""
    for place, line in enumerate(context.claim.lines):
        for at, modifier in enumerate(line.modifiers):
            if modifier in context.payer.modifiers_refused:
                yield RuleMatch(f"This payer does not accept {modifier}.", f"/claim/lines/{place}/modifiers/{at}")


RULES: tuple[Rule, ...] = (
    modifier_unknown,
    modifier_wanted,
    modifier_51_on_therapy,
    modifier_25_on_therapy,
    modifier_refused,
)
