"""What a practice's own rule may ask: every fact and every operator over HTTP, on one stored claim."""

import pytest

from tests.services.claims.custom_rules.conftest import a_rule
from tests.services.claims.factories import (
    COVERAGE,
    NOTE,
    PATIENT,
    PAYER,
    THERAPIST,
    a_coverage,
    a_coverage_bundle,
    a_note,
    a_payer,
    a_therapist,
)

TAKES_NO_DATABASE_OF_ITS_OWN = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
pytestmark = TAKES_NO_DATABASE_OF_ITS_OWN
FACTS = {
    "claim.procedure_codes": ["97124", "97110"],
    "claim.modifiers": ["GP"],
    "claim.diagnoses": ["M54.2", "g4486"],
    "claim.first_diagnosis": "m54.2",
    "claim.line_count": 2,
    "claim.units": 4,
    "claim.minutes": 60,
    "claim.charge_cents": 3 * 4500 + 4700,
    "claim.patient_paid_cents": 2500,
    "claim.place_of_service": "11",
    "claim.date_of_service": "2026-03-02",
    "claim.day_of_week": "monday",
    "claim.days_since_service": 0,
    "claim.payer_rank": "secondary",
    "claim.on_paper": True,
    "claim.related_causes": ["auto"],
    "claim.accident_state": "wa",
    "claim.days_since_accident": 41,
    "claim.has_authorization": False,
    "claim.has_referral": True,
    "claim.attachments": ["OZ"],
    "claim.left_off": ["97010"],
    "payer.id": PAYER,
    "payer.program": "commercial",
    "payer.filing_indicator": "ci",
    "therapist.id": THERAPIST,
    "therapist.discipline": "Massage Therapist",
    "therapist.taxonomy": "225700000x",
    "therapist.network_status": "out_of_network",
    "practice.state": "wa",
    "patient.sex": "Female",
    "patient.age": 41,
    "coverage.subscriber": "self",
    "coverage.self_insured": True,
    "coverage.visits_remaining": 5,
    "visit.number": 2,
    "visit.days_since_last": 60,
    "note.signed": True,
    "note.session_minutes": 65,
    "note.days_to_signature": 0,
    "note.regions": ["CERVICAL", "shoulder"],
    "note.pain_before": 6,
    "note.pain_after": 3,
    "line.number": 1,
    "line.procedure_code": "97124",
    "line.modifiers": ["gp"],
    "line.units": 3,
    "line.minutes": 45,
    "line.charge_cents": 13_500,
    "line.diagnoses": ["M542"],
    "line.regions": ["cervical"],
}
"""The facts of the claim that `stored` makes; a fact of a line is of its first."""
OTHERS = {
    "date": "2026-03-03",
    "claim.day_of_week": "tuesday",
    "claim.payer_rank": "primary",
    "claim.related_causes": ["employment"],
    "payer.program": "va",
    "therapist.discipline": "chiropractor",
    "therapist.network_status": "pending",
    "coverage.subscriber": "employer",
    "patient.sex": "male",
    "note.regions": ["lumbar"],
    "line.regions": ["lumbar"],
}
"""Other values of the same kind, where not just any is taken."""
LATER_NOTE = "note_0000061"


@pytest.fixture
def stored(office, neighbours):
    """A claim with a value for every fact; the patient's second visit to this payer in the year."""
    [first] = neighbours.hold(1)
    earlier = office.create(first).json()
    credential = {"payer_id": PAYER, "status": "out_of_network", "effective_from": "2025-01-01"}
    office.put(f"/v1/therapists/{THERAPIST}", a_therapist(credentials=[credential]))
    accident = {"cause": "auto", "occurred_on": "2026-01-20", "state": "WA"}
    neighbours.files[COVERAGE] = a_coverage_bundle(
        coverage=a_coverage(rank=2, self_insured=True, accident=accident),
        payer=a_payer(claim_route="paper"),
        benefit={"active": "active", "massage": "covered", "service_type": "BE", "visits_remaining": 5},
    )
    techniques = [
        {"procedure_code": "97124", "region": "neck", "minutes": 45, "diagnoses": ["M54.2"]},
        {"procedure_code": "97110", "region": "shoulder", "minutes": 15},
        {"procedure_code": "97010", "region": "neck", "minutes": 5},
    ]
    neighbours.notes[LATER_NOTE] = a_note(LATER_NOTE, techniques=techniques)
    claim = office.create(
        LATER_NOTE,
        patient_paid_cents=2500,
        left_off=["97010"],
        modifiers={"97124": ["GP"]},
        attachments=[{"report_type": "OZ", "transmission": "fax", "control_number": "A-1"}],
    ).json()
    office.post(f"/v1/claims/{earlier['id']}/refresh", {})
    return claim


