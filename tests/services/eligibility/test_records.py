"""Patients, payers, coverages, authorizations and referrals: put, read, list, and what is refused."""

import pytest

from tests.harness.tokens import OTHER_ORGANIZATION
from tests.services.eligibility.conftest import (
    BILLER,
    CLERK,
    COVERAGE,
    PATIENT,
    PAYER,
    Api,
    a_check,
    a_coverage,
    a_patient,
    a_payer,
    a_referral,
    an_authorization,
)

AUTHORIZATION, REFERRAL = "auth_0001", "ref_00001"


def test_each_record_is_made_read_and_replaced_by_its_callers_id(api: Api) -> None:
    for path, body, change in [
        (f"patients/{PATIENT}", a_patient(), {"phone": "2065550199"}),
        (f"payers/{PAYER}", a_payer(), {"unit_method": "ama"}),
        (f"coverages/{COVERAGE}", a_coverage(), {"group_number": "G-2"}),
        (f"authorizations/{AUTHORIZATION}", an_authorization(), {"visits": 6}),
        (f"referrals/{REFERRAL}", a_referral(), {"visits": 6}),
    ]:
        made = api.put(path, body | {"actor": BILLER})
        assert (made.status_code, made.headers["ETag"]) == (201, '"1"'), path
        plain = {name: value for name, value in body.items() if not isinstance(value, dict)}
        assert made.json().items() >= plain.items()
        replaced = api.put(path, body | change, if_match='"1"')
        assert (replaced.status_code, replaced.headers["ETag"]) == (200, '"2"'), path
        assert replaced.json().items() >= change.items()
        assert api.put(path, body, if_match='"1"').status_code == 412
        read = api.get(path)
        assert (read.json(), read.headers["ETag"]) == (replaced.json(), '"2"')
        foreign = api.get(path, organization_id=OTHER_ORGANIZATION)
        assert foreign.status_code == 404, path
        assert api.get(path.split("/", maxsplit=1)[0]).json()["items"] == [read.json()]
        assert api.get(path.split("/", maxsplit=1)[0], organization_id=OTHER_ORGANIZATION).json()["items"] == []
    kinds = [event["type"] for event in api.get("events").json()["items"]]
    assert kinds == [
        f"{kind}.put" for kind in ("patient", "payer", "coverage", "authorization", "referral") for _ in "12"
    ]


@pytest.mark.parametrize("birth_date", [0, "0", 460_000_000, 1.5, True, "19840719", "1984-07-19T00:00:00Z"])
def test_what_is_no_date_is_not_taken_as_seconds_since_1970(api: Api, birth_date: object) -> None:
    answer = api.put(f"patients/{PATIENT}", a_patient(birth_date=birth_date))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/birth_date")
    assert api.get(f"patients/{PATIENT}").status_code == 404


def test_a_coverage_needs_its_patient_and_payer_in_the_same_organization(api: Api) -> None:
    api.put(f"patients/{PATIENT}", a_patient(), organization_id=OTHER_ORGANIZATION)
    answer = api.put(f"coverages/{COVERAGE}", a_coverage())
    assert (answer.status_code, answer.json()["code"]) == (404, "patient_not_found")
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/body/patient_id", "/body/payer_id"]
    api.put(f"patients/{PATIENT}", a_patient())
    assert [e["code"] for e in api.put(f"coverages/{COVERAGE}", a_coverage()).json()["errors"]] == ["payer_not_found"]


