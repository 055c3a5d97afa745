"""Money that belongs to no claim is in the account with its payer, and deposits are held against remittances."""

import pytest

from tests.services.claims.factories import BILLER
from tests.services.claims.fake_clearinghouse import (
    claim_payment,
    paid_in_part,
    remittance,
    reversal_of,
    service,
    x12_replace,
)
from tests.services.claims.test_messages_money import release
from tests.services.claims.test_remittances import PAID, listed, pay

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
DAYS = "from_date=2026-02-01&to_date=2026-04-30"


def account(scenario):
    [found] = scenario.api.get("/v1/provider-accounts").json()["items"]
    assert (found.pop("payer_identifier"), found.pop("payer_name")) == ("1512345678", "CASCADE MUTUAL HEALTH")
    assert sum(found.values()) == 0, "double entry"
    return {name.removesuffix("_cents"): cents for name, cents in found.items() if cents}


def entries(scenario, query=""):
    return scenario.api.get(f"/v1/provider-accounts/entries?{query}").json()["items"]


def differences(scenario, days=DAYS):
    return scenario.api.get(f"/v1/deposits/differences?{days}").json()


def deposit(scenario, **changed):
    body = {"trace": "EFT0001", "amount_cents": 11_445, "deposited_on": "2026-03-06", "actor": BILLER, **changed}
    return scenario.api.post("/v1/deposits", body)


KINDS = [
    ("WO", 1_000, "take_backs"),
    ("72", 1_000, "take_backs"),
    ("FB", 1_000, "forward_balance"),
    ("FB", -1_000, "forward_balance"),
    ("L6", -12, "interest"),
    ("CS", 500, "other_adjustments"),
    ("J1", -500, "other_adjustments"),
]


def test_each_kind_of_provider_adjustment_is_in_its_account_and_the_deposit_is_what_is_left(scenario):
    scenario.send()
    expected = {"payments": 0, "deposits": 0}
    for place, (reason, cents, name) in enumerate(KINDS):
        paid = claim_payment(scenario.number(), service(scenario.number(), 1, "97124", 13_500, 13_500 + place))
        pay(scenario, paid, provider=((reason, cents),), trace=f"EFT{place}", total_cents=None)
        message = scenario.messages()[-1]
        if message["state"] == "quarantined":
            release(scenario, message)
        expected["payments"] -= 13_500 + place
        expected["deposits"] += 13_500 + place - cents
        expected[name] = expected.get(name, 0) + cents
        assert account(scenario) == {account_name: value for account_name, value in expected.items() if value}


def test_a_remittance_is_booked_once_however_often_and_in_whatever_order_it_comes(scenario):
    scenario.send(2)
    one, other = paid_in_part(scenario.number(0)), paid_in_part(scenario.number(1))
    content = remittance(one, other, provider=(("WO", 1_000),))
    scenario.receive(content, "835")
    booked = entries(scenario)
    scenario.receive(content, "835")
    pay(scenario, other, one, provider=(("WO", 1_000),), number=9)
    assert entries(scenario) == booked
    assert [(one["from_account"], one["to_account"], one["amount_cents"], one["reason"]) for one in booked] == [
        ("payments", "remittance", 22_890, "payments"),
        ("remittance", "take_backs", 1_000, "WO"),
        ("remittance", "deposits", 21_890, "deposit"),
    ]
    assert entries(scenario, "payer=1512345678") == booked
    assert entries(scenario, "payer=somebody") == []


def test_a_take_back_names_the_claim_by_our_number_or_by_the_payers(scenario):
    scenario.send()
    number = scenario.number()
    for trace, reference in (("EFT1", number), ("EFT2", "PAYER0001"), ("EFT3", "NOBODYS")):
        content = remittance(paid_in_part(number), provider=(("WO", 1_000),), trace=trace)
        scenario.receive(content.replace("WO:REF1", f"WO:{reference}"), "835")
    taken = [(one["reference"], one["claim_id"]) for one in entries(scenario) if one["reason"] == "WO"]
    claim_id = scenario.claims[0]["id"]
    assert taken == [(number, claim_id), ("PAYER0001", claim_id), ("NOBODYS", None)]