def finds(rulebook, condition, *, line=False, code="custom_tried"):
    """Whether a rule finds something on the later claim."""
    put = rulebook.put(code, condition=condition, applies_to="line" if line else "claim")
    assert put.status_code in (200, 201), put.text
    revision = put.json()["latest"]["revision"]
    found = rulebook.replay(code, revision, date_of_service_from="2026-03-01")
    assert found["counts"]["examined"] == 1
    places = [place["pointer"] for item in found["items"] for place in item["findings"]]
    return places if line else bool(places)


def other(name, value):
    """A value that the fact does not have."""
    if name in OTHERS:
        return OTHERS[name]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if name.endswith("date_of_service"):
        return OTHERS["date"]
    return ["zz99"] if isinstance(value, list) else "zz99"


def test_a_condition_may_ask_every_fact_and_is_met_by_its_value_alone(office, stored, rulebook):
    listed = {one["name"]: one for one in office.get("/v1/custom-rules/facts").json()["items"]}
    assert set(listed) == set(FACTS)
    for name, value in FACTS.items():
        operator = "contains_all" if isinstance(value, list) else "equals"
        line = listed[name]["applies_to"] == "line"
        met = finds(rulebook, {"fact": name, "operator": operator, "value": value}, line=line)
        assert met is True or met[:1] == ["/claim/lines/0"], (name, value)
        missed = {"fact": name, "operator": operator, "value": other(name, value)}
        assert "/claim/lines/0" not in (finds(rulebook, missed, line=line) or []), name
        assert listed[name]["meaning"] and operator in listed[name]["operators"]


CASES = [
    ("line.units", "equals", 3, 4),
    ("line.units", "not_equals", 4, 3),
    ("line.units", "less_than", 4, 3),
    ("line.units", "at_most", 3, 2),
    ("line.units", "greater_than", 2, 3),
    ("line.units", "at_least", 3, 4),
    ("line.units", "between", [3, 3], [4, 9]),
    ("line.units", "between", [1, 3], [1, 2]),
    ("claim.date_of_service", "greater_than", "2026-03-01", "2026-03-02"),
    ("claim.date_of_service", "between", ["2026-03-02", "2026-03-05"], ["2026-03-03", "2026-03-05"]),
    ("claim.date_of_service", "in", ["2026-03-02"], ["2026-03-03"]),
    ("payer.program", "in", ["va", "commercial"], ["va", "medicare"]),
    ("payer.program", "not_in", ["va"], ["commercial"]),
    ("claim.first_diagnosis", "starts_with", "m54", "M55"),
    ("claim.first_diagnosis", "starts_with", "M54.2", "M54.20"),
    ("claim.procedure_codes", "contains", "97110", "97140"),
    ("claim.procedure_codes", "contains_any", ["97140", "97110"], ["97140", "97112"]),
    ("claim.procedure_codes", "contains_all", ["97110", "97124"], ["97110", "97140"]),
    ("claim.procedure_codes", "contains_none", ["97140"], ["97140", "97110"]),
    ("claim.procedure_codes", "contains_only", ["97110", "97124", "97140"], ["97110"]),
    ("claim.diagnoses", "any_starts_with", "G44", "S13"),
    ("claim.left_off", "is_empty", False, True),
    ("claim.modifiers", "is_empty", False, True),
    ("visit.number", "is_known", True, False),
    ("claim.on_paper", "equals", True, False),
    ("claim.on_paper", "not_equals", False, True),
]


def test_every_operator_is_met_by_what_it_says_and_by_nothing_else(office, stored, rulebook):
    listed = [one["name"] for one in office.get("/v1/custom-rules/facts").json()["operators"]]
    assert set(listed) == {operator for _, operator, _, _ in CASES}
    for fact, operator, met, missed in CASES:
        line = fact.startswith("line.")
        for value, expected in ((met, True), (missed, False)):
            found = finds(rulebook, {"fact": fact, "operator": operator, "value": value}, line=line)
            assert ("/claim/lines/0" in found if line else found) is expected, (fact, operator, value)


