"""The packet of an appeal: what is on file is in it, what is not is said, and nothing leaves that was not meant to."""

import hashlib
from datetime import date, timedelta

import pytest

from tests.services.claims.appeal_acts import TODAY, a_denied_claim, opened, path_of, press, send
from tests.services.claims.factories import BILLER, COVERAGE, a_coverage_bundle, a_note, a_payer
from tests.services.claims.fake_clearinghouse import accepted, claim_status, denied, remittance, status_277ca
from tests.services.claims.test_837p_by_payer import at_work, referral
from tests.services.claims.two_patients import OTHERS, two_patients

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
ELSEWHERE = "cov_00000002"
IN_TIME, TOO_LATE = date(2026, 3, 2), date(2026, 7, 1)
"""180 days from the visit on 2026-01-01 end on 2026-06-30."""
AN_AUTHORIZATION = {
    "id": "auth_0000001",
    "version": 1,
    "coverage_id": COVERAGE,
    "number": "A-7741",
    "effective_from": "2026-01-01",
    "effective_to": "2026-06-30",
    "visits": 12,
    "status": "approved",
}


def files(appeal):
    return {one["name"]: one for one in appeal["packet"]["files"]}


def findings(appeal):
    return [one["code"] for one in appeal["packet"]["findings"]]


