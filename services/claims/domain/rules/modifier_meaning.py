"""What modifiers say: those that contradict one another, and those that say what this claim does not show."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from services.claims.domain.rules.edits import pairs_of_day
from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.modifiers import carried, without
from services.claims.domain.rules.permission import claims_of_day
from services.claims.domain.rules.provider import TELEHEALTH
from services.claims.domain.rules.rule import NEW_NOTE, Rule, RuleMatch, rule
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets.icd10 import without_dot
from shared.codesets.pair_edits import SEPARATING_MODIFIERS
from shared.codesets.programs import Program
from shared.plural import with_article

PLANS = frozenset({"GP", "GO", "GN"})
BY_ASSISTANT = {"CQ": "GP", "CO": "GO"}
"""An assistant's modifier, and the plan of care that it stands beside."""
NOTICES = frozenset({"GA", "GY", "GZ"})
SIDES = frozenset({"LT", "RT", "50"})
BY_VIDEO = frozenset({"95", "GT", "93"})
REPEATED = frozenset({"76", "77"})
EXCLUDE_EACH_OTHER = (
    SEPARATING_MODIFIERS,
    PLANS,
    frozenset(BY_ASSISTANT),
    NOTICES,
    frozenset({"GX", "GA"}),
    frozenset({"GX", "GZ"}),
    SIDES,
    BY_VIDEO,
    REPEATED,
)
"""Of each of these a line has one at most."""
ADJUSTMENTS = frozenset({"98940", "98941", "98942"})
SPINE = tuple(f"M990{level}" for level in range(6))
"""Segmental dysfunction of head, neck, thorax, low back, sacrum and pelvis: the levels that Medicare pays for."""
MEDICARE = (Program.MEDICARE, Program.MEDICARE_ADVANTAGE)