THREE_UNITS = {"fact": "line.units", "operator": "equals", "value": 3}
MASSAGE = {"fact": "line.procedure_code", "operator": "equals", "value": "97124"}
EXERCISE = {"fact": "line.procedure_code", "operator": "equals", "value": "97110"}
PAPER = {"fact": "claim.on_paper", "operator": "equals", "value": True}
VA = {"fact": "payer.program", "operator": "equals", "value": "va"}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"all": [PAPER, {"not": VA}]}, True),
        ({"all": [PAPER, VA]}, False),
        ({"any": [VA, PAPER]}, True),
        ({"any": [VA, VA]}, False),
        ({"not": {"any": [VA, VA]}}, True),
        ({"any_line": {"all": [MASSAGE, THREE_UNITS]}}, True),
        ({"any_line": {"all": [EXERCISE, THREE_UNITS]}}, False),
        ({"all": [{"any_line": EXERCISE}, {"any_line": THREE_UNITS}]}, True),
        ({"not": {"any_line": {"fact": "line.units", "operator": "greater_than", "value": 3}}}, True),
    ],
)
def test_conditions_are_combined(stored, rulebook, condition, expected):
    assert finds(rulebook, condition) is expected


def test_a_rule_of_lines_finds_each_line_that_meets_it(stored, rulebook):
    timed = {"fact": "line.minutes", "operator": "at_least", "value": 15}
    assert finds(rulebook, timed, line=True) == ["/claim/lines/0", "/claim/lines/1"]
    both = {"all": [timed, {"any_line": EXERCISE}]}
    assert finds(rulebook, both, line=True) == ["/claim/lines/0", "/claim/lines/1"]


@pytest.mark.parametrize(
    "wrap",
    [lambda one: one, lambda one: {"not": one}, lambda one: {"all": [PAPERLESS, one]}, lambda one: {"any": [one]}],
)
def test_what_is_unknown_meets_nothing_and_neither_does_its_opposite(office, neighbours, rulebook, wrap):
    office.create(NOTE)
    unknown = {"fact": "coverage.visits_remaining", "operator": "at_least", "value": 1}
    rulebook.put("custom_tried", condition=wrap(unknown), applies_to="claim")
    assert rulebook.replay("custom_tried")["counts"]["found"] == 0
    rulebook.put("custom_known", condition={**unknown, "operator": "is_known", "value": False}, applies_to="claim")
    assert rulebook.replay("custom_known")["counts"]["found"] == 1


PAPERLESS = {"fact": "claim.on_paper", "operator": "equals", "value": False}


def nested(depth):
    return PAPER if depth == 1 else {"not": nested(depth - 1)}


REFUSED = [
    ([], "", "malformed_member"),
    ({}, "", "condition_form_unknown"),
    ({"xor": [PAPER]}, "", "condition_form_unknown"),
    ({"all": [PAPER], "any": [PAPER]}, "", "condition_form_unknown"),
    ({"all": []}, "/all", "condition_list_size"),
    ({"all": PAPER}, "/all", "condition_list_size"),
    ({"any": [PAPER] * 21}, "/any", "condition_list_size"),
    ({"any": [PAPER, "claim.units > 3"]}, "/any/1", "condition_not_object"),
    ({"not": [PAPER]}, "/not", "condition_not_object"),
    ({"any_line": {"not": 3}}, "/any_line/not", "condition_not_object"),
    (nested(7), "/not" * 6, "condition_too_deep"),
    ({"all": [{"any": [PAPER] * 20}, {"any": [PAPER] * 20}, PAPER]}, "", "condition_too_large"),
    ({"fact": "claim.on_paper", "operator": "equals"}, "", "comparison_members"),
    ({**PAPER, "all": [PAPER]}, "", "malformed_member"),
    ({"all": [{**PAPER, "eval": "1"}]}, "/all/0", "comparison_members"),
    ({**PAPER, "fact": "claim.on_papers"}, "/fact", "fact_unknown"),
    ({**PAPER, "fact": 3}, "/fact", "fact_unknown"),
    ({**PAPER, "fact": "__class__"}, "/fact", "fact_unknown"),
    ({**PAPER, "operator": "=="}, "/operator", "operator_unknown"),
    ({**PAPER, "operator": "contains"}, "/operator", "operator_of_other_type"),
    ({"fact": "claim.modifiers", "operator": "equals", "value": "59"}, "/operator", "operator_of_other_type"),
    ({**PAPER, "value": 1}, "/value", "value_of_other_type"),
    ({**PAPER, "operator": "is_known", "value": "yes"}, "/value", "value_of_other_type"),
    ({"fact": "claim.units", "operator": "equals", "value": "4"}, "/value", "value_of_other_type"),
    ({"fact": "claim.units", "operator": "equals", "value": True}, "/value", "value_of_other_type"),
    ({"fact": "claim.units", "operator": "equals", "value": 4.5}, "/value", "value_of_other_type"),
    ({"fact": "claim.units", "operator": "equals", "value": 10**13}, "/value", "value_of_other_type"),
    ({"fact": "claim.units", "operator": "between", "value": [1]}, "/value", "value_list_size"),
    ({"fact": "claim.units", "operator": "between", "value": [4, 2]}, "/value", "range_reversed"),
    ({"fact": "claim.units", "operator": "in", "value": []}, "/value", "value_list_size"),
    ({"fact": "claim.units", "operator": "in", "value": list(range(101))}, "/value", "value_list_size"),
    ({"fact": "claim.units", "operator": "in", "value": [1, None]}, "/value/1", "value_of_other_type"),
    ({"fact": "claim.date_of_service", "operator": "equals", "value": "2 March"}, "/value", "value_of_other_type"),
    ({"fact": "claim.date_of_service", "operator": "equals", "value": "20260302"}, "/value", "value_of_other_type"),
    ({"fact": "payer.id", "operator": "equals", "value": " "}, "/value", "value_of_other_type"),
    ({"fact": "payer.id", "operator": "equals", "value": "x" * 61}, "/value", "value_of_other_type"),
    ({"fact": "payer.id", "operator": "equals", "value": "a\u0000"}, "/value", "value_of_other_type"),
    ({**VA, "value": "comercial"}, "/value", "value_unknown"),
    ({"fact": "therapist.discipline", "operator": "in", "value": ["masseur"]}, "/value/0", "value_unknown"),
    (MASSAGE, "/fact", "fact_of_line"),
    ({"all": [PAPER, {"not": MASSAGE}]}, "/all/1/not/fact", "fact_of_line"),
]