@pytest.mark.parametrize("path", ["authorizations/auth_0001", "referrals/ref_00001"])
def test_an_authorization_or_referral_needs_its_coverage(api: Api, path: str) -> None:
    body = an_authorization() if path.startswith("a") else a_referral()
    answer = api.put(path, body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (404, "/body/coverage_id")


def test_a_coverage_stays_its_patients(api: Api) -> None:
    api.covered()
    api.put("patients/pat_00002", a_patient())
    answer = api.put(f"coverages/{COVERAGE}", a_coverage(patient_id="pat_00002"))
    assert (answer.status_code, answer.json()["code"]) == (409, "owner_is_fixed")


def test_a_patient_has_no_more_than_fifty_coverages(api: Api) -> None:
    api.covered()
    for number in range(2, 51):
        assert api.put(f"coverages/cov_{number:05d}", a_coverage()).status_code == 201
    answer = api.put("coverages/cov_00051", a_coverage())
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many")
    assert api.put("coverages/cov_00050", a_coverage(rank=2)).status_code == 200


def test_malformed_records_are_422_with_a_pointer(api: Api) -> None:
    api.covered()
    for path, body, pointer in [
        ("patients/pat_00009", a_patient(birth_date="19.07.1984"), "/body/birth_date"),
        ("patients/pat_00009", a_patient(birth_date="1784-07-19"), "/body/birth_date"),
        ("patients/pat_00009", a_patient(phone="206-555"), "/body/phone"),
        ("patients/not.an.id", a_patient(), "/path/record_id"),
        ("payers/pay_00009", a_payer(unit_method="both"), "/body/unit_method"),
        ("payers/pay_00009", a_payer(timely_filing_days=True), "/body/timely_filing_days"),
        ("coverages/cov_00009", a_coverage(member_id="no spaces please"), "/body/member_id"),
        ("coverages/cov_00009", a_coverage(rank=4), "/body/rank"),
        ("coverages/cov_00009", a_coverage(effective_to="2025-12-31"), "/body/effective_to"),
        ("coverages/cov_00009", a_coverage(relationship="spouse"), "/body/subscriber"),
        ("coverages/cov_00009", a_coverage(relationship="spouse", subscriber={"sex": "male"}), "/body/subscriber"),
        ("authorizations/auth_0009", an_authorization(effective_to="2025-12-31"), "/body/effective_to"),
        ("authorizations/auth_0009", an_authorization(visits=-1), "/body/visits"),
        ("referrals/ref_00009", a_referral(effective_to="2026-01-31"), "/body/effective_to"),
        ("referrals/ref_00009", a_referral(referring_npi="12345"), "/body/referring_npi"),
    ]:
        answer = api.put(path, body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), (path, pointer)


def test_a_patient_who_is_not_born_yet_is_refused_by_the_practices_day(api: Api) -> None:
    assert api.put(f"patients/{PATIENT}", a_patient(birth_date="2026-03-02")).status_code == 201
    answer = api.put(f"patients/{PATIENT}", a_patient(birth_date="2026-03-03"))
    assert (answer.status_code, answer.json()["code"]) == (409, "birth_date_in_future")


def test_lists_are_of_one_patient_or_coverage_and_paged_by_id(api: Api) -> None:
    api.covered()
    api.put("patients/pat_00002", a_patient())
    api.put("coverages/cov_00002", a_coverage(patient_id="pat_00002"))
    for number in (3, 1, 2):
        api.put(f"authorizations/auth_000{number}", an_authorization())
    api.put("authorizations/auth_0004", an_authorization(coverage_id="cov_00002"))
    assert [c["id"] for c in api.get(f"coverages?patient_id={PATIENT}").json()["items"]] == [COVERAGE]
    first = api.get(f"authorizations?coverage_id={COVERAGE}&limit=2").json()
    assert [a["id"] for a in first["items"]] == ["auth_0001", "auth_0002"]
    second = api.get(f"authorizations?coverage_id={COVERAGE}&limit=2&after={first['next']}").json()
    assert ([a["id"] for a in second["items"]], second["next"]) == (["auth_0003"], None)
    assert api.get("authorizations?after=rubbish").status_code == 422


def search(api: Api, member_id: str, **claims: object) -> object:
    headers = api.bearer(**claims)
    return api.client.post("/v1/coverages/search", json={"member_id": member_id, "limit": 1}, headers=headers)


def test_coverages_are_found_by_member_id_whatever_its_case_and_dashes(api: Api) -> None:
    api.covered()
    api.put("coverages/cov_00002", a_coverage(member_id="canary204417"))
    api.put("coverages/cov_00003", a_coverage(member_id="CANARY-204418"))
    first = search(api, "CANARY204417").json()
    assert [coverage["id"] for coverage in first["items"]] == [COVERAGE]
    body = {"member_id": "CANARY204417", "after": first["next"]}
    second = api.client.post("/v1/coverages/search", json=body, headers=api.bearer()).json()
    assert ([coverage["id"] for coverage in second["items"]], second["next"]) == (["cov_00002"], None)
    assert search(api, "CANARY204417", organization_id=OTHER_ORGANIZATION).json()["items"] == []
    assert search(api, "no such form").status_code == 422


def test_scopes_are_asked_for(api: Api) -> None:
    assert api.put(f"payers/{PAYER}", a_payer(), scopes=["eligibility:read"]).status_code == 403
    assert api.get("payers", scopes=["notes:read"]).status_code == 403
    assert api.get("payers", scopes=["internal"]).status_code == 200
    assert api.client.get("/v1/payers").status_code == 401


@pytest.mark.safeguard("164.312(a)(1)", "API5")
def test_the_front_desk_puts_patients_and_coverages_and_a_therapist_none_and_neither_payers(api: Api) -> None:
    therapist = {"id": "user-maya", "name": "Maya Lindgren", "role": "therapist"}
    for actor in (CLERK, therapist):
        refused = api.put(f"payers/{PAYER}", a_payer(actor=actor))
        assert (refused.status_code, refused.json()["code"]) == (403, "role_not_permitted")
    refused = api.put(f"patients/{PATIENT}", a_patient(actor=therapist))
    assert refused.json()["detail"] == (
        "only biller or front_desk or integration may put patients, coverages, referrals, authorizations"
    )
    api.covered(actor=CLERK)
    assert api.check(a_check(actor={**therapist, "role": "auditor"})).json()["code"] == "role_not_permitted"
