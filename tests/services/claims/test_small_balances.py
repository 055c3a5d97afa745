"""A practice's rule writes off what is too little to ask for: once every payer has answered, and never against anybody
who appeals or disputes."""

import pytest

from tests.services.claims.factories import BILLER, PAYER
from tests.services.claims.fake_clearinghouse import cas, claim_payment, denied, paid_in_part, remittance, service

sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
REASON = "A stamp and an hour cost more"
RULE = "/v1/small-balance-rule"


def put(scenario, **limits):
    made = scenario.api.put(RULE, {**limits, "reason": REASON, "actor": BILLER})
    assert made.status_code in (200, 201), made.text
    return made.json()


def act(scenario, verb, **body):
    return scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/{verb}", {**body, "actor": BILLER})


def left_to_patient(scenario, cents):
    """97124: `cents` under PR-3; 97110 paid whole."""
    scenario.send()
    number = scenario.number()
    first = service(number, 1, "97124", 13_500, 13_500 - cents, cas("PR", "3", cents))
    scenario.receive(remittance(claim_payment(number, first, service(number, 2, "97110", 4_700, 4_700))), "835")


def kind(scenario):
    return scenario.claim()["next_action"]["kind"]


def ledger(scenario):
    return scenario.api.get(f"/v1/claims/{scenario.claims[0]['id']}/ledger").json()["items"]


def test_a_small_balance_of_the_patient_is_written_off_with_all_that_says_why_and_undone_by_hand_for_good(scenario):
    """3.00 are left to her of 182.00, and the rule takes 3.00 and not 2.99."""
    left_to_patient(scenario, 300)
    put(scenario, patient_max_cents=299)
    assert (scenario.run().written_off, kind(scenario)) == (0, "bill_patient")
    made = put(scenario, patient_max_cents=300)
    assert (made["version"], made["set_by"], made["reason"]) == (2, "Bettina Craneactor", REASON)
    assert scenario.api.get(RULE).json() == made
    assert (scenario.run().written_off, kind(scenario)) == (1, "none")
    assert scenario.money() == (17_900, 300, 0, 0)
    entry = ledger(scenario)[-1]
    assert (entry["from_account"], entry["to_account"], entry["amount_cents"], entry["reason"]) == (
        "patient",
        "written_off",
        300,
        "small_balance_rule",
    )
    [event] = [one for one in scenario.api.events() if one["type"] == "claim.small_balance_written_off"]
    assert event["data"] == {"account": "patient", "source_id": entry["source_id"]}
    told = scenario.api.get(f"/v1/claims/{scenario.claims[0]['id']}/timeline").json()["items"]
    [written] = [one for one in told if one["kind"] == "written_off"]
    assert written["summary"] == "$3.00 of the patient written off by the practice's rule for small balances."
    assert written["source"] == {"type": "rule", "id": "small_balance_rule"}
    trail = scenario.api.get("/v1/audit-entries?limit=200", scopes=["audit:read"]).json()["items"]
    [audited] = [one for one in trail if one["action"] == "written_off"]
    assert (audited["subject_id"], audited["reason"]) == (scenario.claims[0]["id"], f"small_balance_rule: {REASON}")
    back = act(scenario, "reversals", source_id=entry["source_id"], reason="She wants to pay it.")
    assert back.status_code == 201, back.text
    assert (scenario.run().written_off, kind(scenario), scenario.money()) == (0, "bill_patient", (17_900, 0, 300, 0))


@sqlite
def test_nothing_is_written_off_before_the_practice_says_so_and_after_it_has_ended_it(scenario):
    assert scenario.api.get(RULE).status_code == 404
    left_to_patient(scenario, 300)
    assert scenario.run().written_off == 0
    put(scenario)
    assert scenario.run().written_off == 0
    put(scenario, insurer_max_cents=5_000)
    assert (scenario.run().written_off, kind(scenario)) == (0, "bill_patient")
    assert scenario.api.put(RULE, {"patient_max_cents": 5_001, "reason": REASON, "actor": BILLER}).status_code == 422
    assert act(scenario, "bill-patient").json()["next_action"]["kind"] == "await_patient_payment"
    put(scenario, patient_max_cents=5_000)
    assert (scenario.run().written_off, scenario.money()) == (1, (17_900, 300, 0, 0))


