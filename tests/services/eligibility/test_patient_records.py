"""What eligibility gives a patient of herself: every kind of record, her payers, each question with its answer; not
what others are, nor what is kept for a proceeding."""

import json

import pytest

from services.eligibility.flows.patient_records import PATIENT_RECORDS
from shared import x12
from tests.harness.tokens import ORGANIZATION, OTHER_ORGANIZATION
from tests.services.eligibility.conftest import (
    KEEPER,
    PATIENT,
    PAYER,
    a_check,
    a_coverage,
    a_patient,
    a_payer,
    a_referral,
    an_authorization,
)

OTHER = "pat_00002"


@pytest.fixture(autouse=True)
def answered(clearinghouse) -> None:
    clearinghouse.script = [[x12.BenefitInformation(information="1", service_types=("30",))]]


def page(api, patient_id=PATIENT, scopes=("records:export",), owner=ORGANIZATION, **changed):
    body = {"reason": "Her letter of March 2", "actor": KEEPER, **changed}
    headers = api.bearer(scopes=list(scopes), organization_id=owner)
    return api.client.post(f"/v1/patients/{patient_id}/export", json=body, headers=headers)


def fill(api) -> None:
    """Two patients with all that there can be of each, a payer of both, and one of nobody."""
    api.covered()
    api.put("payers/pay_unused", a_payer(name="UNUSED")).raise_for_status()
    api.put(f"patients/{OTHER}", a_patient(name={"first": "Orla", "last": "OTHERBY"})).raise_for_status()
    api.put("coverages/cov_00002", a_coverage(patient_id=OTHER, member_id="OTHER-1")).raise_for_status()
    for number, coverage_id in enumerate(("cov_00001", "cov_00002"), 1):
        api.put(f"authorizations/auth_{number}", an_authorization(coverage_id=coverage_id)).raise_for_status()
        api.put(f"referrals/ref_{number}", a_referral(coverage_id=coverage_id)).raise_for_status()
        api.check(a_check(coverage_id=coverage_id)).raise_for_status()
        hold = {"patient_id": f"pat_0000{number}", "reason": "LETTEROFCOUNSEL", "since": "2026-02-27", "actor": KEEPER}
        api.put(f"legal-holds/hold_{number}", hold, scopes=["records:hold"]).raise_for_status()


@pytest.mark.safeguard("164.524")
def test_every_kind_of_record_of_the_patient_is_there_and_nothing_of_the_other_one(api) -> None:
    fill(api)
    items = page(api).raise_for_status().json()["items"]
    assert {one["kind"] for one in items} == {table.name for table in PATIENT_RECORDS.tables}
    ids = {(one["kind"], one["record"]["id"]) for one in items}
    put = {("patients", PATIENT), ("payers", PAYER), ("coverages", "cov_00001"), ("authorizations", "auth_1")}
    assert put | {("referrals", "ref_1")} <= ids
    text = json.dumps(items)
    others = ("OTHERBY", "OTHER-1", "OTHER1", OTHER, "cov_00002", "auth_2", "ref_2", "UNUSED", "LETTEROFCOUNSEL")
    assert [one for one in others if one in text] == []
    asked = [one["record"] for one in items if one["kind"] == "inquiries"]
    assert asked
    assert {one[column][:3] for one in asked for column in ("request_x12", "response_x12")} == {"ISA"}
    [patient] = [one["record"] for one in items if one["kind"] == "patients"]
    assert patient["content"]["name"]["last"] == "Canarsie-Müller"


@pytest.mark.safeguard("164.312(a)(1)", "API1", "API5")
def test_who_is_not_here_is_not_found_and_reading_coverages_is_not_enough(api) -> None:
    fill(api)
    for wrong in ({"owner": OTHER_ORGANIZATION}, {"patient_id": "pat_mistyped"}):
        assert page(api, **wrong).json()["code"] == "patient_not_found"
    reading = ("eligibility:read", "eligibility:write", "records:hold", "internal")
    assert page(api, scopes=reading).json()["code"] == "scope_missing"
