"""A dry run of a stored claim asks no other service, and says what the claim should pay and why it is not sure."""

import pytest

from shared.codesets.unit_limits import import_limits
from tests.harness.tokens import OTHER_ORGANIZATION
from tests.services.claims.conftest import keep_file
from tests.services.claims.factories import (
    COVERAGE,
    NOTE,
    PAYER,
    a_coverage,
    a_coverage_bundle,
    a_note,
    a_payer,
    a_practice,
)

sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
FEES = [{"procedure_code": "97124", "unit_cents": 3000}, {"procedure_code": "97110", "unit_cents": 3200}]
ALLOWED = 3 * 3000 + 3200
PLAN = {
    "active": "active",
    "massage": "covered",
    "service_type": "BE",
    "authorization": "not_required",
    "copay_cents": 2500,
    "coinsurance_basis_points": 0,
    "deductible_individual": {"remaining_cents": 0},
    "out_of_pocket_individual": {"remaining_cents": 100_000},
}


def check(api, **body):
    return api.post("/v1/claims/check", body or {"note_id": NOTE, "coverage_id": COVERAGE})


def expected(api, **body):
    answer = check(api, **body)
    assert answer.status_code == 200, answer.text
    return answer.json()["expected"]


def put_fees(api, **more):
    answer = api.put(f"/v1/payer-fees/{PAYER}", {"effective_from": "2026-01-01", "fees": FEES, **more})
    assert answer.status_code == (201 if answer.json()["version"] == 1 else 200), answer.text
    return answer.json()


def amounts(found):
    return {name: (found[name]["low_cents"], found[name]["high_cents"]) for name in ("allowed", "patient", "payer")}


def plan(neighbours, coverage=None, payer=None, **changed):
    neighbours.files[COVERAGE] = a_coverage_bundle(
        coverage=a_coverage(**(coverage or {})), payer=a_payer(**(payer or {})), benefit={**PLAN, **changed}
    )


def test_a_stored_claim_is_checked_with_both_neighbours_down_and_nothing_is_kept(office, neighbours):
    claim = office.create().json()
    neighbours.down = {"notes", "eligibility"}
    draft = check(office, claim_id=claim["id"]).json()
    assert (draft["state"], draft["lines"][0]["units"], draft["charge_cents"]) == ("ready", 3, 18_200)
    assert draft["findings"] == claim["findings"]
    assert office.claim(claim["id"]) == claim
    assert check(office).status_code == 503


def test_a_stored_claim_is_checked_from_its_snapshot(office, neighbours):
    claim = office.create().json()
    neighbours.notes[NOTE] = a_note(diagnoses=["M54.6"])
    office.put("/v1/practice", a_practice(name="Renamed"))
    assert check(office, claim_id=claim["id"]).json()["diagnoses"] == ["M54.2", "G44.86"]


@sqlite_only
def test_a_stored_claim_is_checked_with_what_it_was_made_with_but_for_what_is_given(office):
    """As a refresh would: the modifier stays when something else is tried, and goes when it is taken back."""
    claim = office.create(modifiers={"97124": ["GP"]}).json()
    modifiers = [
        check(office, claim_id=claim["id"], **given).json()["lines"][0]["modifiers"]
        for given in ({}, {"patient_paid_cents": 500}, {"modifiers": {}})
    ]
    assert modifiers == [["GP"], ["GP"], []]


def test_a_stored_claim_is_checked_with_its_overrides(office, neighbours):
    plan(neighbours, massage="not_covered")
    claim = office.create().json()
    assert check(office, claim_id=claim["id"]).json()["state"] == "blocked"
    given = {
        "rule_code": "massage_not_covered",
        "reason": "The payer says by phone that it pays.",
        "actor": {"id": "user-bettina", "name": "Bettina Crane", "role": "biller"},
    }
    office.post(f"/v1/claims/{claim['id']}/overrides", given)
    assert check(office, claim_id=claim["id"]).json()["state"] == "ready"


@sqlite_only
@pytest.mark.parametrize(
    "body", [{"note_id": NOTE}, {"coverage_id": COVERAGE}, {"claim_id": "clm_00000001", "note_id": NOTE}]
)
def test_a_check_is_of_a_note_and_a_coverage_or_of_a_claim(office, body):
    refused = check(office, **body)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "subject_unclear")


@sqlite_only
def test_the_claim_of_another_organization_is_not_checked(office):
    claim = office.create().json()
    for claims in ({"organization_id": OTHER_ORGANIZATION},):
        assert office.post("/v1/claims/check", {"claim_id": claim["id"]}, **claims).status_code == 404


def test_with_the_payers_fees_and_the_whole_benefit_the_payment_is_known_to_the_cent(office, neighbours):
    plan(neighbours)
    put_fees(office)
    claim = office.create().json()
    found = expected(office, claim_id=claim["id"])
    assert amounts(found) == {
        "allowed": (ALLOWED, ALLOWED),
        "patient": (2500, 2500),
        "payer": (ALLOWED - 2500, ALLOWED - 2500),
    }
    assert [line["allowed"]["high_cents"] for line in found["lines"]] == [9000, 3200]
    assert found["reasons"] == []
    assert expected(office) == found