@sqlite
def test_a_small_amount_that_the_insurer_left_is_apart_from_the_patients(scenario):
    """2.00 are denied, and 3.00 are hers: the rule for insurers takes the first, and only then hers is looked at."""
    scenario.send()
    number = scenario.number()
    first = service(number, 1, "97124", 13_500, 13_000, cas("CO", "50", 200), cas("PR", "3", 300))
    scenario.receive(remittance(claim_payment(number, first, service(number, 2, "97110", 4_700, 4_700))), "835")
    assert kind(scenario) == "appeal"
    put(scenario, patient_max_cents=500)
    assert (scenario.run().written_off, kind(scenario)) == (0, "appeal")
    put(scenario, insurer_max_cents=199)
    assert scenario.run().written_off == 0
    put(scenario, insurer_max_cents=200)
    assert (scenario.run().written_off, kind(scenario)) == (1, "bill_patient")
    assert scenario.money() == (17_700, 200, 300, 0)
    put(scenario, patient_max_cents=500, insurer_max_cents=200)
    assert (scenario.run().written_off, scenario.money()) == (1, (17_700, 500, 0, 0))


@sqlite
def test_what_is_under_way_with_the_payer_is_never_written_off(scenario):
    scenario.send()
    number = scenario.number()
    first = service(number, 1, "97124", 13_500, 13_300, cas("CO", "50", 200))
    scenario.receive(remittance(claim_payment(number, first, service(number, 2, "97110", 4_700, 4_700))), "835")
    assert act(scenario, "appeals").status_code == 201
    put(scenario, patient_max_cents=5_000, insurer_max_cents=5_000)
    assert (scenario.run().written_off, scenario.money()) == (0, (18_000, 0, 0, 200))


@sqlite
def test_a_patients_balance_is_not_written_off_while_its_payer_is_disputed_with(scenario):
    """97124 is allowed 102.45 of the 120.00 that the payer's fees say; 25.00 of them are hers."""
    fees = [{"procedure_code": "97124", "unit_cents": 4_000}, {"procedure_code": "97110", "unit_cents": 3_700}]
    scenario.api.put(f"/v1/payer-fees/{PAYER}", {"effective_from": "2026-01-01", "fees": fees})
    scenario.send()
    scenario.receive(remittance(paid_in_part(scenario.number())), "835")
    put(scenario, patient_max_cents=5_000)
    assert (scenario.run().written_off, kind(scenario)) == (0, "dispute_underpayment")
    decided = act(scenario, "dispute-underpayment", decision="disputed", reason="See the contract of 2026.")
    assert decided.json()["next_action"]["kind"] == "bill_patient"
    assert scenario.run().written_off == 0
    assert act(scenario, "dispute-underpayment", decision="accepted", reason="They pay no more.").status_code == 200
    assert (scenario.run().written_off, kind(scenario)) == (1, "none")


@sqlite
def test_a_patients_balance_is_not_written_off_while_an_appeal_is_open(scenario):
    scenario.send()
    number = scenario.number()
    denied_line = service(number, 1, "97124", 13_500, 0, cas("CO", "50", 13_500))
    hers = service(number, 2, "97110", 4_700, 4_500, cas("PR", "3", 200))
    scenario.receive(remittance(claim_payment(number, denied_line, hers)), "835")
    assert act(scenario, "appeals").status_code == 201
    put(scenario, patient_max_cents=500)
    assert (scenario.run().written_off, scenario.money()) == (0, (4_500, 0, 200, 13_500))


@sqlite
def test_a_large_balance_stays(scenario):
    scenario.send()
    scenario.receive(remittance(denied(scenario.number())), "835")
    put(scenario, patient_max_cents=5_000, insurer_max_cents=5_000)
    assert (scenario.run().written_off, scenario.money()) == (0, (0, 0, 0, 18_200))
