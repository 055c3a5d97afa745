"""What a practice's own rule does to a claim: hold, block, warn, inform; a person lets it go; its finding explains."""

import pytest

from tests.services.claims.custom_rules.conftest import CODE
from tests.services.claims.factories import BILLER, COVERAGE, NOTE, a_coverage_bundle, a_note

REASON = "The owner has read the note and says that it goes out."
SENTENCE = "The owner looks at every long session before it is billed."
MASSAGE_NOT_COVERED = {
    "active": "active",
    "massage": "not_covered",
    "service_type": "BE",
    "authorization": "not_required",
}
sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def let_go(api, claim, code=CODE, **changed):
    body = {"rule_code": code, "reason": REASON, "actor": BILLER, **changed}
    return api.post(f"/v1/claims/{claim['id']}/overrides", body)


def own(claim):
    return [one for one in claim["findings"] if one["code"].startswith("custom_")]


def test_a_held_claim_waits_for_a_person_who_lets_it_go_and_then_goes_out(office, neighbours, rulebook):
    rulebook.in_force()
    claim = office.create().json()
    action = claim["next_action"]
    assert (claim["state"], claim["state_by"]) == ("held", None)
    assert (action["kind"], action["owner"], action["rule"]) == ("release_hold", "biller", CODE)
    assert action["reason"] == f"A rule holds the claim until a person lets it go: {CODE}."
    assert [one["id"] for one in office.get("/v1/claims?state=held&next_action=release_hold").json()["items"]] == [
        claim["id"]
    ]
    refused = office.submit(claim["id"]).json()
    assert (refused["status"], refused["code"]) == (409, CODE)
    assert refused["detail"] == "1 rule holds this claim until a person lets it go: override each with a reason"
    freed = let_go(office, claim).json()
    assert (freed["state"], freed["next_action"]["kind"]) == ("ready", "submit")
    assert [one["overridden_by"] for one in own(freed)] == [freed["overrides"][0]["id"]]
    assert office.submit(claim["id"]).status_code == 202
    states = [one["type"] for one in office.events() if one["subject_id"] == claim["id"]]
    assert states == ["claim.held", "claim.ready", "claim.overridden", "claim.submitted"]
    [created] = [
        one
        for one in office.get(f"/v1/claims/{claim['id']}/timeline").json()["items"]
        if one["kind"] == "claim_created"
    ]
    assert created["summary"].endswith(": held by 1 rule.") and created["codes"] == [CODE]


def test_a_finding_says_which_facts_met_the_condition_and_reads_whole(office, neighbours, rulebook):
    rulebook.in_force()
    [finding] = own(office.create().json())
    assert finding == {
        "code": CODE,
        "severity": "hold",
        "message": f"{SENTENCE} Because line.units is 3 (is at least 3).",
        "pointer": "/claim/lines/0",
        "fix": "Ask the owner, and let the claim go with her answer.",
        "source": "The practice's own policy of 2026-01-05",
        "sources": [
            {
                "document": "The practice's own policy of 2026-01-05",
                "section": "",
                "publisher": "The practice",
                "date": "",
                "programs": [],
                "states": [],
                "confirmed": False,
            }
        ],
        "effective_from": None,
        "effective_to": None,
        "overridable": True,
        "patch": [],
        "candidates": [],
        "because": [
            {
                "fact": "line.units",
                "operator": "at_least",
                "compared_with": 3,
                "is_met": True,
                "value": 3,
                "withheld": False,
                "line_number": 1,
            }
        ],
        "overridden_by": None,
        "doc_path": f"/v1/custom-rules/{CODE}",
    }


@sqlite_only
def test_what_tells_more_of_the_patient_than_her_claim_is_not_in_a_finding(office, neighbours, rulebook):
    regions = {"fact": "note.regions", "operator": "contains", "value": "cervical"}
    age = {"not": {"fact": "patient.age", "operator": "greater_than", "value": 64}}
    last = {"fact": "claim.diagnoses", "operator": "any_starts_with", "value": "G44"}
    known = {"fact": "visit.days_since_last", "operator": "is_known", "value": False}
    rulebook.in_force(condition={"all": [regions, age, last, known]}, applies_to="claim")
    [finding] = own(office.create().json())
    assert finding["message"] == (
        f"{SENTENCE} Because note.regions has cervical; patient.age not: is greater than 64; "
        "claim.diagnoses is M54.2, G44.86 (has one that starts with G44); "
        "visit.days_since_last is unknown (is known: false)."
    )
    assert [(one["withheld"], one["value"]) for one in finding["because"]] == [
        (True, None),
        (True, None),
        (False, ["M54.2", "G44.86"]),
        (False, None),
    ]


