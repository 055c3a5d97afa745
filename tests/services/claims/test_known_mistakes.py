"""Mistakes that real papers about billing massage contain, made through the API: each is caught, or cannot be made."""

import pytest

from tests.services.claims.factories import (
    COVERAGE,
    FEES,
    NOTE,
    THERAPIST,
    a_coverage,
    a_coverage_bundle,
    a_draft,
    a_fee_schedule,
    a_note,
    a_payer,
    a_practice,
    a_therapist,
)

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
CODES = ("97124", "97140", "97110", "97112", "98940", "G0283", "97010")


def did(*techniques):
    """Techniques as (procedure, minutes) at the neck."""
    return {
        "techniques": [{"procedure_code": code, "region": "neck", "minutes": minutes} for code, minutes in techniques]
    }


@pytest.fixture
def desk_of(office, neighbours):
    """A practice with a fee for everything; answers the claim of a changed note, coverage file and practice."""
    fees = [{"procedure_code": code, "charge_cents": 4500} for code in CODES]
    office.put(f"/v1/fee-schedules/{FEES}", a_fee_schedule(fees=fees))

    def claim(note=None, file=None, practice=None, therapist=None):
        neighbours.notes[NOTE] = a_note(**(note or {}))
        neighbours.files[COVERAGE] = a_coverage_bundle(**(file or {}))
        if practice:
            office.put("/v1/practice", a_practice(**practice))
        if therapist:
            office.put(f"/v1/therapists/{THERAPIST}", a_therapist(**therapist))
        made = office.create()
        assert made.status_code == 201, made.text
        return made.json()

    return claim


AUTO = {"payer": a_payer(profile="auto_pip", filing_indicator="AM", authorization=None)}


@pytest.mark.parametrize(
    ("change", "rule", "words"),
    [
        ({"note": {"diagnoses": ["M54.5"]}}, "diagnosis_not_valid", "valid through 2021-09-30"),
        ({"note": {"diagnoses": ["M54.2", "T85.7XXS"]}}, "diagnosis_not_valid", "not an ICD-10-CM code"),
        ({"note": did(("97124", 45), ("G0283", 15))}, "procedure_outside_scope", "and not G0283"),
        ({"note": did(("97124", 45), ("98940", 15))}, "procedure_outside_scope", "and not 98940"),
        ({"note": did(("97140", 30), ("97124", 30))}, "pair_never_together", "not even with 59"),
        ({"practice": {"place_of_service": "02"}}, None, "telehealth"),
        ({"file": {"coverage": a_coverage(effective_to="2026-02-28")}}, None, "2026-02-28"),
        ({"file": {"payer": a_payer(authorization="required")}}, "authorization_missing", ""),
        ({"therapist": {"license_expires_on": "2026-03-01"}}, "license_not_in_force", "license"),
        ({"file": AUTO}, None, "accident"),
    ],
    ids=[
        "M54.5",
        "T85.7XXS",
        "G0283 as massage",
        "98940 by a massage therapist",
        "97124 with 97140",
        "hands-on work by telehealth",
        "a day after the coverage's last",
        "no authorization",
        "a license that has ended",
        "an accident claim without its date",
    ],
)
def test_a_known_mistake_blocks_the_claim_with_a_sentence_and_a_fix(desk_of, change, rule, words):
    claim = desk_of(**change)
    blocking = [one for one in claim["findings"] if one["severity"] == "block"]
    meant = [one for one in blocking if rule in (None, one["code"]) and words in one["message"] + one["fix"]]
    assert claim["state"] == "blocked"
    assert meant, [(one["code"], one["message"]) for one in blocking]
    assert all(one["fix"] and one["source"] and one["pointer"] for one in meant)


