"""Cases of who may bill what, and of what modifiers say."""

from tests.journeys.claim_rules.baselines import (
    CHIROPRACTOR,
    OCCUPATIONAL_THERAPIST,
    PHYSICAL_THERAPIST,
    treated_by,
    work,
)
from tests.journeys.claim_rules.case import Case, new_note
from tests.journeys.claim_rules.office import Facts

ASSISTANT = "225200000X"
LINE, MODIFIERS = "/claim/lines/0/procedure_code", "/claim/lines/0/modifiers"


def by(taxonomy: str, *techniques: Facts) -> Facts:
    """A visit by a therapist of this taxonomy."""
    return treated_by(taxonomy) | new_note(techniques=list(techniques))


def carrying(*modifiers: str, procedure_code: str = "97124") -> Facts:
    return {"claim": {"modifiers": {procedure_code: list(modifiers)}}}


def adjusted(*modifiers: str, first: str = "M99.03") -> Facts:
    visit = by(CHIROPRACTOR, work("98940", 10, "low back"))
    visit["note"]["diagnoses"] = [first, "M54.59"]
    return visit | carrying(*modifiers, procedure_code="98940")


SCOPE_CASES = (
    Case(
        "not_a_rendering_provider",
        by(ASSISTANT, work("97110", 30)),
        "/provider/taxonomy",
        treated_by(PHYSICAL_THERAPIST),
    ),
    Case(
        "procedure_outside_scope",
        new_note(techniques=[work("98940", 10)]),
        LINE,
        new_note(techniques=[work("97124", 30)]),
    ),
    Case(
        "procedure_outside_scope",
        new_note(techniques=[work("97124", 30), work("97161", 20)]),
        "/claim/lines/1/procedure_code",
        {"claim": {"left_off": ["97161"]}},
        branch="left_off",
        leaves=frozenset({"technique_not_billed"}),
    ),
    Case(
        "procedure_outside_scope",
        new_note(techniques=[work("97112", 30)]),
        LINE,
        {"payer": {"procedures_by_taxonomy": {"225700000X": ["97112", "97124"]}}},
        branch="the_payer_pays_it",
        submitted=True,
    ),
    Case(
        "procedure_outside_scope",
        by(CHIROPRACTOR, work("97161", 20)),
        LINE,
        {"payer": {"procedures_by_taxonomy": {CHIROPRACTOR: ["97161"]}}},
        branch="some_payers_pay_it",
        severity="warn",
    ),
    Case(
        "procedure_outside_scope",
        new_note(techniques=[work("97140", 30)]),
        LINE,
        new_note(techniques=[work("97124", 30)]),
        branch="labor_and_industries",
        baseline="workers_comp",
    ),
    Case("modifiers_exclude_each_other", carrying("GA", "GY"), MODIFIERS, carrying("GA")),
    Case("modifier_separates_nothing", carrying("59"), MODIFIERS, carrying()),
    Case(
        "modifier_of_another_plan",
        by(OCCUPATIONAL_THERAPIST, work("97530", 30)) | carrying("GP", procedure_code="97530"),
        MODIFIERS,
        carrying(procedure_code="97530"),
    ),
    Case(
        "modifier_of_assistant_without_plan",
        by(PHYSICAL_THERAPIST, work("97530", 30)) | carrying("CQ", procedure_code="97530"),
        MODIFIERS,
        carrying("CQ", "GP", procedure_code="97530"),
    ),
    Case(
        "modifier_of_another_assistant",
        carrying("CQ", "GP"),
        MODIFIERS,
        carrying("GP"),
    ),
    Case("modifier_side_on_therapy", carrying("RT"), MODIFIERS, carrying()),
    Case("modifier_side_on_therapy", carrying("50"), MODIFIERS, carrying(), branch="both_sides", severity="block"),
    Case("modifier_repeats_nothing", carrying("76"), MODIFIERS, carrying()),
    Case("modifier_telehealth_by_place", carrying("95"), MODIFIERS, carrying()),
    Case("modifier_at_elsewhere", carrying("AT"), MODIFIERS, carrying()),
    Case(
        "chiropractic_maintenance",
        adjusted(),
        MODIFIERS,
        carrying("AT", procedure_code="98940"),
        baseline="medicare_advantage",
    ),
    Case(
        "chiropractic_subluxation_first",
        adjusted("AT", first="M54.6"),
        "/claim/diagnoses/0",
        new_note(diagnoses=["M99.02", "M54.6"]),
        baseline="medicare_advantage",
    ),
)