@sqlite_only
def test_a_sentence_names_four_facts_and_how_many_more_there_are(office, neighbours, rulebook):
    many = [{"fact": "claim.units", "operator": "equals", "value": 4}] * 6
    rulebook.in_force(condition={"all": many}, applies_to="claim")
    [finding] = own(office.create().json())
    assert finding["message"].endswith("claim.units is 4 (is 4) and 2 more.")
    assert len(finding["because"]) == 6


@sqlite_only
@pytest.mark.parametrize(
    ("severity", "overridable", "state", "status"),
    [
        ("block", False, "blocked", 409),
        ("block", True, "blocked", 201),
        ("hold", False, "held", 201),
        ("warn", False, "ready", 201),
        ("info", True, "ready", 409),
    ],
)
def test_what_a_rule_does_and_whether_a_person_may_override_it_follows_its_severity(
    office, neighbours, rulebook, severity, overridable, state, status
):
    rulebook.in_force(severity=severity, overridable=overridable)
    claim = office.create().json()
    assert claim["state"] == state
    assert let_go(office, claim).status_code == status
    assert office.claim(claim["id"])["state"] == ("ready" if status == 201 else state)


@sqlite_only
def test_what_blocks_is_fixed_first_and_what_holds_is_let_go_then(office, neighbours, rulebook):
    rulebook.in_force()
    neighbours.files[COVERAGE] = a_coverage_bundle(benefit=MASSAGE_NOT_COVERED)
    claim = office.create().json()
    assert (claim["state"], claim["next_action"]["rule"]) == ("blocked", "massage_not_covered")
    assert claim["next_action"]["reason"].endswith("massage_not_covered and 1 more.")
    codes = [one["code"] for one in office.submit(claim["id"]).json()["errors"]]
    assert codes == ["massage_not_covered", CODE]
    held = let_go(office, claim, "massage_not_covered").json()
    assert (held["state"], held["next_action"]["kind"]) == ("held", "release_hold")
    assert let_go(office, held).json()["state"] == "ready"


@sqlite_only
def test_a_claim_that_was_let_go_is_held_again_when_the_facts_change(office, neighbours, rulebook):
    rulebook.in_force()
    claim = office.create().json()
    let_go(office, claim)
    assert office.post(f"/v1/claims/{claim['id']}/refresh", {}).json()["state"] == "ready"
    neighbours.notes[NOTE] = a_note(
        techniques=[{"procedure_code": "97124", "region": "neck", "minutes": 60}], version=3
    )
    again = office.post(f"/v1/claims/{claim['id']}/refresh", {}).json()
    assert (again["state"], again["overrides"][0]["lapsed_at"] is None) == ("held", False)
    assert own(again)[0]["message"].endswith("line.units is 4 (is at least 3).")


@sqlite_only
def test_a_held_claim_can_be_voided_and_a_check_says_that_it_would_be_held(office, neighbours, rulebook):
    rulebook.in_force()
    draft = office.post("/v1/claims/check", {"note_id": NOTE, "coverage_id": COVERAGE}).json()
    assert (draft["state"], [one["code"] for one in draft["findings"]][-1]) == ("held", CODE)
    claim = office.create().json()
    assert office.post(f"/v1/claims/{claim['id']}/void", {}).json()["state"] == "voided"


def test_the_next_action_of_a_held_claim_names_the_override_and_what_of_its_body_is_known(office, rulebook):
    rulebook.in_force()
    claim = office.create().json()
    operation = claim["next_action"]["operation"]
    [finding] = own(claim)
    assert operation == {
        "service": "claims",
        "operation_id": "override_finding",
        "method": "POST",
        "path": f"/v1/claims/{claim['id']}/overrides",
        "body": {"rule_code": CODE, "pointer": finding["pointer"]},
        "needs": ["reason", "actor"],
    }
    done = office.post(operation["path"], {**operation["body"], "reason": REASON, "actor": BILLER})
    assert (done.status_code, done.json()["next_action"]["kind"]) == (201, "submit")