def test_a_wrong_condition_is_refused_with_the_place_and_a_fix(api, rulebook):
    for condition, pointer, code in REFUSED:
        refused = rulebook.put("custom_wrong", condition=condition, applies_to="claim")
        assert refused.status_code == 422, condition
        [fault] = refused.json()["errors"]
        assert fault["pointer"] == f"/body/condition{pointer}", (condition, fault)
        assert fault["fix"] and fault["message"]
        assert code in ("malformed_member", fault["code"]), (condition, fault)
    assert api.get("/v1/custom-rules").json()["items"] == []


def test_a_refusal_offers_the_nearest_name_and_all_faults_come_at_once(rulebook):
    condition = {"all": [{**PAPER, "fact": "claim.on_papers"}, {**VA, "value": "comercial"}, {"fact": 1}]}
    faults = rulebook.put("custom_wrong", condition=condition, applies_to="claim").json()["errors"]
    assert [one["pointer"] for one in faults] == [
        "/body/condition/all/0/fact",
        "/body/condition/all/1/value",
        "/body/condition/all/2",
    ]
    assert [one["fix"] for one in faults[:2]] == ["Did you mean claim.on_paper?", "Did you mean commercial?"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"severity": "loud"}, "/body/severity"),
        ({"message": "short"}, "/body/message"),
        ({"fix": ""}, "/body/fix"),
        ({"source": "two\nlines"}, "/body/source"),
        ({"title": "x" * 121}, "/body/title"),
        ({"applies_to": "session"}, "/body/applies_to"),
        ({"payer_id": "no id"}, "/body/payer_id"),
        ({"effective_from": "2026-02-02", "effective_to": "2026-02-01"}, "/body/effective_to"),
        ({"script": "import os"}, "/body/script"),
        ({"actor": None}, "/body/actor"),
    ],
)
def test_the_other_members_have_their_form(rulebook, change, pointer):
    refused = rulebook.put("custom_wrong", **change)
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.json()["errors"]] == [pointer]


@pytest.mark.parametrize("code", ["four_units", "custom_", "custom_Units", "note_unsigned", f"custom_{'x' * 51}"])
def test_the_code_of_an_own_rule_is_never_that_of_another_rule(office, code):
    assert office.put(f"/v1/custom-rules/{code}", a_rule()).status_code == 422


def test_the_examples_of_the_facts_are_taken_as_values(office, rulebook):
    for one in office.get("/v1/custom-rules/facts").json()["items"]:
        operator = "contains_any" if one["type"] == "list" else "equals"
        condition = {"fact": one["name"], "operator": operator, "value": one["example"]}
        put = rulebook.put("custom_tried", condition=condition, applies_to=one["applies_to"])
        assert put.status_code in (200, 201), put.text
    assert PATIENT not in put.text