def content(scenario, appeal, name):
    file = files(appeal)[name]
    answer = scenario.api.get(file["path"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, file["media_type"])
    assert (len(answer.content), hashlib.sha256(answer.content).hexdigest()) == (file["size_bytes"], file["sha256"])
    return answer.text


def noted(scenario, text, place=0):
    path = f"/v1/claims/{scenario.claims[place]['id']}/notes"
    return scenario.api.post(path, {"text": text, "actor": BILLER}).json()["id"]


def test_the_letter_is_filled_from_the_claim_and_leaves_out_what_is_not_on_file(scenario):
    a_denied_claim(scenario)
    one = opened(scenario)
    number = scenario.number()
    assert one["letter"] == (
        "Salal Street Bodywork PLLC\n"
        "4127 Salal Street NW, Seattle, WA 98107-4812\n"
        "NPI 1487302659, tax id 914408127\n"
        "Bettina Crane, 2065550164\n"
        "\n"
        "To: Cascade Mutual Health\n"
        "Subject: appeal, level 1\n"
        "Patient: Nadia Whitlockcanary, born 1984-07-19, member id CMH204417CANARY\n"
        f"Our claim number: {number}\n"
        "Your claim number: PAYER0001\n"
        "Date of service: 2026-01-01\n"
        "Amount in dispute: $182.00\n"
        "\n"
        "With your notice of 2026-03-02 you left $182.00 of this claim unpaid: line 1: CO-50 (Not medically necessary, "
        "in the payer's view), $135.00; line 2: CO-50 (Not medically necessary, in the payer's view), $47.00. We "
        "disagree, and ask you to decide anew.\n"
        "\n"
        "The treatment was needed. The signed note of the day says what the patient could not do: can sit at the "
        "computer for 25 minutes. The therapist found: rotation right 52 degrees; tender right trapezius. The plan of "
        "care: once a week for six weeks until 2026-05-01; rotation to the right to 65 degrees by 2026-04-15.\n"
        "\n"
        "Please reverse your decision and pay what is due, or tell us in writing which provision of the plan you rely "
        "on, and who has decided.\n"
        "\n"
        "Bettina Crane, for Salal Street Bodywork PLLC"
    )
    assert one["causes"] == ["medical_necessity"]
    assert list(files(one)) == ["letter.txt", "signed_note.txt", "remittance_835_1.x12"]
    assert findings(one) == ["trend_missing", "referral_missing"]
    assert one["packet"]["findings"][1] == {
        "code": "referral_missing",
        "severity": "warn",
        "message": "No referral, prescription or order is on file for the day of service.",
        "pointer": "/letter",
        "fix": "Put it in eligibility if there is one, or enclose a copy.",
        "source": "The claim's own file",
    }
    assert files(one)["signed_note.txt"]["source"] == "note:note_0000001"
    assert content(scenario, one, "letter.txt") == one["letter"]
    assert content(scenario, one, "signed_note.txt").startswith(
        "Treatment note of: 2026-01-01\nTherapist: Ingrid Solberg\n"
    )
    missing = scenario.api.get(f"{path_of(scenario)}/{one['id']}/files/referral.txt")
    assert (missing.status_code, missing.json()["code"]) == (404, "appeal_file_not_found")


def test_referral_authorization_and_trend_are_in_the_packet_where_they_are_on_file(scenario, neighbours):
    referral = a_coverage_bundle()["referrals"][0] | {"issued_on": "2025-12-15"}
    payer = a_payer(authorization="required", referral="required")
    neighbours.files[COVERAGE] = a_coverage_bundle(payer=payer, referrals=[referral], authorizations=[AN_AUTHORIZATION])
    neighbours.files[ELSEWHERE] = a_coverage_bundle(ELSEWHERE)
    hours = {"started_at": "2026-01-01T13:30:00-08:00", "ended_at": "2026-01-01T14:35:00-08:00"}
    others = {"date_of_service": "2026-01-01", "subjective": {"complaint": "Low back pain", "pain": 2}, **hours}
    neighbours.notes["note_elsewhere"] = a_note("note_elsewhere", **others)
    scenario.send(3)
    assert scenario.api.create("note_elsewhere", ELSEWHERE).status_code == 201
    scenario.claims = [scenario.claims[1]]
    scenario.receive(remittance(denied(scenario.number(), "197"), paid_on=TODAY), "835")
    one = opened(scenario)
    assert one["causes"] == ["authorization"]
    assert findings(one) == []
    assert content(scenario, one, "outcome_trend.txt") == "6 of 10 on 2026-01-01, 6 of 10 on 2026-01-02"
    by = "prescription of 2025-12-15 by Miriam Feldstein, NPI 1619048238, valid until 2026-09-08, 12 visits"
    assert content(scenario, one, "referral.txt") == by
    held = "number A-7741, from 2026-01-01 to 2026-06-30, 12 visits"
    assert content(scenario, one, "authorization_1.txt") == held
    assert f"An authorization was in force on the day: {held}. The service was ordered: {by}." in one["letter"]


def test_without_an_authorization_the_letter_claims_none_and_the_packet_says_so(scenario):
    a_denied_claim(scenario, "197")
    one = opened(scenario)
    assert "uthoriz" not in one["letter"].split("decide anew.")[1]
    assert findings(one) == ["authorization_missing", "referral_missing"]


@pytest.mark.parametrize(
    ("category", "on", "in_packet", "found"),
    [
        ("A2", IN_TIME, True, []),
        ("A2", TOO_LATE, True, ["acceptance_too_late"]),
        ("A1", IN_TIME, False, ["acceptance_unproven"]),
        ("P1", IN_TIME, False, ["acceptance_unproven"]),
    ],
)
def test_against_late_filing_only_a_277ca_with_a2_in_time_is_proof(scenario, category, on, in_packet, found):
    scenario.send()
    scenario.receive(status_277ca(claim_status(scenario.number(), category, "20", on=on)))
    scenario.receive(accepted(scenario.number(), by="AY", on=IN_TIME))
    scenario.receive(remittance(denied(scenario.number(), "29"), paid_on=TODAY), "835")
    one = opened(scenario)
    assert ("acceptance_277ca_1.x12" in files(one), findings(one)) == (in_packet, found)
    said = "You accepted it on" in one["letter"]
    assert said == (category == "A2" and on == IN_TIME)
    assert "acceptance_277ca_2.x12" not in files(one)
    if in_packet:
        assert f"STC*A2:20:PR*{on:%Y%m%d}" in content(scenario, one, "acceptance_277ca_1.x12")


def test_of_a_remittance_for_several_patients_only_this_claim_leaves(scenario):
    two_patients(scenario, denied)
    one = opened(scenario)
    names = [name for name in files(one) if name.startswith("remittance")]
    sent = "".join(content(scenario, one, name) for name in names).upper()
    assert scenario.number(0) in sent
    assert [other for other in (*OTHERS, scenario.number(1)) if other.upper() in sent] == []


def test_only_the_notes_that_a_biller_names_leave_and_only_those_of_this_claim(scenario):
    scenario.send(2)
    scenario.receive(remittance(denied(scenario.number(), "50"), paid_on=TODAY), "835")
    said, private = noted(scenario, "Called: they have the note."), noted(scenario, "Their clerk was rude.")
    foreign = noted(scenario, "Another claim.", place=1)
    refused = scenario.api.post(path_of(scenario), {"claim_note_ids": [said, foreign], "actor": BILLER})
    assert (refused.status_code, refused.json()["code"]) == (409, "claim_note_not_found")
    assert refused.json()["errors"][0]["pointer"] == "/body/claim_note_ids/1"
    one = opened(scenario, claim_note_ids=[said])
    assert content(scenario, one, "call_log.txt") == (
        "2026-03-02 09:00, Bettina Craneactor:\nCalled: they have the note."
    )
    assert private not in str(one)
    of_another = scenario.api.get(f"/v1/claims/{scenario.claims[1]['id']}/appeals/{one['id']}")
    assert (of_another.status_code, of_another.json()["code"]) == (404, "appeal_not_found")
    path = f"{path_of(scenario)}/{one['id']}"
    bare = scenario.api.patch(path, {"claim_note_ids": [], "actor": BILLER}).json()
    assert ("call_log.txt" in files(bare), bare["letter"]) == (False, one["letter"])


def test_the_letter_is_edited_only_over_the_version_that_was_read(scenario):
    a_denied_claim(scenario)
    one = opened(scenario)
    path = f"{path_of(scenario)}/{one['id']}"
    assert scenario.api.get(path).headers["etag"] == '"1"'
    words = {"letter": "Our own words.\n\nAnd more.", "actor": BILLER}
    for _twice in range(2):
        edited = scenario.api.patch(path, words)
        assert (edited.status_code, edited.headers["etag"], edited.json()["letter"]) == (200, '"2"', words["letter"])
    lost = scenario.api.patch(path, {**words, "letter": "Lost."}, if_match='"1"')
    assert lost.status_code == 412
    assert scenario.api.get(path).json() == edited.json()
    assert content(scenario, edited.json(), "letter.txt") == words["letter"]


def test_what_was_sent_is_kept_as_it_was_while_a_draft_follows_what_is_on_file(scenario):
    scenario.send()
    scenario.receive(remittance(denied(scenario.number(), "29"), paid_on=TODAY), "835")
    one = opened(scenario)
    scenario.receive(accepted(scenario.number(), on=TODAY))
    draft = scenario.api.get(f"{path_of(scenario)}/{one['id']}").json()
    assert (findings(one), findings(draft)) == (["acceptance_unproven"], [])
    assert "acceptance_277ca_1.x12" in files(draft)
    sent = send(scenario, one).json()
    assert sent["packet"] == draft["packet"]
    text = content(scenario, sent, "remittance_835_1.x12")
    more = remittance(denied(scenario.number(), "50"), trace="EFT0002", number=2, paid_on=TODAY + timedelta(days=1))
    scenario.receive(more, "835")
    kept = scenario.api.get(f"{path_of(scenario)}/{one['id']}").json()
    assert (kept["packet"], content(scenario, kept, "remittance_835_1.x12")) == (sent["packet"], text)


def test_a_self_insured_employer_has_its_own_dispute_of_90_days_and_owes_interest(scenario, neighbours, clock):
    injury = {"occurred_on": "2025-12-20", "state": "WA", "cause": "employment"}
    neighbours.files[COVERAGE] = a_coverage_bundle(
        coverage=at_work(accident=injury, self_insured=True),
        payer=a_payer(name="Harborline", payer_identifier="HARBR", profile="wa_lni", filing_indicator="WC"),
        authorizations=[AN_AUTHORIZATION],
        referrals=referral(kind="order", issued_on="2025-12-22"),
    )
    scenario.send()
    scenario.receive(accepted(scenario.number(), on=TODAY))
    clock.advance(timedelta(days=130))
    scenario.receive(remittance(denied(scenario.number(), "P2"), paid_on=date(2026, 7, 1)), "835")
    one = opened(scenario)
    found = (one["kind"], one["last_day_to_send"], one["last_day_source"])
    assert found == ("payment_dispute", "2026-09-29", "WAC 296-20-125(9): within 90 days of payment")
    # From 2026-05-01 to 2026-07-10 two whole months, each 1 % of 182.00.
    due = one["interest"]
    assert (due["amount_cents"], due["months"], due["overdue_from"]) == (364, 2, "2026-05-01")
    assert "Interest of at least $3.64 is due on what is unpaid, for 2 whole months since 2026-05-01" in one["letter"]
    assert "Number of the injury claim: BK41207\n" in one["letter"]
    kept = send(scenario, one).json()
    assert kept["interest"] == due
    clock.advance(timedelta(days=32))
    agency = press(scenario, one, "insurance_department")
    assert agency.json()["code"] == "not_state_regulated"
    assert press(scenario, one, "workers_comp_agency").status_code == 200
