"""What claims give a patient of herself: everything, of every kind; of what she shares with others, her part."""

import json
from collections import Counter

import pytest

from services.claims.flows.patient_records import PATIENT_RECORDS
from services.claims.store.tables import ClaimRow, MessageRow
from shared import x12
from shared.database.operations import AuditEntry
from tests.harness.tokens import OTHER_ORGANIZATION
from tests.services.claims.factories import BILLER, CANARY_MEMBER, CANARY_NAME, COVERAGE, PATIENT
from tests.services.claims.fake_clearinghouse import accepted, denied, paid_in_part, remittance
from tests.services.claims.test_opening_balances import ANSWERED, OLD, UNANSWERED, old_payment
from tests.services.claims.test_used_before import COUNT
from tests.services.claims.two_patients import OTHER_COVERAGE, OTHER_PATIENT, OTHERS, two_patients

KEEPER = {"id": "user-noor", "name": "Noor Haddad", "role": "privacy_official"}
EXPORT = {"scopes": ["records:export"]}


def page(scenario, patient_id=PATIENT, claims=None, **changed):
    body = {"reason": "Her letter of March 2", "actor": KEEPER, **changed}
    return scenario.api.post(f"/v1/patients/{patient_id}/export", body, **{**EXPORT, **(claims or {})})


def everything(scenario, patient_id=PATIENT, limit=200):
    found, after = [], None
    while True:
        answer = page(scenario, patient_id, limit=limit, after=after).raise_for_status().json()
        found += [(one["kind"], one["record"]) for one in answer["items"]]
        assert len(answer["items"]) <= limit
        after = answer["next"]
        if after is None:
            return found


def of_kind(found, kind):
    return [record for name, record in found if name == kind]


@pytest.mark.safeguard("164.524")
def test_every_kind_of_record_is_there_and_nothing_of_the_other_patient(scenario) -> None:
    two_patients(scenario, denied)
    for claim in scenario.claims:
        note = {"text": "Called the payer.", "actor": BILLER}
        assert scenario.api.post(f"/v1/claims/{claim['id']}/notes", note).status_code == 201
        assert scenario.api.post(f"/v1/claims/{claim['id']}/appeals", {"actor": BILLER}).status_code == 201
        file = {"title": "Letter", "media_type": "text/plain", "file": "Q2FsbGVkLg==", "actor": BILLER}
        assert scenario.api.post(f"/v1/claims/{claim['id']}/attachments", file).status_code == 201
    scenario.receive(accepted(scenario.number(0)))
    payments = [paid_in_part(scenario.number(place)) for place in (0, 1)]
    taken = remittance(*payments, trace="EFT0002", provider=(("WO", 100), ("WO", 200)))
    for place in (0, 1):
        taken = taken.replace("WO:REF1", f"WO:{scenario.number(place)}", 1)
    scenario.receive(taken, "835")
    scenario.receive(remittance(*payments, trace="EFT0003", total_cents=1), "835")
    held = scenario.neighbours
    for claim in scenario.claims:
        held.files[claim["coverage_id"]]["payer"]["same_day_visits"] = "combined"
        held.notes[f"{claim['note_id']}b"] = held.notes[claim["note_id"]] | {"id": f"{claim['note_id']}b"}
        correct = {"reason": "She came twice that day.", "same_day_note_ids": [f"{claim['note_id']}b"]}
        corrected = scenario.api.post(f"/v1/claims/{claim['id']}/correct", correct)
        assert corrected.status_code == 200, corrected.text
    for coverage_id, reference in ((COVERAGE, "A-1"), (OTHER_COVERAGE, "A-2")):
        opening = {"reference": reference, "claim_number": reference, "coverage_id": coverage_id}
        assert scenario.api.post("/v1/opening-balances", {**ANSWERED, **opening}).status_code == 201
        count = {**COUNT, "kind": "benefit", "coverage_id": coverage_id}
        assert scenario.api.put(f"/v1/opening-visits/{coverage_id}", count).status_code == 201
    hers, of_other = everything(scenario), everything(scenario, OTHER_PATIENT)
    assert {kind for kind, _record in hers} == {table.name for table in PATIENT_RECORDS.tables}
    text = json.dumps(hers).upper()
    assert [one for one in (*OTHERS, scenario.number(1), scenario.claims[1]["id"]) if one.upper() in text] == []
    assert all(one in text for one in (CANARY_NAME, CANARY_MEMBER, scenario.number(0)))
    counts = Counter(kind for kind, _record in hers)
    counts.pop("messages")
    other_counts = Counter(kind for kind, _record in of_other)
    other_counts.pop("messages")
    assert counts.pop("timeline") > other_counts.pop("timeline")
    assert counts == other_counts
    for model, kind in ((ClaimRow, "claims"),):
        assert counts[kind] + other_counts[kind] == len(scenario.rows(model))
    claim, _sent_elsewhere = of_kind(hers, "claims")
    assert claim["document"]["source"]["coverage_bundle"]["patient"]["birth_date"] == "1984-07-19"
    assert sum(one["amount_cents"] for one in of_kind(hers, "ledger") if one["source"] == "charges") > 0


