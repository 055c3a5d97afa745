"""835: what a payer paid lands on the right cents of the right claims, once; what fits nothing waits for a person."""

import re

import pytest

from services.claims.store.claims import NUMBERS_AT_ONCE, organizations_of_numbers
from services.claims.store.tables import ClaimNumberRow, LedgerRow, PostingRow
from shared.database.operations import AuditEntry
from tests.harness.tokens import ORGANIZATION, OTHER_ORGANIZATION
from tests.services.claims.factories import BILLER, CANARIES, COVERAGE, a_coverage, a_coverage_bundle, a_payer
from tests.services.claims.fake_clearinghouse import (
    cas,
    claim_payment,
    denied,
    paid_in_part,
    rejected,
    remittance,
    reversal_of,
    service,
    x12_replace,
)

PAID = (11_445, 4_255, 2_500, 0)


def codes(message):
    return [one["code"] for one in message["reasons"]]


def pay(scenario, *payments, **more):
    return scenario.receive(remittance(*payments, **more), "835")


def release(scenario, message, reason="The payer confirmed the sum by phone."):
    path = f"/v1/messages/{message['id']}/release"
    answer = scenario.api.post(path, {"reason": reason, "actor": BILLER})
    assert (answer.status_code, answer.json()["state"]) == (200, "released")
    scenario.run()
    return next(one for one in scenario.messages() if one["id"] == message["id"])


def test_a_payment_puts_every_cent_somewhere_and_says_whose_turn_it_is(scenario):
    scenario.send()
    message = pay(scenario, paid_in_part(scenario.number()))
    claim = scenario.claim()
    assert (message["state"], message["reasons"], message["claims"]) == ("applied", [], 1)
    assert (scenario.money(), claim["state"], claim["outcome"]) == (PAID, "adjudicated", "paid")
    assert [line["money"]["paid_cents"] for line in claim["lines"]] == [7_745, 3_700]
    assert [(a["group"], a["reason_code"], a["meaning"]) for a in claim["adjustments"]] == [
        ("CO", "45", "write_off"),
        ("PR", "3", "patient"),
        ("CO", "45", "write_off"),
    ]
    assert claim["adjustments"][1]["fix"] == "Bill the patient what was not collected at the visit."
    assert (claim["next_action"]["kind"], claim["payer_claim_number"]) == ("bill_patient", "PAYER0001")
    assert "$25.00" in claim["next_action"]["reason"]


def test_all_to_the_deductible_is_zero_paid_and_not_denied(scenario):
    scenario.send()
    number = scenario.number()
    lines = ((1, "97124", 13_500), (2, "97110", 4_700))
    pay(scenario, claim_payment(number, *(service(number, n, code, c, 0, cas("PR", "1", c)) for n, code, c in lines)))
    assert (scenario.money(), scenario.claim()["outcome"]) == ((0, 0, 18_200, 0), "zero_paid")


def test_a_denial_leaves_the_amount_with_the_insurer_and_asks_for_an_appeal(scenario):
    scenario.send()
    pay(scenario, denied(scenario.number(), "50"))
    claim = scenario.claim()
    assert (scenario.money(), claim["outcome"], claim["next_action"]["kind"]) == ((0, 0, 0, 18_200), "denied", "appeal")


@pytest.mark.parametrize(
    ("rank", "other"),
    [
        pytest.param(2, {"rank": 1}, id="the other payer is the first, and has paid"),
        pytest.param(1, {"rank": 2, "effective_to": "2025-12-31"}, id="the second coverage ended before the visit"),
    ],
)
def test_only_a_later_payer_that_covers_the_day_is_billed_next(scenario, neighbours, rank, other):
    neighbours.hold()
    first = {
        "coverage": a_coverage("cov_other01", payer_id="pay_other001", **other),
        "payer": a_payer(id="pay_other001"),
    }
    neighbours.files[COVERAGE] = a_coverage_bundle(coverage=a_coverage(rank=rank), other_coverages=[first])
    left = {"group": "PR", "reason_code": "3", "amount_cents": 3_000}
    prior = {"payer_id": "pay_other001", "paid_cents": 15_200, "adjustments": [left], "remitted_on": "2026-02-20"}
    claim = scenario.api.create(prior_payments=[prior] if rank == 2 else []).json()
    assert claim["state"] == "ready", claim["findings"]
    scenario.claims.append(claim)
    assert scenario.api.submit(claim["id"]).status_code == 202
    scenario.run()
    number = scenario.number()
    first = service(number, 1, "97124", 13_500, 2_000, cas("OA", "23", 10_500), cas("PR", "3", 1_000))
    second = service(number, 2, "97110", 4_700, 0, cas("OA", "23", 4_700))
    pay(scenario, claim_payment(number, first, second, status="2") if rank == 2 else paid_in_part(number))
    assert scenario.claim()["next_action"]["kind"] == "bill_patient"


