"""Scope: what the therapist's discipline may bill, by taxonomy, state and payer.

An allow-list: what it does not have is found, whoever's work it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from services.claims.domain.rules.disciplines import MASSAGE
from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.rule import NEW_NOTE, Rule, RuleMatch, rule
from services.claims.domain.scrubber_input import ProfessionalServiceLine
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets.procedures import OWN
from shared.codesets.programs import Program
from shared.codesets.scopes import ScopeStanding
from shared.plural import with_article

EXCLUDED_BY_STATUTE = "GY"
FIX_OF_MEDICARE = (
    "Leave it off (`left_off`) and bill the patient; if she wants Medicare's denial, as for another insurer, add GY "
    "(`modifiers` of the claim)."
)


@rule(
    "not_a_rendering_provider",
    Severity.BLOCK,
    "The rendering provider is somebody who can be one",
    fix=(
        "Bill the visit under the supervising therapist (`therapist_id` of the note), with CQ or CO where the payer "
        "requires it (`modifiers` of the claim); or correct the `taxonomy` of the therapist." + NEW_NOTE
    ),
)
def not_a_rendering_provider(context: ScrubberInput) -> Iterator[RuleMatch]:
    """An assistant's work is billed by the therapist who supervises her, and a clinic treats nobody: payers enrol
    neither as rendering provider."""
    discipline = context.codes.scopes.discipline(context.provider.taxonomy)
    if discipline and not discipline.rendering:
        label = context.codes.taxonomies.label(context.provider.taxonomy) or discipline.name
        text = (
            f"The therapist's taxonomy is that of {with_article(label.lower())}, which is never the rendering provider."
        )
        yield RuleMatch(text, "/provider/taxonomy", source=discipline.source)


@rule(
    "procedure_outside_scope",
    Severity.BLOCK,
    "Each procedure is within the therapist's scope",
    fix=(
        "Bill what was done (`procedure_code` of the technique), or leave it off (`left_off`). If this payer pays it "
        "to this discipline, enter what it pays (its `procedures_by_taxonomy`)." + NEW_NOTE
    ),
)
def procedure_outside_scope(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A discipline bills its own work: a massage therapist massage, a chiropractor adjustments, each its own
    evaluations. A payer's own list for the discipline takes the place of the usual one, wider or narrower; a procedure
    that the practice or the payer has added is in the scope of who bills it."""
    taxonomy, state = context.provider.taxonomy, context.billing.state
    discipline = context.codes.scopes.discipline(taxonomy)
    paid = context.payer.paid_procedures(taxonomy)
    for place, line in enumerate(context.claim.lines):
        procedure = context.codes.procedures.get(line.procedure_code)
        path, label = f"/claim/lines/{place}/procedure_code", context.codes.procedures.label(line.procedure_code)
        if paid is not None:
            if line.procedure_code not in paid and not _is_billed_for_denial(context, line):
                who = discipline.name if discipline else "therapist of this taxonomy"
                text = f"This payer pays {with_article(who)} {', '.join(paid) or 'nothing'} and not {label}."
                fix = FIX_OF_MEDICARE if context.payer.program is Program.MEDICARE else ""
                source = context.payer.procedures_by_taxonomy_source
                yield RuleMatch(text, path, fix=fix, source=source)
            continue
        if discipline is None or not discipline.rendering or procedure is None or procedure.family == OWN:
            continue
        standing = discipline.standing(procedure, state)
        source = discipline.source_in(state)
        if standing is ScopeStanding.REFUSED:
            text = f"{label} is not the work of {with_article(discipline.name)}."
            yield RuleMatch(text, path, source=source)
        elif standing is ScopeStanding.ASKS:
            text = f"{label} is billed by {with_article(discipline.name)}; not every payer pays that."
            fix = "Ask the payer and enter what it pays (its `procedures_by_taxonomy`), or acknowledge the warning."
            yield RuleMatch(text, path, fix=fix, severity=Severity.WARN, source=source)


def _is_billed_for_denial(context: ScrubberInput, line: ProfessionalServiceLine) -> bool:
    """True where Medicare is billed for what its statute excludes, and the line says so."""
    return context.payer.program is Program.MEDICARE and EXCLUDED_BY_STATUTE in line.modifiers


@rule(
    "manual_therapy_by_massage_therapist",
    Severity.BLOCK,
    "Manual therapy by a massage therapist",
    fix="Leave 97140 off (`left_off`). If it was massage, bill 97124 (`procedure_code` of the technique)." + NEW_NOTE,
    overridable=True,
)
def manual_therapy_by_massage_therapist(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Whether a massage therapist may bill 97140 is the payer's and the state's decision."""
    decision = context.payer.manual_therapy_by_massage_therapist
    named = context.payer.paid_procedures(context.provider.taxonomy) is not None
    # A payer that has named what it pays this discipline has answered already.
    if context.provider.taxonomy != MASSAGE or decision == "pays" or (decision == "ask" and named):
        return
    for place, line in enumerate(context.claim.lines):
        if line.procedure_code != "97140":
            continue
        path = f"/claim/lines/{place}/procedure_code"
        if decision == "refuses":
            yield RuleMatch("This payer does not pay 97140 by a massage therapist.", path)
        else:
            fix = "Ask the payer once and enter its answer (its `manual_therapy_by_massage_therapist`)."
            text = "Whether this payer pays 97140 by a massage therapist is not known."
            yield RuleMatch(text, path, fix=fix, severity=Severity.WARN)


RULES: tuple[Rule, ...] = (
    not_a_rendering_provider,
    procedure_outside_scope,
    manual_therapy_by_massage_therapist,
)