def test_a_balance_carried_forward_is_zero_once_it_has_come_and_the_deposits_add_up(scenario):
    """A reversal leaves 114.45 owing; the next remittance takes them from what it pays."""
    scenario.send(2)
    one = paid_in_part(scenario.number(0))
    pay(scenario, one, trace="EFT1")
    pay(scenario, reversal_of(one), trace="EFT2")
    assert account(scenario) == {"deposits": 11_445, "forward_balance": -11_445}
    pay(scenario, paid_in_part(scenario.number(1)), provider=(("FB", 11_445),), trace="EFT3")
    assert account(scenario) == {"payments": -11_445, "deposits": 11_445}


def balances_to_settle(scenario):
    items = scenario.api.get("/v1/worklist?kind=settle_provider_balance").json()["items"]
    return [
        (one["subject_type"], one["subject_id"], one["next_action"]["amount_cents"], one["next_action"]["due_on"])
        for one in items
    ]


def test_a_payers_open_account_is_one_thing_to_do_until_a_remittance_brings_it_to_zero(scenario):
    scenario.send(2)
    one = paid_in_part(scenario.number(0))
    pay(scenario, one, trace="EFT1")
    assert balances_to_settle(scenario) == []
    pay(scenario, reversal_of(one), trace="EFT2")
    [first] = [row["id"] for row in scenario.api.get("/v1/remittances").json()["items"] if row["trace"] == "EFT2"]
    assert balances_to_settle(scenario) == [("remittance", first, 11_445, "2026-04-01")]
    [item] = scenario.api.get("/v1/worklist?kind=settle_provider_balance").json()["items"]
    assert (item["next_action"]["owner"], item["next_action"]["rule"], item["next_action"]["reason"]) == (
        "biller",
        "provider_balance",
        "The account with this payer is open: the payer will take $114.45 from later payments.",
    )
    assert item["next_action"]["operation"]["path"] == "/v1/worklist/bulk"
    second = paid_in_part(scenario.number(1))
    pay(scenario, second, provider=(("FB", 11_000),), trace="EFT3")
    assert balances_to_settle(scenario) == [("remittance", first, 445, "2026-04-01")]
    pay(scenario, x12_replace(second, payer_claim_number="P2"), provider=(("FB", 445),), trace="EFT4")
    assert balances_to_settle(scenario) == []


def test_a_balance_that_was_settled_with_the_payer_is_not_to_do_again_until_it_changes(scenario):
    scenario.send()
    message = pay(scenario, paid_in_part(scenario.number()), total_cents=11_344)
    release(scenario, message)
    [(_type, remittance_id, cents, _due)] = balances_to_settle(scenario)
    assert cents == 101
    items = [{"subject_type": "remittance", "subject_id": remittance_id, "kind": "settle_provider_balance"}]
    answer = scenario.api.post("/v1/worklist/bulk", {"act": "done", "items": items, "actor": BILLER}).json()
    assert answer["items"][0]["result"] == "done"
    again = x12_replace(paid_in_part(scenario.number()), payer_claim_number="P2")
    pay(scenario, again, trace="EFT2")
    assert balances_to_settle(scenario) == []
    taken = x12_replace(paid_in_part(scenario.number()), payer_claim_number="P3")
    pay(scenario, taken, provider=(("FB", 500),), trace="EFT3")
    [item] = scenario.api.get("/v1/worklist?kind=settle_provider_balance").json()["items"]
    assert (item["next_action"]["amount_cents"], item["next_action"]["reason"]) == (
        601,
        "The account with this payer is open: the payer has taken $5.00 that it had not carried forward; "
        "$1.01 are out of balance.",
    )


def test_what_a_person_released_out_of_balance_stays_in_the_account_in_cents(scenario):
    scenario.send()
    message = pay(scenario, paid_in_part(scenario.number()), total_cents=11_344)
    assert scenario.api.get("/v1/provider-accounts").json()["items"] == [], "nothing is booked while it waits"
    release(scenario, message)
    assert scenario.money() == PAID
    assert account(scenario) == {"payments": -11_445, "deposits": 11_344, "remittance": 101}