@pytest.mark.safeguard("API6")
def test_the_same_835_twice_posts_once(scenario):
    scenario.send()
    content = remittance(paid_in_part(scenario.number()))
    scenario.receive(content, "835")
    again = scenario.receive(content, "835")
    assert (again["state"], codes(again), scenario.money()) == ("applied", ["payment_posted_before"], PAID)
    assert (len(scenario.rows(PostingRow)), scenario.claim()["version"]) == (1, scenario.claim()["version"])


def test_a_reissue_under_new_control_numbers_and_in_another_place_posts_nothing(scenario):
    scenario.send(2)
    first, second = paid_in_part(scenario.number(0)), paid_in_part(scenario.number(1))
    pay(scenario, first, second)
    moved = [x12_replace(one, group=x12_replace(one.group, number=n)) for n, one in ((1, second), (2, first))]
    again = pay(scenario, *moved, number=77)
    assert codes(again) == ["payment_posted_before"] * 2
    assert [scenario.money(0), scenario.money(1)] == [PAID, PAID]


def test_two_equal_payments_in_one_remittance_are_two_payments(scenario):
    scenario.send()
    one = paid_in_part(scenario.number())
    content = remittance(one, reversal_of(one), one)
    scenario.receive(content, "835")
    assert (scenario.money(), len(scenario.rows(PostingRow))) == (PAID, 3)
    scenario.receive(content, "835")
    assert (scenario.money(), len(scenario.rows(PostingRow))) == (PAID, 3)


def test_the_same_amounts_under_another_check_are_another_payment(scenario):
    scenario.send()
    pay(scenario, paid_in_part(scenario.number()))
    pay(scenario, paid_in_part(scenario.number()), trace="EFT0002")
    claim = scenario.claim()
    assert claim["money"]["paid_cents"] == 22_890
    assert (claim["next_action"]["kind"], claim["next_action"]["rule"]) == ("review", "overpaid")


def test_a_reversal_undoes_exactly_what_it_reverses_and_a_person_looks(scenario):
    scenario.send()
    one = paid_in_part(scenario.number())
    pay(scenario, one)
    pay(scenario, reversal_of(one), trace="EFT0002")
    claim = scenario.claim()
    assert (scenario.money(), claim["outcome"]) == ((0, 0, 0, 18_200), "reversed")
    assert (claim["next_action"]["kind"], claim["next_action"]["rule"]) == ("review", "reversal")


@pytest.mark.safeguard("164.312(e)(2)(i)", "API10")
def test_a_remittance_out_of_balance_is_quarantined_with_the_segment_and_the_cents(scenario):
    scenario.send()
    message = pay(scenario, paid_in_part(scenario.number()), total_cents=11_344)
    assert (message["state"], scenario.money()) == ("quarantined", (0, 0, 0, 18_200))
    said = " ".join(one["message"] for one in message["reasons"])
    assert "1.01" in said or "101" in said, said
    assert any("BPR" in one["pointer"] for one in message["reasons"])
    assert scenario.rows(PostingRow) == []


def test_a_released_remittance_is_applied_as_it_stands_in_the_persons_name(scenario):
    scenario.send()
    message = pay(scenario, paid_in_part(scenario.number()), total_cents=11_344)
    assert release(scenario, message)["state"] == "applied"
    assert scenario.money() == PAID
    entry = next(one for one in scenario.rows(AuditEntry) if one.action == "release_message")
    assert entry.reason == "The payer confirmed the sum by phone."
    assert (entry.actor, entry.subject_id, entry.client_id) == (BILLER, message["id"], "cli_test0001")


def test_a_partly_unknown_remittance_posts_the_known_and_stays_open(scenario):
    scenario.send()
    message = pay(scenario, paid_in_part(scenario.number()), paid_in_part("KNOBODYS0001"))
    assert (message["state"], codes(message), message["claims"]) == ("quarantined", ["claim_unknown"], 1)
    assert "$114.45" in message["reasons"][0]["message"]
    assert scenario.money() == PAID
    again = release(scenario, message)
    assert (again["state"], codes(again)) == ("quarantined", ["payment_posted_before", "claim_unknown"])
    assert scenario.money() == PAID


