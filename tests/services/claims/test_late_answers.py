"""Answers to a file or a number that a claim has left behind: they are kept with the earlier submission, and the claim
that has gone on stays where it is."""

import pytest

from tests.services.claims.fake_clearinghouse import (
    accepted,
    ack_999,
    cas,
    claim_payment,
    denied,
    paid_in_part,
    remittance,
    service,
    ta1,
)
from tests.services.claims.test_money_in_sequence import WHY, act
from tests.services.claims.test_remittances import PAID, listed, pay

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def replaced(scenario):
    """A claim that its payer denied and whose replacement was sent; the number and the file of its first submission."""
    scenario.send()
    scenario.receive(accepted(scenario.number(), payer_claim_number="PAYER0001"))
    first, [file] = scenario.number(), scenario.files()
    pay(scenario, denied(first))
    assert act(scenario, "correct", **WHY).status_code == 200
    assert act(scenario, "submit").status_code == 202
    scenario.run()
    return first, file


def submissions(scenario):
    items = scenario.api.get(f"/v1/claims/{scenario.claims[0]['id']}/submissions").json()["items"]
    return [(one["state"], one["state_by"]) for one in items]


@pytest.mark.parametrize(
    "answer",
    [
        lambda number: ta1(number, "A"),
        lambda number: ta1(number, "R", "010"),
        lambda number: ack_999(number, "A"),
        lambda number: ack_999(number, "R"),
    ],
    ids=["TA1 A", "TA1 R", "999 A", "999 R"],
)
def test_a_late_answer_to_the_first_file_leaves_the_replacement_where_it_is(scenario, answer):
    _first, file = replaced(scenario)
    before, chain = scenario.claim(), submissions(scenario)
    content = answer(file["interchange_control_number"])
    message = scenario.receive(content, "TA1" if "TA1" in content else "999")
    assert (message["state"], message["reasons"]) == ("applied", [])
    assert (scenario.claim(), submissions(scenario)) == (before, chain)
    assert chain == [("adjudicated", None), ("submitted", None)]
    scenario.receive(accepted(scenario.number()))
    assert (scenario.claim()["state"], scenario.claim()["state_by"]) == ("accepted", "payer")


def test_a_late_payment_of_the_first_number_is_posted_and_the_replacement_waits_for_its_own(scenario):
    first, _file = replaced(scenario)
    before = scenario.claim()
    pay(scenario, paid_in_part(first), trace="EFT0002")
    found = scenario.claim()
    assert (scenario.money(), found["state"], found["outcome"]) == (PAID, "submitted", "none")
    assert found["next_action"]["kind"] == before["next_action"]["kind"] == "await_acknowledgement"
    assert submissions(scenario) == [("adjudicated", None), ("submitted", None)]
    assert scenario.messages(state="quarantined") == []
    pay(scenario, claim_payment(scenario.number(), *paid_in_part(scenario.number()).services), trace="EFT0003")
    assert (scenario.claim()["state"], scenario.claim()["money"]["paid_cents"]) == ("adjudicated", 2 * 11_445)


def test_six_adjustments_of_one_line_are_posted_each(scenario):
    scenario.send()
    number = scenario.number()
    reasons = ("45", "59", "104", "105", "144", "253")
    six = service(number, 1, "97124", 13_500, 12_000, *(cas("CO", one, 250) for one in reasons))
    pay(scenario, claim_payment(number, six, service(number, 2, "97110", 4_700, 4_700)))
    path = f"/v1/claims/{scenario.claims[0]['id']}/ledger?limit=200"
    ledger = scenario.api.get(path).json()["items"]
    told = [(one["to_account"], one["reason"], one["amount_cents"]) for one in ledger if one["reason"][:3] == "CO-"]
    assert told == [("written_off", f"CO-{one}", 250) for one in reasons if one != "104"]
    assert scenario.money() == (16_700, 1_250, 0, 250)


def test_a_payment_to_anothers_tax_id_is_ours_by_its_claim_number_alone(scenario):
    """Its claim is ours, so its money is; who is named as the payee is not shown."""
    scenario.send()
    known, unknown = paid_in_part(scenario.number()), paid_in_part("KNOBODYS0001")
    for place, one in enumerate((known, unknown)):
        text = remittance(one, trace=f"EFT{place}")
        payee = "N1*PE*SALAL STREET BODYWORK PLLC*"
        assert f"{payee}XX*1487302659~REF*TJ*914408127~" in text
        text = text.replace(f"{payee}XX*1487302659~REF*TJ*914408127~", f"{payee}FI*913000041~")
        text = text.replace("SE*" + text.split("SE*")[1].split("*")[0], f"SE*{text.count('~') - 4}")
        scenario.receive(text, "835")
    assert (scenario.money(), [one["trace"] for one in listed(scenario)]) == (PAID, ["EFT0"])
    assert [one["code"] for one in scenario.messages()[-1]["reasons"]] == ["provider_not_shown"]