def test_deposits_that_agree_are_no_difference_and_every_other_is_listed(scenario):
    scenario.send()
    for trace, cents in (("EFT0001", 0), ("EFT0002", 5), ("EFT0003", 7)):
        paid = x12_replace(paid_in_part(scenario.number()), payer_claim_number=f"P{cents}")
        pay(scenario, paid, trace=trace)
    assert deposit(scenario).status_code == 201
    assert deposit(scenario, trace="EFT0002", amount_cents=11_000).status_code == 201
    assert deposit(scenario, trace="STRANGE1", amount_cents=99, payer_name="Harbor Mutual").status_code == 201
    found = differences(scenario)
    ids = {one["trace"]: [one["id"]] for one in listed(scenario)}
    assert (found["expected_cents"], found["deposited_cents"]) == (34_335, 22_544)
    columns = ("kind", "trace", "on", "expected_cents", "deposited_cents", "difference_cents", "remittance_ids")
    assert [tuple(one[name] for name in columns) for one in found["items"]] == [
        ("amount_differs", "EFT0002", "2026-03-04", 11_445, 11_000, -445, ids["EFT0002"]),
        ("missing", "EFT0003", "2026-03-04", 11_445, 0, -11_445, ids["EFT0003"]),
        ("unexpected", "STRANGE1", "2026-03-06", 0, 99, 99, []),
    ]
    assert found["items"][2]["payer_name"] == "Harbor Mutual"
    assert differences(scenario, "from_date=2025-01-01&to_date=2025-02-01")["items"] == []


def test_a_deposit_counts_for_its_remittance_when_it_came_on_another_day_than_was_asked_for(scenario):
    scenario.send()
    pay(scenario, paid_in_part(scenario.number()))
    assert deposit(scenario).status_code == 201
    for days in ("from_date=2026-03-04&to_date=2026-03-05", "from_date=2026-03-05&to_date=2026-03-06"):
        found = differences(scenario, days)
        assert (found["expected_cents"], found["deposited_cents"], found["items"]) == (11_445, 11_445, [])


def test_one_remittance_may_be_paid_in_equal_parts_of_one_day_and_by_several_deposits(scenario):
    scenario.send()
    pay(scenario, paid_in_part(scenario.number()))
    half = {"amount_cents": 5_000}
    assert (deposit(scenario, **half).status_code, deposit(scenario, **half).status_code) == (201, 409)
    assert deposit(scenario, number=2, **half).status_code == 201
    assert [one["difference_cents"] for one in differences(scenario)["items"]] == [-1_445]
    body = {
        "csv": "trace,amount,deposited_on,payer\nEFT0001,50.00,2026-03-06,A\nEFT0001,50.00,2026-03-06,B\n"
        "EFT0001,14.45,2026-03-07,\n",
        "actor": BILLER,
    }
    imported = scenario.api.post("/v1/deposits/import", body).json()
    assert (imported["entered"], imported["entered_before"]) == (1, 2)
    assert differences(scenario)["items"] == []
    text = "trace,amount,deposited_on,payer\nEFT9,7.00,2026-03-06,A\nEFT9,7.00,2026-03-06,B\n"
    alone = scenario.api.post("/v1/deposits/import", {"csv": text, "actor": BILLER}).json()
    assert alone["entered"] == 2


def test_a_deposit_is_entered_once(scenario):
    first = deposit(scenario)
    again = deposit(scenario)
    assert (first.status_code, again.status_code, again.json()["code"]) == (201, 409, "deposit_entered_before")
    assert scenario.api.get("/v1/deposits").json()["items"] == [first.json()]
    assert deposit(scenario, amount_cents=0).status_code == 422


def test_a_banks_file_is_imported_row_by_row_and_may_come_again(scenario):
    text = (
        "Trace,Amount,deposited_on,payer\n"
        "EFT0001,114.45,2026-03-06,Cascade Mutual\n"
        'CHK9,"$1,234.50",2026-03-07,\n'
        "bad trace,1.00,2026-03-07,\n"
        "CHK10,1.5,2026-03-07,\n"
        "CHK11,2.00,03/07/2026,\n"
    )
    body = {"csv": text, "actor": BILLER}
    first = scenario.api.post("/v1/deposits/import", body).json()
    assert (first["entered"], first["entered_before"]) == (2, 0)
    assert [(one["row"], one["column"]) for one in first["rejected"]] == [
        (4, "trace"),
        (5, "amount"),
        (6, "deposited_on"),
    ]
    again = scenario.api.post("/v1/deposits/import", body).json()
    assert (again["entered"], again["entered_before"]) == (0, 2)
    kept = scenario.api.get("/v1/deposits").json()["items"]
    assert [(one["trace"], one["amount_cents"], one["payer_name"]) for one in kept] == [
        ("EFT0001", 11_445, "Cascade Mutual"),
        ("CHK9", 123_450, None),
    ]
    nothing = scenario.api.post("/v1/deposits/import", {"csv": "a,b\n1,2\n", "actor": BILLER}).json()
    assert (nothing["entered"], nothing["rejected"][0]["column"]) == (0, "trace")