def test_a_remittance_of_unknown_claims_is_listed_at_the_practice_it_pays(scenario):
    scenario.send()
    message = pay(scenario, paid_in_part("KNOBODYS0001"))
    assert [one["id"] for one in scenario.messages(state="quarantined")] == [message["id"]]
    assert scenario.api.get("/v1/messages", organization_id=OTHER_ORGANIZATION).json()["items"] == []


def test_a_service_that_fits_no_line_posts_nothing_of_its_claim(scenario):
    scenario.send()
    number = scenario.number()
    stray = claim_payment(number, service(number, 9, "98940", 18_200, 18_200))
    message = pay(scenario, stray)
    assert (message["state"], codes(message)) == ("quarantined", ["service_unknown"])
    assert scenario.money() == (0, 0, 0, 18_200)


def test_a_forecast_posts_nothing_and_leaves_the_claim_where_it_is(scenario):
    scenario.send()
    message = pay(scenario, x12_replace(paid_in_part(scenario.number()), status="25"))
    assert (message["state"], codes(message)) == ("applied", ["payment_forecast"])
    assert (scenario.claim()["state"], scenario.money(), scenario.rows(PostingRow)) == (
        "submitted",
        (0, 0, 0, 18_200),
        [],
    )
    pay(scenario, paid_in_part(scenario.number()))
    assert scenario.money() == PAID


@pytest.mark.parametrize("cents", [100_000_000, 10**13])
def test_an_amount_beyond_every_claim_waits_for_a_person_and_keeps_nothing_else_from_being_posted(scenario, cents):
    scenario.send(2)
    number = scenario.number()
    lines = (service(number, 1, "97124", 13_500, cents, cas("CO", "45", 13_500 - cents)),)
    message = pay(scenario, claim_payment(number, *lines), paid_in_part(scenario.number(1)))
    assert (message["state"], codes(message)) == ("quarantined", ["amount_beyond_limit"])
    assert [scenario.money(0), scenario.money(1)] == [(0, 0, 0, 18_200), PAID]


STRANGE_AMOUNTS = ("92233720368547758.08", "-92233720368547758.09", "9" * 40, "1E999")


def test_an_amount_that_no_integer_or_column_holds_waits_for_a_person_and_the_next_message_is_posted(scenario):
    """In the check, in the claim and in a provider adjustment; beyond 64 bits, below zero, and what is no number."""
    scenario.send()
    whole = remittance(paid_in_part(scenario.number()), provider=[("WO", 45)])
    places = [
        re.search(pattern, whole)
        for pattern in (r"BPR\*I\*([^*]+)", r"CLP\*\w+\*1\*182\*([^*]+)", r"WO:REF1\*([^~*]+)")
    ]
    contents = [
        whole[: place.start(1)] + amount + whole[place.end(1) :] for place in places for amount in STRANGE_AMOUNTS
    ]
    for content in contents:
        message = scenario.receive(content, "835")
        assert (message["state"], scenario.money()) == ("quarantined", (0, 0, 0, 18_200)), content
    pay(scenario, paid_in_part(scenario.number()))
    assert scenario.money() == PAID


def test_every_claim_number_of_a_long_remittance_says_whose_it_is(scenario):
    strangers = [f"KNOBODY{place:05d}" for place in range(NUMBERS_AT_ONCE)]
    theirs = ClaimNumberRow(organization_id=OTHER_ORGANIZATION, id="THEIRNUMBER1", claim_id="clm_their0001")
    scenario.send()
    scenario.deps.database.run(lambda session: session.add(theirs))
    with scenario.deps.database.reading() as session:
        named = [scenario.number(), *strangers, "THEIRNUMBER1"]
        expected = {scenario.number(): {ORGANIZATION}, "THEIRNUMBER1": {OTHER_ORGANIZATION}}
        assert organizations_of_numbers(session, named) == expected


def test_money_for_a_number_that_is_not_submitted_waits_for_a_person(scenario):
    scenario.make()
    message = pay(scenario, paid_in_part(scenario.number()))
    assert (message["state"], codes(message)) == ("quarantined", ["claim_not_submitted"])
    assert scenario.money() == (0, 0, 0, 18_200)
    scenario.send()
    assert release(scenario, message)["state"] == "applied"
    assert scenario.money() == PAID


def test_money_for_a_rejected_submission_is_posted_and_the_next_one_is_not_sent_as_a_duplicate(scenario):
    scenario.send()
    number = scenario.number()
    scenario.receive(rejected(number))
    path = f"/v1/claims/{scenario.claims[0]['id']}"
    scenario.api.post(f"{path}/refresh", {})
    assert (pay(scenario, paid_in_part(number))["state"], scenario.money()) == ("applied", PAID)
    action = scenario.claim()["next_action"]
    assert (scenario.claim()["state"], action["kind"], action["rule"]) == ("ready", "review", "decided_meanwhile")
    assert scenario.api.submit(scenario.claims[0]["id"]).json()["code"] == "decided_meanwhile"
    back = scenario.api.post(f"{path}/withdraw-correction", {"reason": "It was paid after all."}).json()
    assert (back["claim_number"], back["state"], back["outcome"]) == (number, "adjudicated", "paid")


