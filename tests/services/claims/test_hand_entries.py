"""Money that a person enters: each cent stays on an account, nothing is deleted, and the patient's balance comes to an
end."""

from datetime import timedelta

import pytest

from tests.services.claims.factories import BILLER, COVERAGE, a_coverage_bundle, a_payer
from tests.services.claims.fake_clearinghouse import denied, paid_in_part, remittance

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
WHY = {"reason": "She lost her job in February.", "actor": BILLER}
COURTESY = {"kind": "courtesy", **WHY}
PAYMENT = {"received_on": "2026-03-02", "method": "card", "actor": BILLER}


@pytest.fixture
def settled(scenario):
    """25.00 are the patient's, and all else is paid and written off."""
    scenario.send()
    scenario.receive(remittance(paid_in_part(scenario.number())), "835")
    return scenario


def act(scenario, verb, /, **body):
    return scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/{verb}", body)


def money(scenario):
    found = scenario.claim()["money"]
    names = ("paid", "patient_paid", "written_off", "patient_balance", "insurer_balance", "other_payers")
    split = tuple(found[f"{name}_cents"] for name in names)
    assert sum(split) == found["charge_cents"] == 18_200
    return split[:5]


def action(scenario):
    found = scenario.claim()["next_action"]
    return found["kind"], found["owner"], found["due_on"], (found["operation"] or {}).get("operation_id")


def later(scenario, days):
    scenario.clock.advance(timedelta(days=days))
    scenario.run()


def test_the_patients_balance_is_billed_three_times_and_then_ended_by_a_person(settled):
    assert action(settled) == ("bill_patient", "biller", "2026-03-07", "bill_patient")
    assert act(settled, "bill-patient", actor=BILLER).json()["statements"] == ["2026-03-02"]
    assert action(settled) == ("await_patient_payment", "patient", "2026-04-01", "record_patient_payment")
    assert act(settled, "patient-payments", amount_cents=1_000, **PAYMENT).status_code == 201
    assert (money(settled), action(settled)[0]) == ((11_445, 1_000, 4_255, 1_500, 0), "await_patient_payment")
    for sent in (1, 2):
        later(settled, 31)
        assert action(settled)[0] == "bill_patient"
        assert f"statement {sent} of" in settled.claim()["next_action"]["reason"]
        assert act(settled, "bill-patient", actor=BILLER).status_code == 200
    later(settled, 31)
    assert action(settled)[:2] + action(settled)[3:] == ("write_off_or_collect", "biller", "write_off")
    written = act(settled, "write-offs", amount_cents=1_500, account="patient", kind="collections", **WHY)
    assert written.status_code == 201, written.text
    assert (money(settled), action(settled)[0]) == ((11_445, 1_000, 5_755, 0, 0), "none")
    [entry] = settled.api.get(f"/v1/claims/{settled.claims[0]['id']}/ledger").json()["items"][-1:]
    assert (entry["from_account"], entry["to_account"], entry["reason"]) == ("patient", "written_off", "collections")
    reversal = {"source_id": entry["source_id"], **WHY}
    assert act(settled, "reversals", **reversal).status_code == 201
    assert (money(settled), action(settled)[0]) == ((11_445, 1_000, 4_255, 1_500, 0), "write_off_or_collect")
    assert act(settled, "reversals", **reversal).json()["code"] == "entry_reversed"
    timeline = settled.api.get(f"/v1/claims/{settled.claims[0]['id']}/timeline").json()["items"]
    assert [(one["kind"], one["summary"]) for one in timeline if one["kind"] in ("patient_paid", "written_off")] == [
        ("patient_paid", "The patient paid $10.00 by card on 2026-03-02."),
        ("written_off", "$15.00 of the patient written off: She lost her job in February."),
    ]