@rule(
    "modifiers_exclude_each_other",
    Severity.BLOCK,
    "Modifiers of one line do not contradict one another",
    fix="Keep the one that is true and remove the other (`modifiers` of the claim).",
)
def modifiers_exclude_each_other(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A line has one reason to be separate (59 or an X modifier), one plan of care, one kind of notice, one side."""
    for place, line in enumerate(context.claim.lines):
        for one_of in EXCLUDE_EACH_OTHER:
            for first, second in combinations([given for given in line.modifiers if given in one_of], 2):
                text = f"{line.procedure_code} carries {first} and {second}, which exclude each other."
                yield RuleMatch(text, f"/claim/lines/{place}/modifiers")


@rule(
    "modifier_separates_nothing",
    Severity.WARN,
    "59 and X modifiers stand where an edit asks for one",
    fix="Remove it (`modifiers` of the claim), or acknowledge the warning if this payer has an edit of its own.",
)
def modifier_separates_nothing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """59 says that a service is separate from another one of the day; without another one it invites an audit."""
    separated = {code for pair in pairs_of_day(context) for code in pair}
    alone = len(context.claim.procedure_codes()) == 1 and not claims_of_day(context)
    for place, line in enumerate(context.claim.lines):
        found = [given for given in line.modifiers if given in SEPARATING_MODIFIERS]
        # A sample of the edits may lack the pair that this modifier is for.
        told = alone or context.codes.pairs.knows_all_of(line.procedure_code)
        if found and told and line.procedure_code not in separated:
            path = f"/claim/lines/{place}/modifiers"
            text = f"{line.procedure_code} carries {found[0]}, and no edit binds it to another procedure of the day."
            yield RuleMatch(text, path, patch=without(line, place, found[0]))


@rule(
    "modifier_of_another_plan",
    Severity.BLOCK,
    "The plan of care is that of the therapist's discipline",
    fix="Remove it (`modifiers` of the claim); the modifier that the payer requires is added automatically.",
)
def modifier_of_another_plan(context: ScrubberInput) -> Iterator[RuleMatch]:
    """GP is a physical therapy plan, GO an occupational and GN a speech therapy plan; an occupational therapist does
    not treat under GP."""
    scopes, taxonomy = context.codes.scopes, context.provider.taxonomy
    if scopes.discipline(taxonomy) is None:
        return
    for place, line, given in carried(context, PLANS):
        own = scopes.therapy_modifier(taxonomy, context.codes.procedures.get(line.procedure_code))
        if given != own:
            text = f"{line.procedure_code} carries {given}, and by this therapist it is under {own}."
            yield RuleMatch(text, f"/claim/lines/{place}/modifiers", patch=without(line, place, given))


@rule(
    "modifier_of_assistant_without_plan",
    Severity.BLOCK,
    "An assistant's modifier stands beside its plan of care",
    fix="Add GP to CQ, or GO to CO (`modifiers` of the claim), or remove the assistant's modifier.",
)
def modifier_of_assistant_without_plan(context: ScrubberInput) -> Iterator[RuleMatch]:
    """CQ goes with GP and CO with GO; a line with the wrong one or none is returned unprocessed."""
    for place, line, given in carried(context, BY_ASSISTANT):
        if BY_ASSISTANT[given] not in line.modifiers:
            text = f"{line.procedure_code} carries {given} without {BY_ASSISTANT[given]}."
            yield RuleMatch(text, f"/claim/lines/{place}/modifiers")


@rule(
    "modifier_of_another_assistant",
    Severity.BLOCK,
    "An assistant works for a therapist of her discipline",
    fix=(
        "Remove it (`modifiers` of the claim); or bill the visit under the therapist who supervised the assistant "
        "(`therapist_id` of the note)." + NEW_NOTE
    ),
)
def modifier_of_another_assistant(context: ScrubberInput) -> Iterator[RuleMatch]:
    """CQ says that a physical therapist's assistant did the work, CO an occupational therapist's; no other discipline
    bills it."""
    discipline = context.codes.scopes.discipline(context.provider.taxonomy)
    for place, line, given in carried(context, BY_ASSISTANT):
        if discipline is not None and discipline.assistant_modifier != given:
            text = f"{line.procedure_code} carries {given}, and {with_article(discipline.name)} has no such assistant."
            yield RuleMatch(text, f"/claim/lines/{place}/modifiers", patch=without(line, place, given))


@rule(
    "modifier_side_on_therapy",
    Severity.WARN,
    "Sides do not belong on therapy",
    fix="Remove it (`modifiers` of the claim), or acknowledge the warning if this payer asks for sides.",
)
def modifier_side_on_therapy(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Therapy is billed by time or once, whatever the side; 50 would double a payment that no rule doubles."""
    for place, line, given in carried(context, SIDES):
        if context.codes.procedures.get(line.procedure_code) is None:
            continue
        severity = Severity.BLOCK if given == "50" else None
        fix = "Remove 50 (`modifiers` of the claim)." if given == "50" else ""
        text = f"{line.procedure_code} carries {given}, and it is not a procedure of one side or both."
        path = f"/claim/lines/{place}/modifiers"
        yield RuleMatch(text, path, fix=fix, severity=severity, patch=without(line, place, given))


@rule(
    "modifier_repeats_nothing",
    Severity.WARN,
    "A repeated service has a first one",
    fix=(
        "Remove it (`modifiers` of the claim): the minutes of one visit are one line. Acknowledge the warning if "
        "another office billed the first service of the day."
    ),
)
def modifier_repeats_nothing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """76 and 77 mark a procedure that was already done on the day, which another claim shows."""
    billed = {line.procedure_code for past in claims_of_day(context) for line in past.lines}
    for place, line, given in carried(context, REPEATED):
        if line.procedure_code not in billed:
            text = f"{line.procedure_code} carries {given}, and no other claim of the day has it."
            yield RuleMatch(text, f"/claim/lines/{place}/modifiers", patch=without(line, place, given))


@rule(
    "modifier_telehealth_by_place",
    Severity.BLOCK,
    "A telehealth modifier has a telehealth place",
    fix="Remove it (`modifiers` of the claim), or set the `place_of_service` of the practice to 02 or 10.",
)
def modifier_telehealth_by_place(context: ScrubberInput) -> Iterator[RuleMatch]:
    """95, GT and 93 say that therapist and patient were apart; places other than 02 and 10 say that they met."""
    where = context.claim.place_of_service
    if where in TELEHEALTH:
        return
    for place, line, given in carried(context, BY_VIDEO):
        text = f"{line.procedure_code} carries {given}, and the place of service is {where}."
        yield RuleMatch(text, f"/claim/lines/{place}/modifiers", patch=without(line, place, given))


@rule(
    "modifier_at_elsewhere",
    Severity.BLOCK,
    "AT is for chiropractic adjustments",
    fix="Remove AT (`modifiers` of the claim).",
)
def modifier_at_elsewhere(context: ScrubberInput) -> Iterator[RuleMatch]:
    """AT marks an adjustment of the spine as active treatment, 98940-98942, and nothing else."""
    for place, line, given in carried(context, {"AT"}):
        if line.procedure_code not in ADJUSTMENTS:
            text = f"{line.procedure_code} carries AT, which is for 98940 to 98942."
            yield RuleMatch(text, f"/claim/lines/{place}/modifiers", patch=without(line, place, given))


@rule(
    "chiropractic_maintenance",
    Severity.WARN,
    "Medicare pays for active chiropractic treatment alone",
    fix=(
        "Add AT if the treatment is expected to improve function, or GA with a signed notice if it is maintenance "
        "(`modifiers` of the claim); or acknowledge the warning."
    ),
    programs=MEDICARE,
)
def chiropractic_maintenance(context: ScrubberInput) -> Iterator[RuleMatch]:
    """An adjustment without AT is taken for maintenance, which Medicare does not pay."""
    for place, line in enumerate(context.claim.lines):
        if line.procedure_code in ADJUSTMENTS and not {"AT", *NOTICES} & set(line.modifiers):
            text = f"{line.procedure_code} has no AT and counts as maintenance."
            yield RuleMatch(text, f"/claim/lines/{place}/modifiers")


@rule(
    "chiropractic_subluxation_first",
    Severity.BLOCK,
    "An adjustment's first diagnosis is the level that was adjusted",
    fix=(
        "Put the segmental dysfunction first (`diagnoses` of the note), M99.00 to M99.05, and the complaint after it."
        + NEW_NOTE
    ),
    programs=MEDICARE,
)
def chiropractic_subluxation_first(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Medicare pays 98940-98942 for a subluxation of the spine, which must be the primary diagnosis."""
    adjusted = [line for line in context.claim.lines if line.procedure_code in ADJUSTMENTS]
    if not adjusted or not context.claim.diagnoses:
        return
    if not without_dot(context.claim.diagnoses[0]).startswith(SPINE):
        text = (
            f"{adjusted[0].procedure_code} is billed and the first diagnosis is no segmental dysfunction of the spine."
        )
        yield RuleMatch(text, "/claim/diagnoses/0")


RULES: tuple[Rule, ...] = (
    modifiers_exclude_each_other,
    modifier_separates_nothing,
    modifier_of_another_plan,
    modifier_of_assistant_without_plan,
    modifier_of_another_assistant,
    modifier_side_on_therapy,
    modifier_repeats_nothing,
    modifier_telehealth_by_place,
    modifier_at_elsewhere,
    chiropractic_maintenance,
    chiropractic_subluxation_first,
)