@pytest.mark.parametrize(
    ("payer_profile", "severity", "documents"),
    [
        ("commercial", "warn", ["Administrative Guide"]),
        ("commercial_wa", "warn", ["Administrative Guide"]),
        ("medicare_advantage", "warn", ["Medicare Benefit Policy Manual, ch. 15"]),
        ("va_community_care", "info", []),
        ("auto_or", "info", []),
        ("wa_lni", "warn", ["How to Bill Us (lni.wa.gov)"]),
    ],
)
def test_a_finding_carries_the_sources_of_its_payers_program_and_without_any_it_only_informs(
    desk_of, payer_profile, severity, documents
):
    claim = desk_of(note={"assessment": ""}, file={"payer": a_payer(profile=payer_profile)})
    [finding] = [one for one in claim["findings"] if one["code"] == "assessment_missing"]
    assert (finding["severity"], [one["document"] for one in finding["sources"]]) == (severity, documents)
    assert finding["source"].startswith(documents[0] if documents else "Our own advice")


def test_a_wrong_diagnosis_comes_with_candidates_and_is_never_replaced(desk_of):
    claim = desk_of(note={"diagnoses": ["M54.5"]})
    [finding] = [one for one in claim["findings"] if one["code"] == "diagnosis_not_valid"]
    assert finding["candidates"] == ["M54.50", "M54.51", "M54.59"]
    assert (finding["effective_to"], finding["patch"], claim["diagnoses"]) == ("2021-09-30", [], ["M54.5"])


def test_97124_with_97140_is_refused_even_with_59(desk_of, office, neighbours):
    desk_of(note=did(("97140", 30), ("97124", 30)))
    body = {"note_id": NOTE, "coverage_id": COVERAGE, "modifiers": {"97124": ["59"]}}
    draft = office.post("/v1/claims/check", body).json()
    assert "59" in next(line["modifiers"] for line in draft["lines"] if line["procedure_code"] == "97124")
    assert "pair_never_together" in [one["code"] for one in draft["findings"] if one["severity"] == "block"]


def test_an_hour_is_four_units_and_never_one_and_the_arithmetic_says_so(desk_of):
    claim = desk_of(note=did(("97124", 60)))
    assert [(line["units"], line["minutes"], line["charge_cents"]) for line in claim["lines"]] == [(4, 60, 18_000)]
    assert "60" in claim["units"]["sentence"] and "4 units" in claim["units"]["sentence"]


def test_insurers_are_charged_the_one_fee_and_no_schedule_is_for_a_payer(desk_of, office):
    refused = office.put(f"/v1/fee-schedules/{FEES}", {**a_fee_schedule(), "payer_id": "pay_cascade1"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "extra_forbidden")
    charges = []
    for profile in ("commercial_wa", "auto_wa"):
        claim = desk_of(note=did(("97124", 60)), file={"payer": a_payer(profile=profile)})
        charges.append(claim["money"]["charge_cents"])
        office.post(f"/v1/claims/{claim['id']}/void", {})
    assert charges == [18_000, 18_000]


def test_an_npi_that_fails_its_check_digit_never_gets_in(office):
    refused = office.put("/v1/practice", a_practice(npi="1234567890"))
    assert (refused.status_code, refused.json()["code"]) == (409, "npi_check_digit")


def test_the_same_visit_billed_twice_is_a_duplicate(desk_of, office, neighbours):
    desk_of()
    neighbours.files["cov_00000002"] = a_coverage_bundle("cov_00000002")
    again = office.create(coverage_id="cov_00000002").json()
    assert {"duplicate_claim", "sessions_overlap"} & {one["code"] for one in again["findings"]}
    assert again["state"] == "blocked"


def test_the_same_visit_under_a_plan_of_another_payer_is_no_second_visit(desk_of, office, neighbours):
    first = desk_of()
    other = a_payer(id="pay_other001", name="Other Health", payer_identifier="OTHER")
    neighbours.files["cov_00000002"] = a_coverage_bundle("cov_00000002", payer=other)
    again = office.create(coverage_id="cov_00000002").json()
    assert [one["code"] for one in again["findings"]] == [one["code"] for one in first["findings"]]


def test_an_unsigned_note_is_never_billed(desk_of, office, neighbours):
    neighbours.notes[NOTE] = a_draft()
    claim = office.create().json()
    assert "note_unsigned" in [one["code"] for one in claim["findings"] if one["severity"] == "block"]