def test_what_the_patient_paid_too_much_goes_back_to_her(settled):
    paid = act(settled, "patient-payments", amount_cents=3_000, **PAYMENT)
    assert paid.status_code == 201, paid.text
    assert (money(settled), action(settled)) == (
        (11_445, 3_000, 4_255, -500, 0),
        ("refund_patient", "biller", "2026-04-01", "refund"),
    )
    assert act(settled, "refunds", amount_cents=500, payee="patient", **WHY).status_code == 201
    assert (money(settled), action(settled)[0]) == ((11_445, 2_500, 4_255, 0, 0), "none")
    assert act(settled, "refunds", amount_cents=1_000, payee="insurer", **WHY).status_code == 201
    assert (money(settled), action(settled)[0]) == ((10_445, 2_500, 4_255, 0, 1_000), "review")
    assert act(settled, "transfers", amount_cents=400, to_account="patient", **WHY).status_code == 201
    assert money(settled) == (10_445, 2_500, 4_255, 400, 600)
    assert act(settled, "transfers", amount_cents=400, to_account="insurer", line_number=1, **WHY).status_code == 201
    assert act(settled, "write-offs", amount_cents=1_000, account="insurer", kind="courtesy", **WHY).status_code == 201
    assert (money(settled), action(settled)[0]) == ((10_445, 2_500, 5_255, 0, 0), "none")


def test_what_does_not_add_up_is_refused_with_what_there_is(settled):
    before = money(settled)
    posted = settled.api.get(f"/v1/claims/{settled.claims[0]['id']}/ledger").json()["items"][-1]["source_id"]
    refused = (
        ("amount_beyond_balance", "refunds", {"amount_cents": 1, "payee": "patient", **WHY}),
        (
            "amount_beyond_balance",
            "write-offs",
            {"amount_cents": 2_501, "account": "patient", "kind": "courtesy", **WHY},
        ),
        ("amount_beyond_balance", "transfers", {"amount_cents": 1, "to_account": "insurer", "line_number": 2, **WHY}),
        ("line_missing", "patient-payments", {"amount_cents": 1, "line_number": 3, **PAYMENT}),
        ("payment_in_future", "patient-payments", {"amount_cents": 1, **PAYMENT, "received_on": "2026-03-03"}),
        ("not_entered_by_hand", "reversals", {"source_id": posted, **WHY}),
        ("not_entered_by_hand", "reversals", {"source_id": "mny_nobody", **WHY}),
    )
    for code, verb, body in refused:
        answer = act(settled, verb, **body)
        assert (answer.status_code, answer.json()["code"]) == (409, code)
        assert answer.json()["errors"][0]["fix"]
    assert money(settled) == before


def test_what_a_contract_holds_back_never_reaches_the_patient(scenario):
    scenario.send()
    assert act(scenario, "bill-patient", actor=BILLER).json()["code"] == "patient_not_due"
    scenario.receive(remittance(denied(scenario.number(), "197")), "835")
    moved = act(scenario, "transfers", amount_cents=1, to_account="patient", **WHY)
    assert (moved.status_code, moved.json()["code"]) == (409, "contractual_amount")
    assert act(scenario, "bill-patient", actor=BILLER).json()["code"] == "patient_not_due"


def test_a_claim_with_a_patients_payment_is_not_voided_before_the_money_went_back(scenario):
    scenario.make()
    assert act(scenario, "patient-payments", amount_cents=500, **PAYMENT).status_code == 201
    refused = act(scenario, "void")
    assert (refused.status_code, refused.json()["code"]) == (409, "patient_payment_on_claim")
    assert act(scenario, "refunds", amount_cents=500, payee="patient", **WHY).status_code == 201
    assert act(scenario, "void").status_code == 200
    assert act(scenario, "patient-payments", amount_cents=500, **PAYMENT).json()["code"] == "claim_voided"


def test_an_injured_worker_is_never_billed_for_accepted_care(scenario, neighbours):
    neighbours.files[COVERAGE] = a_coverage_bundle(payer=a_payer(profile="wa_lni"))
    claim = scenario.api.create().json()
    scenario.claims.append(claim)
    moved = act(scenario, "transfers", amount_cents=1, to_account="patient", **WHY)
    assert (moved.status_code, moved.json()["code"]) == (409, "patient_never_billed")
