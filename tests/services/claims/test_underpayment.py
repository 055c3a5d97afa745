"""A payer that allows less than its fees say: named by line and rule, disputed or accepted, and gone once it pays."""

from datetime import timedelta

import pytest

from tests.services.claims.factories import BILLER, PAYER
from tests.services.claims.fake_clearinghouse import cas, claim_payment, paid_in_part, remittance, reversal_of, service

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
def underpaid(scenario):
    """97124 is allowed 102.45 (77.45 paid, 25.00 copay) of the 120.00 in the payer's fees; 97110 as agreed."""
    fees = [{"procedure_code": "97124", "unit_cents": 4_000}, {"procedure_code": "97110", "unit_cents": 3_700}]
    agreed = {"effective_from": "2026-01-01", "fees": fees}
    assert scenario.api.put(f"/v1/payer-fees/{PAYER}", agreed).status_code == 201
    scenario.send()
    scenario.receive(remittance(paid_in_part(scenario.number())), "835")
    return scenario


def decide(scenario, decision):
    body = {"decision": decision, "reason": "The fee schedule has 120.00 for it.", "actor": BILLER}
    return scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/dispute-underpayment", body)


def action(scenario):
    found = scenario.claim()["next_action"]
    return found["kind"], found["due_on"]


def test_what_was_allowed_too_little_is_disputed_by_line_and_over_once_the_payer_pays_it(underpaid):
    claim = underpaid.claim()
    line = {
        "line_number": 1,
        "expected_cents": 12_000,
        "allowed_cents": 10_245,
        "short_cents": 1_755,
        "rule": "payer_fee",
        "decision": None,
    }
    assert claim["underpayments"] == [line]
    assert action(underpaid) == ("dispute_underpayment", "2026-03-18")
    assert claim["next_action"]["reason"] == "The payer allowed $17.55 less than its fees say."
    assert claim["next_action"]["operation"]["operation_id"] == "dispute_underpayment"
    decided = decide(underpaid, "disputed")
    assert (decided.status_code, decided.json()["underpayments"]) == (200, [{**line, "decision": "disputed"}])
    assert action(underpaid)[0] == "bill_patient"
    number = underpaid.number()
    paid = {"amount_cents": 2_500, "received_on": "2026-03-02", "method": "card", "actor": BILLER}
    assert underpaid.api.post(f"/v1/claims/{claim['id']}/patient-payments", paid).status_code == 201
    assert action(underpaid)[0] == "await_dispute"
    underpaid.clock.advance(timedelta(days=200))
    underpaid.run()
    assert action(underpaid)[0] == "dispute_underpayment"
    right = service(number, 1, "97124", 13_500, 9_500, cas("CO", "45", 1_500), cas("PR", "3", 2_500))
    first = paid_in_part(number)
    again = claim_payment(number, right, first.services[1])
    underpaid.receive(remittance(reversal_of(first), again, trace="EFT0002"), "835")
    assert (underpaid.claim()["underpayments"], action(underpaid)[0]) == ([], "none")
    assert decide(underpaid, "disputed").json()["code"] == "not_underpaid"


def test_an_underpayment_that_is_accepted_is_asked_for_no_more(underpaid):
    assert decide(underpaid, "accepted").status_code == 200
    assert action(underpaid)[0] == "bill_patient"


@pytest.mark.parametrize(
    "cut",
    [
        pytest.param((cas("CO", "45", 1_500), cas("CO", "253", 200), cas("PR", "3", 2_300)), id="sequestration"),
        pytest.param((cas("CO", "45", 1_500), cas("CO", "50", 2_500)), id="denied in part, which is open by itself"),
    ],
)
def test_what_a_law_takes_and_what_is_still_open_is_no_underpayment(underpaid, cut):
    number = underpaid.number()
    first = paid_in_part(number)
    again = claim_payment(number, service(number, 1, "97124", 13_500, 9_500, *cut), first.services[1])
    underpaid.receive(remittance(reversal_of(first), again, trace="EFT0002"), "835")
    assert underpaid.claim()["underpayments"] == []


def test_an_underpayment_is_appealed_while_the_patient_is_billed_and_accepted_once_it_is_lost(underpaid):
    body = {"actor": BILLER}
    path = f"/v1/claims/{underpaid.claims[0]['id']}/appeals"
    one = underpaid.api.post(path, body).json()
    assert one["causes"] == ["underpayment"]
    assert "You allowed less than was agreed: line 1: $102.45 in place of $120.00." in one["letter"]
    assert "Amount in dispute: $17.55\n" in one["letter"]
    assert action(underpaid) == ("send_appeal", "2026-03-05")
    sent = underpaid.api.post(f"{path}/{one['id']}/send", {**body, "by": "portal", "recipient": "Provider portal"})
    assert sent.status_code == 200, sent.text
    assert (underpaid.claim()["underpayments"][0]["decision"], action(underpaid)[0]) == ("disputed", "bill_patient")
    paid = {"amount_cents": 2_500, "received_on": "2026-03-02", "method": "card", **body}
    assert underpaid.api.post(f"/v1/claims/{underpaid.claims[0]['id']}/patient-payments", paid).status_code == 201
    assert action(underpaid) == ("await_appeal", "2026-05-01")
    lost = {"outcome": "upheld", "decided_on": "2026-03-02", "reason": "They hold by their own schedule.", **body}
    assert underpaid.api.post(f"{path}/{one['id']}/outcome", lost).json()["won_cents"] == 0
    assert action(underpaid)[0] == "await_dispute"
    assert decide(underpaid, "accepted").status_code == 200
    assert action(underpaid)[0] == "none"
