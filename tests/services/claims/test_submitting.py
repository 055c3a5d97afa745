"""A ready claim is submitted once; 202 means it is kept. What cannot be sent is refused with what to mend."""

import pytest

from services.claims.components import compose
from services.claims.flows.run_due import run_due
from shared import x12
from tests.services.claims.factories import (
    COVERAGE,
    NOTE,
    THERAPIST,
    a_coverage_bundle,
    a_draft,
    a_practice,
    a_therapist,
)


def test_a_submitted_claim_is_accepted_and_waits_for_its_file(office):
    claim = office.create().json()
    answer = office.submit(claim["id"])
    assert (answer.status_code, answer.json()["state"]) == (202, "submitted")
    assert answer.json()["submitted_at"] is not None
    assert (answer.json()["next_action"]["kind"], answer.json()["next_action"]["owner"]) == ("send", "handbill")


def test_what_was_accepted_is_found_by_another_process(office, settings, clock, clearinghouse):
    office.submit(office.create().json()["id"])
    other = compose(settings, clock)
    try:
        with other.dependencies.database.reading() as session:
            assert session.connection().exec_driver_sql("SELECT state FROM claims").scalar() == "submitted"
    finally:
        other.close()


def test_a_blocked_claim_is_refused_with_the_ids_of_its_rules(office, neighbours):
    neighbours.notes[NOTE] = a_draft(diagnoses=["M54.5"])
    claim = office.create().json()
    blocking = [one["code"] for one in claim["findings"] if one["severity"] == "block"]
    refused = office.submit(claim["id"])
    assert (refused.status_code, refused.json()["code"]) == (409, blocking[0])
    assert [error["code"] for error in refused.json()["errors"]] == blocking
    assert "note_unsigned" in blocking
    assert all(error["fix"] and error["pointer"] for error in refused.json()["errors"])
    assert office.claim(claim["id"]) == claim


@pytest.mark.safeguard("API6")
def test_a_claim_is_submitted_once(office):
    claim = office.create().json()
    first = office.submit(claim["id"]).json()
    again = office.submit(claim["id"])
    assert (again.status_code, again.json()["code"]) == (409, "claim_not_ready")
    assert office.claim(claim["id"]) == first


def test_a_voided_claim_is_not_submitted(office):
    claim = office.create().json()
    office.post(f"/v1/claims/{claim['id']}/void", {})
    assert office.submit(claim["id"]).json()["code"] == "claim_not_ready"


def test_an_unknown_claim_is_404(office):
    assert office.submit("clm_unknown1").json()["code"] == "claim_not_found"


def test_a_patient_without_an_address_blocks_the_claim_and_not_its_submission(office, neighbours):
    file = a_coverage_bundle()
    address = file["patient"].pop("address")
    neighbours.files[COVERAGE] = file
    claim = office.create().json()
    assert [one["code"] for one in claim["findings"] if one["severity"] == "block"] == ["patient_address_missing"]
    assert office.submit(claim["id"]).json()["code"] == "patient_address_missing"
    file["patient"]["address"] = address
    assert office.post(f"/v1/claims/{claim['id']}/refresh").json()["state"] == "ready"
    assert office.submit(claim["id"]).status_code == 202


@pytest.mark.parametrize(("member", "value"), [("member_id", "AB*"), ("group_number", "X" * 51)])
def test_a_claim_whose_837p_would_be_found_wrong_is_refused_with_what_is_wrong_until_it_is_mended(
    office, neighbours, clearinghouse, deps, member, value
):
    """The last look before the queue, at what no rule has found: eligibility itself refuses such a coverage."""
    file = a_coverage_bundle()
    file["coverage"] |= {member: value}
    neighbours.files[COVERAGE] = file
    claim = office.create().json()
    assert claim["state"] == "ready"
    refused = office.submit(claim["id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "claim_not_writable")
    assert refused.json()["errors"][0]["pointer"].startswith("/records/0/subscriber")
    assert office.claim(claim["id"]) == claim
    run_due(deps)
    assert clearinghouse.taken == []
    file["coverage"] |= {member: "HOLLY0001"}
    office.post(f"/v1/claims/{claim['id']}/refresh")
    assert office.submit(claim["id"]).status_code == 202


def test_what_is_merely_noted_about_an_837p_does_not_refuse_its_claim(office, neighbours, clearinghouse, deps):
    file = a_coverage_bundle()
    file["coverage"] |= {"group_number": "CASC7710 "}
    neighbours.files[COVERAGE] = file
    assert office.submit(office.create().json()["id"]).status_code == 202
    run_due(deps)
    (noted,) = x12.read_all(clearinghouse.taken[0].encode(), strict=True).findings
    assert (noted.severity, noted.code) == (x12.Severity.NOTE, "trailing_space")


def test_names_travel_in_capitals_without_accents_or_separators(office, neighbours, deps, clearinghouse):
    file = a_coverage_bundle()
    file["patient"]["name"] = {"first": "Łukasz", "last": "O'Brien-Łódź"}
    file["patient"]["address"] |= {"line1": "9 Pine #4 ½"}
    neighbours.files[COVERAGE] = file
    office.put(f"/v1/therapists/{THERAPIST}", a_therapist(name={"first": "Zoë*~", "last": "O'Néill-Núñez:"}))
    office.submit(office.create().json()["id"])
    run_due(deps)
    (transaction,) = x12.read_all(clearinghouse.taken[0].encode(), strict=True).transactions
    assert transaction.closed.ok
    assert "NM1*82*1*O'NEILL-NUNEZ*ZOE" in clearinghouse.taken[0]
    assert "NM1*IL*1*O'BRIEN-LODZ*LUKASZ**" in clearinghouse.taken[0]
    assert "N3*9 PINE #4 1/2~" in clearinghouse.taken[0]


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("coverage", {"relationship": "spouse", "subscriber": {"name": {"first": "Ada", "last": "李"}}}),
        ("coverage", {"relationship": "employee", "subscriber": {"organization_name": "Timber & Works " * 6}}),
        ("patient", {"sex": "unknown"}),
        ("patient", {"name": {"first": "李", "last": "Ng", "middle": "😀"}}),
        ("payer", {"name": "Żabka*Mutual " * 8}),
        ("payer", {"filing_indicator": "QQ"}),
        ("therapist", {"taxonomy": "123456789X"}),
        ("practice", {"taxonomy": "123456789X"}),
        ("practice", {"contact_name": "😀"}),
        ("practice", {"place_of_service": "98"}),
    ],
    ids=str,
)
def test_a_ready_claim_is_always_submitted(office, neighbours, where, value):
    file = a_coverage_bundle()
    if where in file:
        file[where] |= value
    neighbours.files[COVERAGE] = file
    if where == "therapist":
        office.put(f"/v1/therapists/{THERAPIST}", a_therapist(**value))
    if where == "practice":
        office.put("/v1/practice", a_practice(**value))
    claim = office.create().json()
    assert office.submit(claim["id"]).status_code == (202 if claim["state"] == "ready" else 409)
