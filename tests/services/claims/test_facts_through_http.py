"""Facts that a rule looks at, brought in through the API: the finding comes with the fact and goes as its fix says."""

import pytest

from services.claims.flows.run_due import run_due
from services.claims.store.tables import ClaimRow
from tests.services.claims.factories import (
    COVERAGE,
    NOTE,
    PAYER,
    THERAPIST,
    a_coverage,
    a_coverage_bundle,
    a_note,
    a_payer,
    a_therapist,
)
from tests.services.claims.fake_clearinghouse import rejected

RAINIER = "pay_rainier1"
OTHER = {
    "coverage": a_coverage("cov_00000009", payer_id=RAINIER, member_id="RAIN123"),
    "payer": a_payer(id=RAINIER, name="Rainier Choice", payer_identifier="RAINC"),
}
PRIOR = {
    "payer_id": RAINIER,
    "paid_cents": 10_000,
    "adjustments": [
        {"group": "CO", "reason_code": "45", "amount_cents": 5_200},
        {"group": "PR", "reason_code": "2", "amount_cents": 3_000},
    ],
    "remitted_on": "2026-03-20",
}


def bundle(neighbours, *, coverage=None, payer=None, patient=None, **more):
    made = a_coverage_bundle(coverage=a_coverage(**(coverage or {})), payer=a_payer(**(payer or {})), **more)
    made["patient"] |= patient or {}
    neighbours.files[COVERAGE] = made


def codes(claim):
    return {finding["code"]: finding["severity"] for finding in claim["findings"]}


def refreshed(office, claim, **given):
    answer = office.post(f"/v1/claims/{claim['id']}/refresh", given)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("code", "severity", "fact", "fixed"),
    [
        ("signature_not_on_file", "warn", {"patient": {"signature_on_file": False}}, {}),
        ("benefits_not_assigned", "info", {"coverage": {"benefits_assigned": False}}, {}),
        ("self_insured_ask", "warn", {"coverage": {"self_insured": True}}, {}),
        ("daily_cap_reached", "info", {"payer": {"daily_cap_cents": 100}}, {"payer": {"daily_cap_cents": 99_999}}),
        ("units_above_payers_day", "block", {"payer": {"units_a_day": 3}}, {"payer": {"units_a_day": 4}}),
        ("modifier_refused", "block", {"payer": {"modifiers_refused": ["GP"], "modifiers": ["GP"]}}, {}),
        ("procedure_refused", "block", {"payer": {"procedures_refused": ["97110"]}}, {}),
        ("massage_therapist_not_paid", "block", {"payer": {"massage_therapists": "refuses"}}, {}),
        ("referring_npi_missing", "block", {"payer": {"referring_npi_wanted": True}, "referrals": []}, {}),
    ],
)
def test_a_fact_of_patient_payer_or_coverage_reaches_its_rule(office, neighbours, code, severity, fact, fixed):
    bundle(neighbours, **fact)
    claim = office.create().json()
    assert codes(claim).get(code) == severity
    bundle(neighbours, **fixed)
    assert code not in codes(refreshed(office, claim))


def test_a_payer_that_does_not_accept_the_therapist_blocks_from_its_day_on(office):
    refused = {"payer_id": PAYER, "status": "not_accepted", "effective_from": "2026-03-02"}
    office.put(f"/v1/therapists/{THERAPIST}", a_therapist(credentials=[refused]))
    claim = office.create().json()
    assert codes(claim)["credential_not_accepted"] == "block"
    accepted = {"payer_id": PAYER, "status": "in_network"}
    office.put(f"/v1/therapists/{THERAPIST}", a_therapist(credentials=[accepted]))
    assert refreshed(office, claim)["state"] == "ready"


@pytest.mark.parametrize("referral", ["required", "ask"])
def test_the_third_and_fourth_visit_of_a_prescription_for_two_are_blocked(office, neighbours, referral):
    made = []
    for note_id in neighbours.hold(4):
        file = a_coverage_bundle(payer=a_payer(referral=None if referral == "ask" else referral))
        file["referrals"][0] |= {"issued_on": "2025-12-15", "visits": 2}
        neighbours.files[COVERAGE] = file
        made.append(office.create(note_id).json())
    assert [codes(one).get("referral_visits_used") for one in made] == [None, None, "block", "block"]
    assert [one["state"] for one in made] == ["ready", "ready", "blocked", "blocked"]
    assert office.submit(made[2]["id"]).json()["code"] == "referral_visits_used"
    file["referrals"].append({**file["referrals"][0], "id": "ref_00000002", "number": "P-2"})
    assert [refreshed(office, one)["state"] for one in made[2:]] == ["ready", "ready"]


def test_the_visit_of_a_rejected_claim_is_used_since_it_will_be_sent_again(scenario, office, neighbours):
    """So for the visits of a referral as for those that need no authorization yet."""
    first, second = neighbours.hold(2)
    payer = a_payer(referral="required", authorization="required", authorization_from_visit=2)
    neighbours.files[COVERAGE] = a_coverage_bundle(payer=payer)
    neighbours.files[COVERAGE]["referrals"][0] |= {"issued_on": "2025-12-15", "visits": 1}
    claim = office.create(first).json()
    office.submit(claim["id"])
    scenario.run()
    scenario.receive(rejected(claim["claim_number"]))
    assert office.claim(claim["id"])["state"] == "rejected"
    found = codes(office.create(second).json())
    assert (found.get("referral_visits_used"), found.get("authorization_missing")) == ("block", "block")


