"""Cases of the ledger of authorizations: units, regions, several of them on one claim, and what earlier claims used."""

from tests.journeys.claim_rules.baselines import PHYSICAL_THERAPIST, permission, treated_by, work
from tests.journeys.claim_rules.case import Case, new_note, void_the_earlier_claim
from tests.journeys.claim_rules.office import Facts
from tests.journeys.claim_rules.permission_cases import REQUIRED, YESTERDAY, authorized
from tests.journeys.claim_rules.visit_cases import another_day

TWO_PROCEDURES: Facts = treated_by(PHYSICAL_THERAPIST) | new_note(techniques=[work("97124", 30), work("97112", 15)])
ONE_NUMBER: Facts = {"payer": {"authorization": "required", "authorization_on_lines": "never"}}
ONE_FOR_EACH: Facts = {
    "authorizations": {
        "auth_1": permission(procedure_codes=["97124"]),
        "auth_2": permission(number="A7732", procedure_codes=["97112"]),
    }
}
AUTHORIZATION_CASES = (
    Case(
        "authorizations_split",
        ONE_NUMBER | TWO_PROCEDURES | ONE_FOR_EACH,
        "/claim/authorization_number",
        authorized(procedure_codes=["97124", "97112"]),
        baseline="secondary",
        beside=frozenset({"secondary_not_balanced"}),
        leaves=frozenset({"secondary_not_balanced"}),
    ),
    Case(
        "authorizations_split",
        ONE_NUMBER | TWO_PROCEDURES | ONE_FOR_EACH,
        "/claim/authorization_number",
        {"payer": {"authorization_on_lines": "differing"}},
        branch="numbers_on_lines",
        baseline="secondary",
        beside=frozenset({"secondary_not_balanced"}),
        leaves=frozenset({"secondary_not_balanced"}),
    ),
    Case(
        "authorizations_split",
        {"payer": {"authorization": "required", "claim_route": "paper"}} | TWO_PROCEDURES | ONE_FOR_EACH,
        "/claim/authorization_number",
        {"payer": {"claim_route": "clearinghouse"}},
        branch="on_paper",
        baseline="secondary",
        beside=frozenset({"secondary_not_balanced"}),
        leaves=frozenset({"secondary_not_balanced"}),
    ),
    Case(
        "authorization_units_used",
        REQUIRED | authorized(units=1),
        "/claim/lines/0/units",
        authorized(units=2),
        submitted=True,
    ),
    Case(
        "authorization_units_used",
        REQUIRED | authorized(units=3),
        "/claim/lines/0/units",
        [void_the_earlier_claim],
        branch="of_an_earlier_claim",
        earlier=(YESTERDAY,),
    ),
    Case(
        "authorization_other_region",
        REQUIRED | authorized(regions=["lumbar"]),
        "/claim/lines/0/procedure_code",
        authorized(regions=["lumbar", "cervical"]),
    ),
    Case(
        "authorization_other_region",
        REQUIRED | authorized(regions=["lumbar"]) | new_note(techniques=[work("97124", 30, "as last week")]),
        "/claim/lines/0/procedure_code",
        new_note(techniques=[work("97124", 30, "low back")]),
        branch="a_word_that_is_not_known",
    ),
    Case(
        "authorization_visits_used",
        authorized(visits=1) | {"payer": {"authorization": None}, "asked": False},
        "/coverage/authorizations",
        {"payer": {"authorization": "none"}},
        branch="nobody_knows_that_one_is_required",
        severity="warn",
        earlier=(YESTERDAY,),
        beside=frozenset({"coverage_not_checked"}),
        leaves=frozenset({"coverage_not_checked"}),
    ),
    Case(
        "authorization_visits_used",
        REQUIRED | authorized(visits=1),
        "/coverage/authorizations",
        [void_the_earlier_claim],
        branch="a_later_visit_was_billed_first",
        earlier=(another_day("2026-05-01"),),
    ),
    Case(
        "authorization_not_on_day",
        authorized(effective_to="2026-04-29") | {"payer": {"authorization": None}, "asked": False},
        "/coverage/authorizations",
        authorized(effective_to="2026-04-30"),
        branch="nobody_knows_that_one_is_required",
        severity="warn",
        beside=frozenset({"coverage_not_checked"}),
        leaves=frozenset({"coverage_not_checked"}),
    ),
    Case(
        "visits_used_up",
        {"coverage": {"member_id": "HOLLYTWO"}},
        "/coverage/visits_remaining",
        [void_the_earlier_claim],
        branch="the_third_of_two_a_year",
        earlier=(another_day("2026-04-10"), YESTERDAY),
        beside=frozenset({"visits_left_unknown"}),
        leaves=frozenset({"visits_left_unknown"}),
    ),
    Case(
        "visits_used_up",
        {"coverage": {"member_id": "HOLLYONE"}},
        "/coverage/visits_remaining",
        [void_the_earlier_claim],
        branch="the_second_of_one_left",
        earlier=(YESTERDAY,),
    ),
)