def test_a_file_and_a_remittance_are_cut_to_what_is_hers_and_are_whole_x12(scenario) -> None:
    two_patients(scenario)
    found = everything(scenario)
    [file] = of_kind(found, "files")
    sent = [one.claim_number for one in records(file["content"])]
    assert sent == [scenario.number(0)]
    [message] = of_kind(found, "messages")
    paid = records(message["content"])
    assert ([one.claim_number for one in paid], message["claims"], message["kind"]) == ([scenario.number(0)], 1, "835")
    assert "reasons" not in message
    for text in (file["content"], message["content"]):
        assert x12.read_all(text.encode()).ok
    # The bank account is the practice's, and what was paid is hers.
    [whole] = scenario.rows(MessageRow)
    [before] = x12.read_all(whole.content.encode()).transactions
    [after] = x12.read_all(message["content"].encode()).transactions
    assert after.header.payment_cents == sum(one.paid_cents for one in paid) < before.header.payment_cents
    assert after.header.trace == before.header.trace
    assert "NOT SHOWN" in message["content"]
    assert "NOT SHOWN" not in whole.content


def test_a_remittance_of_a_claim_that_was_sent_elsewhere_is_hers_by_its_old_number(scenario) -> None:
    two_patients(scenario)
    assert scenario.api.post("/v1/opening-balances", UNANSWERED).status_code == 201
    scenario.receive(remittance(old_payment(paid_cents=18_000), paid_in_part("K9"), trace="EFT0009", number=9), "835")
    [opening] = of_kind(everything(scenario), "opening_balances")
    assert (opening["reference"], opening["claim_number"]) == ("A-1041", OLD)
    paid = [
        one.claim_number for message in of_kind(everything(scenario), "messages") for one in records(message["content"])
    ]
    assert sorted(paid) == sorted([scenario.number(0), OLD])


def records(text):
    return list(x12.read_all(text.encode()).transactions[0].records)


def test_a_message_that_waits_for_a_person_is_there_for_whom_it_names_and_for_nobody_else(scenario) -> None:
    two_patients(scenario)
    before = len(of_kind(everything(scenario, OTHER_PATIENT), "messages"))
    waiting = scenario.receive(
        remittance(paid_in_part(scenario.number(0)), paid_in_part("K99999999999"), trace="EFT0002", number=2), "835"
    )
    assert waiting["state"] == "quarantined"
    mine = of_kind(everything(scenario), "messages")
    assert waiting["id"] in [one["id"] for one in mine]
    assert "K99999999999" not in json.dumps(mine)
    assert page(scenario, "pat_nobody").status_code == 404, "what waits is nobody's until it names her"
    assert len(of_kind(everything(scenario, OTHER_PATIENT), "messages")) == before


def test_pages_of_any_size_have_every_record_once(scenario) -> None:
    two_patients(scenario)
    whole = everything(scenario)
    assert everything(scenario, limit=1) == whole
    assert everything(scenario, limit=3) == whole
    assert len({(kind, record["id"]) for kind, record in whole}) == len(whole)


@pytest.mark.safeguard("164.312(a)(1)", "API1")
def test_who_has_no_claim_here_is_not_found(scenario) -> None:
    two_patients(scenario)
    for patient_id, claims in ((PATIENT, {"organization_id": OTHER_ORGANIZATION}), ("pat_nobody", {})):
        answer = page(scenario, patient_id, claims)
        assert (answer.status_code, answer.json()["code"]) == (404, "patient_not_found")


def test_each_page_leaves_an_entry_that_says_who_asked_why_and_for_whom(scenario) -> None:
    two_patients(scenario)
    page(scenario, limit=1).raise_for_status()
    refused = page(scenario, "pat_nobody")
    done, missed = [one for one in scenario.rows(AuditEntry) if one.action == "export_patient_records"]
    assert (done.patient_id, done.purpose, done.reason, done.actor, done.outcome) == (
        PATIENT,
        "individual_access",
        "Her letter of March 2",
        KEEPER,
        "done",
    )
    assert (refused.status_code, missed.patient_id, missed.outcome) == (404, "pat_nobody", "refused")


@pytest.mark.safeguard("164.312(a)(1)", "API5")
def test_an_export_needs_its_own_scope_the_role_and_a_reason(scenario) -> None:
    two_patients(scenario)
    reading = {"scopes": ["claims:read", "claims:write", "audit:read", "records:hold", "internal"]}
    assert page(scenario, claims=reading).json()["code"] == "scope_missing"
    for role in ("therapist", "biller", "front_desk", "auditor", "integration"):
        assert page(scenario, actor={**KEEPER, "role": role}).json()["code"] == "role_not_permitted"
    for wrong in ({"reason": " "}, {"reason": "x" * 501}, {"limit": 0}, {"limit": 201}, {"actor": None}):
        assert page(scenario, **wrong).status_code == 422
    for cursor in ("nonsense", "WzEsMl0", "Wy0xLCIiXQ"):  # [1,2] and [-1,""]
        assert page(scenario, after=cursor).json()["errors"][0]["code"] == "cursor_invalid"
    assert page(scenario, after="Wzk5OSwiIl0").json() == {"items": [], "next": None}  # [999,""]