@sqlite_only
def test_without_the_payers_fees_the_expectation_is_a_range_and_says_so(office, neighbours):
    plan(neighbours)
    found = expected(office)
    assert amounts(found)["allowed"] == (0, 18_200)
    assert "what the payer allows for 97124 is not known" in found["reasons"]


@sqlite_only
def test_a_share_of_the_charge_stands_for_procedures_without_a_fee(office, neighbours):
    plan(neighbours)
    put_fees(office, fees=FEES[:1], percent_of_charge_basis_points=6000)
    assert amounts(expected(office))["allowed"] == (9000 + 2820, 9000 + 2820)


@sqlite_only
def test_the_lower_of_what_individual_and_family_still_lack_comes_first(office, neighbours):
    put_fees(office)
    own, family = {"remaining_cents": 8000}, {"total_cents": 200_000, "remaining_cents": 5000}
    most = {"total_cents": 900_000, "remaining_cents": 900_000}
    plan(
        neighbours,
        copay_cents=0,
        coinsurance_basis_points=2000,
        deductible_individual=own,
        deductible_family=family,
        out_of_pocket_family=most,
    )
    patient = 5000 + (9000 - 5000) * 20 // 100 + 3200 * 20 // 100
    assert amounts(expected(office))["patient"] == (patient, patient)


@sqlite_only
@pytest.mark.parametrize(
    ("unknown", "reason"),
    [
        ("copay_cents", "the copay is not known"),
        ("coinsurance_basis_points", "the coinsurance is not known"),
        ("deductible_individual", "what is left of the deductible is not known"),
        ("out_of_pocket_individual", "what is left of the out-of-pocket maximum is not known"),
    ],
)
def test_what_the_benefit_does_not_say_is_a_reason_and_never_a_guess(office, neighbours, unknown, reason):
    put_fees(office)
    plan(neighbours)
    neighbours.files[COVERAGE]["benefit"].pop(unknown)
    assert reason in expected(office)["reasons"]


@sqlite_only
def test_a_coverage_without_a_benefit_says_that_none_was_read(office, neighbours):
    neighbours.files[COVERAGE] = a_coverage_bundle(benefit=None)
    assert "no benefit has been read for this coverage yet" in expected(office)["reasons"]


@sqlite_only
def test_what_is_not_covered_is_paid_by_nobody_but_perhaps_the_patient(office, neighbours):
    put_fees(office)
    plan(neighbours, massage="not_covered")
    assert amounts(expected(office)) == {"allowed": (0, 0), "patient": (0, 18_200), "payer": (0, 0)}


@sqlite_only
def test_out_of_network_the_patient_may_owe_the_rest_of_the_charge(office, neighbours):
    put_fees(office)
    plan(neighbours, coverage={"network": "out"})
    assert amounts(expected(office))["patient"] == (2500, 18_200 - (ALLOWED - 2500))


@sqlite_only
def test_behind_another_payer_both_shares_may_be_nothing(office, neighbours):
    put_fees(office)
    plan(neighbours, coverage={"rank": 2})
    found = amounts(expected(office))
    assert (found["patient"], found["payer"]) == ((0, 2500), (0, ALLOWED - 2500))


@sqlite_only
def test_accepted_workers_compensation_never_reaches_the_patient(office, neighbours):
    put_fees(office)
    plan(neighbours, payer={"profile": "wa_lni", "filing_indicator": "WC"}, massage="not_covered")
    assert amounts(expected(office))["patient"] == (0, 0)


def test_a_payers_fees_hold_from_their_day_on_and_earlier_ones_stay(office, neighbours):
    plan(neighbours)
    first = put_fees(office)
    later = put_fees(office, effective_from="2026-03-03", fees=[{"procedure_code": "97124", "unit_cents": 1}])
    assert (first["version"], later["version"]) == (1, 1)
    assert amounts(expected(office))["allowed"] == (ALLOWED, ALLOWED)
    path = f"/v1/payer-fees/{PAYER}"
    assert office.get(path).json() == first
    assert office.get(f"{path}?on=2026-03-03").json() == later
    assert office.get(f"{path}?on=2025-12-31").status_code == 404
    assert put_fees(office, fees=FEES[:1])["version"] == 2
    twice = office.put(path, {"effective_from": "2026-01-01", "fees": [FEES[0], FEES[0]]})
    assert twice.status_code == 422
    stale = office.put(path, {"effective_from": "2026-01-01", "fees": FEES}, if_match='"1"')
    assert stale.status_code == 412


@pytest.fixture
def imported(settings):
    """An edition that allows two units of 97124 a day."""
    lines = ["Code\tUnits\tIndicator\n", "97124\t2\t2 Date of Service Edit: Policy\n"]
    keep_file(settings, "mue.gz", import_limits(lines, "2026-10").packed())


@sqlite_only
def test_an_imported_edition_is_used_from_the_next_start(imported, office, neighbours):
    claim = office.create().json()
    above = [one for one in claim["findings"] if one["pointer"].startswith("/claim/lines/0") and "2" in one["message"]]
    assert any("units" in one["code"] for one in above), claim["findings"]