def test_money_outweighs_a_rejection_that_is_not_fixed_yet(scenario):
    scenario.send()
    scenario.receive(rejected(scenario.number()))
    pay(scenario, paid_in_part(scenario.number()))
    assert (scenario.claim()["state"], scenario.money()) == ("adjudicated", PAID)


def test_money_that_belongs_to_no_claim_is_noted_with_its_cents(scenario):
    scenario.send()
    message = pay(scenario, paid_in_part(scenario.number()), provider=(("WO", 1_000), ("L6", -12)))
    assert (message["state"], codes(message)) == ("applied", ["provider_adjustment"] * 2)
    assert "$10.00" in message["reasons"][0]["message"]
    assert scenario.money() == PAID


@pytest.mark.parametrize("total_cents", [None, 1])
def test_reasons_hold_no_persons_data(scenario, total_cents):
    scenario.send()
    payments = (paid_in_part(scenario.number()), paid_in_part("KNOBODYS0001"), denied(scenario.number(), "ZZ9"))
    message = pay(scenario, *payments, total_cents=total_cents)
    assert message["reasons"]
    assert not [word for word in CANARIES if word.lower() in str(message["reasons"]).lower()]
    assert scenario.number() not in str(message["reasons"])


@pytest.mark.safeguard("164.312(c)(1)")
def test_no_entry_of_the_ledger_is_ever_changed(scenario):
    scenario.send()
    one = paid_in_part(scenario.number())
    pay(scenario, one)
    before = {row.id: (row.source, row.target, row.amount_cents) for row in scenario.rows(LedgerRow)}
    pay(scenario, reversal_of(one), denied(scenario.number()), trace="EFT0002")
    after = {row.id: (row.source, row.target, row.amount_cents) for row in scenario.rows(LedgerRow)}
    assert before.items() <= after.items()
    assert all(amount > 0 for _source, _target, amount in after.values())


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_what_a_person_is_waited_for_is_said_whatever_else_there_is_to_know(scenario):
    """120 forecasts of one claim come before the payment that fits no claim; 100 reasons are kept."""
    scenario.send()
    forecasts = [
        claim_payment(scenario.number(), service(scenario.number(), 1, "97124", cents, cents), status="25")
        for cents in range(101, 221)
    ]
    message = pay(scenario, *forecasts, paid_in_part("NOBODYS1"))
    assert (message["state"], len(message["reasons"])) == ("quarantined", 100)
    assert codes(message)[-2:] == ["payment_forecast", "claim_unknown"]


def test_a_payment_under_an_earlier_number_goes_to_the_lines_that_were_sent_under_it(scenario):
    """The claim was rejected and went out again without its massage; then the payer pays the first one as it was."""
    scenario.send()
    earlier = scenario.number()
    scenario.receive(rejected(earlier))
    path = f"/v1/claims/{scenario.claims[0]['id']}"
    assert scenario.api.post(f"{path}/refresh", {"left_off": ["97124"]}).status_code == 200
    assert scenario.api.submit(scenario.claims[0]["id"]).status_code == 202
    massage, exercise = service(earlier, 1, "97124", 13_500, 13_500), service(earlier, 2, "97110", 4_700, 4_700)
    assert pay(scenario, claim_payment(earlier, massage, exercise))["state"] == "applied"
    # The massage is not billed any more, so what was paid for it is owed back.
    assert scenario.money() == (18_200, 0, 0, -13_500)
    stray = pay(scenario, claim_payment(earlier, service(earlier, 3, "97140", 4_700, 4_700)), number=2)
    assert (stray["state"], codes(stray)) == ("quarantined", ["service_unknown"])


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_an_open_amount_that_the_payer_only_informs_of_stays_on_the_worklist(scenario):
    """OA-23 is what another payer has done; nothing here says so, and a person has to see it."""
    scenario.send()
    number = scenario.number()
    first = service(number, 1, "97124", 13_500, 3_500, cas("OA", "23", 10_000))
    pay(scenario, claim_payment(number, first, service(number, 2, "97110", 4_700, 4_700)))
    assert (scenario.money(), scenario.claim()["next_action"]["kind"]) == ((8_200, 0, 0, 10_000), "review")