def test_a_second_payers_claim_of_the_same_note_is_no_second_visit(office, neighbours):
    """The first payer's claim is neither an earlier note with the same text nor more units of the day."""
    neighbours.notes[NOTE] = a_note(techniques=[{"procedure_code": "97124", "region": "neck", "minutes": 45}])
    first = office.create().json()
    neighbours.files["cov_00000002"] = a_coverage_bundle(
        coverage=a_coverage("cov_00000002", payer_id=RAINIER, rank=2),
        payer=a_payer(id=RAINIER),
        other_coverages=[{"coverage": a_coverage(), "payer": a_payer()}],
    )
    left_to_the_patient = [{"group": "PR", "reason_code": "1", "amount_cents": 13_500}]
    prior = {"payer_id": PAYER, "paid_cents": 0, "adjustments": left_to_the_patient, "remitted_on": "2026-03-20"}
    second = office.create(coverage_id="cov_00000002", prior_payments=[prior]).json()
    assert (codes(second), second["state"]) == (codes(first), "ready")


def test_more_than_the_charge_from_the_patient_blocks_until_it_is_corrected_and_goes_out_as_amt_f5(
    office, deps, clearinghouse
):
    claim = office.create(patient_paid_cents=18_201).json()
    assert codes(claim)["patient_paid_too_much"] == "block"
    assert refreshed(office, claim, patient_paid_cents=2_500)["state"] == "ready"
    assert office.submit(claim["id"]).status_code == 202
    run_due(deps)
    assert "~AMT*F5*25~" in clearinghouse.taken[0]


def test_a_payer_that_wants_the_note_is_told_how_it_comes(office, neighbours, deps, clearinghouse):
    bundle(neighbours, payer={"attachment_wanted": True})
    claim = office.create().json()
    assert codes(claim)["attachment_wanted"] == "warn"
    paper = {"report_type": "OZ", "transmission": "fax", "control_number": "NOTE-1"}
    mended = refreshed(office, claim, attachments=[paper])
    assert "attachment_wanted" not in codes(mended)
    office.submit(claim["id"])
    run_due(deps)
    assert "~PWK*OZ*FX***AC*NOTE-1~" in clearinghouse.taken[0]


def test_a_second_payer_gets_the_first_ones_payment_with_every_adjustment(office, neighbours, deps, clearinghouse):
    bundle(neighbours, coverage={"rank": 2}, other_coverages=[OTHER])
    claim = office.create().json()
    assert codes(claim)["secondary_without_primary"] == "block"
    off = {**PRIOR, "paid_cents": 9_999}
    assert "secondary_not_balanced" in codes(refreshed(office, claim, prior_payments=[off]))
    assert refreshed(office, claim, prior_payments=[PRIOR])["state"] == "ready"
    assert office.submit(claim["id"]).status_code == 202
    run_due(deps)
    loop = clearinghouse.taken[0].split("~SBR*P*")[1].split("~LX*")[0]
    assert ("SBR*P*" + loop).split("~") == [
        "SBR*P*18*CASC7710******CI",
        "CAS*CO*45*52",
        "CAS*PR*2*30",
        "AMT*D*100",
        "AMT*EAF*30",
        "OI***Y***Y",
        "NM1*IL*1*WHITLOCKCANARY*NADIA****MI*RAIN123",
        "NM1*PR*2*RAINIER CHOICE*****PI*RAINC",
        "DTP*573*D8*20260320",
    ]


def test_the_authorization_that_lists_the_procedures_counts_and_not_the_first_by_date(office, neighbours, scenario):
    def authorization(number, procedure_codes):
        return {
            "id": f"auth_{number}",
            "version": 1,
            "coverage_id": COVERAGE,
            "number": number,
            "effective_from": "2026-01-01",
            "effective_to": "2026-12-31",
            "procedure_codes": procedure_codes,
        }

    fitting = authorization("A0000002", ["97110", "97124"])
    bundle(
        neighbours, payer={"authorization": "required"}, authorizations=[authorization("A0000001", ["97140"]), fitting]
    )
    claim = office.create().json()
    assert claim["state"] == "ready"
    assert [row.past_visit.authorization_id for row in scenario.rows(ClaimRow)] == ["auth_A0000002"]
    office.submit(claim["id"])
    scenario.run()
    assert "~REF*G1*A0000002~" in scenario.clearinghouse.taken[0]


CHANGED = "name_changed_on_wire"


def test_a_name_that_changes_on_the_wire_is_told_with_before_and_after(office, neighbours, deps, clearinghouse):
    """The dry run and the claim warn alike, and the 837P has exactly what they named."""
    address = {"line1": "9 Pine #4 ½", "city": "Seattle", "state": "WA", "zip": "98107"}
    bundle(neighbours, patient={"name": {"first": "Łukasz", "last": "O'Brien-Łódź"}, "address": address})
    checked = office.post("/v1/claims/check", {"note_id": NOTE, "coverage_id": COVERAGE}).json()
    claim = office.create().json()
    found, before = ([one for one in it["findings"] if one["code"] == CHANGED] for it in (claim, checked))
    assert found == before
    assert {one["severity"] for one in found} == {"warn"}
    assert [(one["pointer"], one["message"]) for one in found] == [
        ("/patient/name/last", 'The patient\'s last name "O\'Brien-Łódź" is sent as "O\'BRIEN-LODZ".'),
        ("/patient/name/first", 'The patient\'s first name "Łukasz" is sent as "LUKASZ".'),
        ("/patient/address/line1", 'The patient\'s address "9 Pine #4 ½" is sent as "9 PINE #4 1/2".'),
    ]
    assert office.submit(claim["id"]).status_code == 202
    run_due(deps)
    assert "~NM1*IL*1*O'BRIEN-LODZ*LUKASZ**" in clearinghouse.taken[0]
    assert "~N3*9 PINE #4 1/2~" in clearinghouse.taken[0]
