"""What was decided about a payment is taken back over HTTP: every cent, both claims and the message are as before."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from services.claims.store.tables import ClaimRow, LedgerRow, PostingRow
from shared.database.operations import AuditEntry
from tests.services.claims.factories import BILLER, PAYER
from tests.services.claims.fake_clearinghouse import (
    accepted,
    claim_payment,
    denied,
    paid_in_part,
    rejected,
    remittance,
    reversal_of,
    x12_replace,
)
from tests.services.claims.test_money_in_sequence import CASH, act, deposits
from tests.services.claims.test_next_payers import FIRST_PLAN, SECOND_PLAN, hold
from tests.services.claims.test_remittances import (
    OPEN,
    PAID,
    WHY,
    decide,
    detail,
    listed,
    match,
    pay,
    to_do_about_messages,
)

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
MOVING = {"version", "timeline", "updated_at"}


def unmatch(scenario, remittance_id, number=1):
    scenario.clock.advance(timedelta(seconds=1))
    return decide(scenario, remittance_id, "unmatch", number)


def seen(scenario, place=0):
    """Everything that the API says of a claim but its version."""
    return {name: value for name, value in scenario.claim(place).items() if name not in MOVING}


def sums(scenario, place=0):
    """What the claim's ledger comes to by line, accounts and reason."""
    found = {}
    for one in scenario.api.get(f"/v1/claims/{scenario.claims[place]['id']}/ledger?limit=200").json()["items"]:
        there = (one["line_number"], one["from_account"], one["to_account"], one["reason"])
        back = (one["line_number"], one["to_account"], one["from_account"], one["reason"])
        found[there] = found.get(there, 0) + one["amount_cents"]
        found[back] = found.get(back, 0) - one["amount_cents"]
    return {key: cents for key, cents in found.items() if cents}


def unknown(scenario, *payments):
    """A remittance whose payments name nobody's claim; its summary."""
    pay(scenario, *(payments or (paid_in_part("KNOBODYS0001"),)))
    scenario.clock.advance(timedelta(seconds=1))
    return listed(scenario)[-1]


def test_a_payment_matched_to_a_wrong_claim_is_taken_back_and_matched_to_the_right_one(scenario):
    scenario.send(2)
    scenario.receive(accepted(scenario.number(0)))
    before = [(seen(scenario, place), sums(scenario, place)) for place in (0, 1)]
    summary = unknown(scenario)
    waiting, [message] = detail(scenario, summary["id"]), scenario.messages(state="quarantined")
    assert match(scenario, summary["id"]).status_code == 200
    assert (scenario.money(), scenario.claim()["state"]) == (PAID, "adjudicated")
    answer = unmatch(scenario, summary["id"])
    assert answer.status_code == 200, answer.text
    assert [(seen(scenario, place), sums(scenario, place)) for place in (0, 1)] == before
    after = detail(scenario, summary["id"])
    assert answer.json() == after["items"][0]
    expected = waiting["items"][0] | {"result": waiting["items"][0]["result"] | {"code": "payment_unmatched"}}
    assert after == waiting | {"items": [expected]}
    [again] = scenario.messages(state="quarantined")
    assert (again["id"], [one["code"] for one in again["reasons"]]) == (message["id"], ["payment_unmatched"])
    assert to_do_about_messages(scenario) == [message["id"]]
    [item] = scenario.api.get("/v1/worklist?kind=match_payment").json()["items"]
    assert item["next_action"]["operation"]["path"] == f"/v1/remittances/{summary['id']}/payments/1/match"
    assert match(scenario, summary["id"], place=1).status_code == 200
    assert (scenario.money(0), scenario.money(1), deposits(scenario)) == (OPEN, PAID, 11_445)
    assert (to_do_about_messages(scenario), scenario.messages(state="quarantined")) == ([], [])
    assert [row.claim_id for row in scenario.rows(PostingRow)] == [scenario.claims[1]["id"]]
    [entry] = [one for one in scenario.rows(AuditEntry) if one.action == "unmatch_payment"]
    assert (entry.actor, entry.subject_id, entry.reason) == (BILLER, summary["id"], WHY)
    kinds = [one["kind"] for one in scenario.api.get(f"/v1/claims/{scenario.claims[0]['id']}/timeline").json()["items"]]
    assert kinds[-2:] == ["payment_matched", "payment_unmatched"]


def test_a_payment_that_names_an_earlier_number_of_another_claim_is_of_the_present_submission_of_its_own(scenario):
    """The other claim is voided, so that its second number of three takes no payment."""
    scenario.send(2)
    numbers = [scenario.number(1)]
    for _ in range(2):
        scenario.receive(rejected(numbers[-1]))
        assert act(scenario, "refresh", 1).status_code == 200
        assert scenario.api.submit(scenario.claims[1]["id"]).status_code == 202
        scenario.run()
        numbers.append(scenario.number(1))
    scenario.receive(rejected(numbers[-1]))
    assert act(scenario, "void", 1).json()["state"] == "voided"
    summary = unknown(scenario, paid_in_part(numbers[1]))
    assert (summary["waiting"], match(scenario, summary["id"]).status_code) == (1, 200)
    assert scenario.money() == PAID
    [answer] = scenario.rows(ClaimRow)[0].document.responses.payments
    assert (answer.submission, scenario.claim(1)["state"]) == (1, "voided")


def test_a_payment_that_posted_itself_is_taken_back_and_no_message_posts_it_again(scenario):
    scenario.send(2)
    content = remittance(paid_in_part(scenario.number()))
    scenario.receive(content, "835")
    [summary] = listed(scenario)
    assert unmatch(scenario, summary["id"]).status_code == 200
    action = scenario.claim()["next_action"]
    assert (scenario.money(), scenario.claim()["state"], action["kind"]) == (OPEN, "submitted", "resolve_payment")
    again = scenario.receive(content, "835")
    assert [one["code"] for one in again["reasons"]] == ["payment_waits_already"]
    [message] = scenario.messages(state="quarantined")
    scenario.api.post(f"/v1/messages/{message['id']}/release", {"reason": WHY, "actor": BILLER})
    scenario.run()
    assert (scenario.money(), listed(scenario)[0]["waiting"]) == (OPEN, 1)
    assert match(scenario, summary["id"], place=1).status_code == 200
    assert (scenario.money(0), scenario.money(1)) == (OPEN, PAID)
    assert scenario.claim()["next_action"]["kind"] == "await_acknowledgement"


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ([], ("submitted", None)),
        ([("AY", "A2")], ("accepted", "clearinghouse")),
        ([("AY", "A3")], ("rejected", "clearinghouse")),
        ([("AY", "A3"), ("AY", "A2")], ("accepted", "clearinghouse")),
        ([("AY", "A2"), ("PR", "A2")], ("accepted", "payer")),
        ([("PR", "A2"), ("PR", "A7")], ("rejected", "payer")),
    ],
)
def test_a_claim_is_where_its_other_answers_have_led_it_whenever_they_came(scenario, answers, state):
    scenario.send()
    summary = unknown(scenario)
    for come, (by, category) in enumerate(answers):
        if come == len(answers) - 1:
            assert match(scenario, summary["id"]).status_code == 200
        write = accepted if category == "A2" else rejected
        more = {} if category == "A2" else {"category": category}
        scenario.receive(write(scenario.number(), by, **more))
    if not answers:
        assert match(scenario, summary["id"]).status_code == 200
    assert scenario.claim()["state"] == "adjudicated"
    assert unmatch(scenario, summary["id"]).status_code == 200
    found = scenario.claim()
    assert (found["state"], found["state_by"], scenario.money()) == (*state, OPEN)


def refused(scenario, summary, *codes):
    answer = unmatch(scenario, summary["id"])
    assert (answer.status_code, [one["code"] for one in answer.json()["errors"]]) == (409, [*codes]), answer.text
    assert answer.json()["code"] == codes[0]
    return answer.json()["errors"]


def test_a_payment_with_which_the_next_payer_was_billed_stays_until_that_claim_is_voided(scenario, neighbours):
    hold(neighbours, FIRST_PLAN, SECOND_PLAN)
    scenario.send()
    before, summary = seen(scenario), unknown(scenario)
    assert match(scenario, summary["id"]).status_code == 200
    scenario.claims.append(act(scenario, "bill-secondary").json())
    [fault] = refused(scenario, summary, "next_payer_billed")
    assert fault["fix"] == f"Void claim {scenario.claims[1]['id']} first."
    assert act(scenario, "void", 1).status_code == 200
    assert unmatch(scenario, summary["id"]).status_code == 200
    assert seen(scenario) == before


def test_a_denial_that_is_appealed_stays_until_the_appeal_has_ended(scenario):
    scenario.send()
    summary = unknown(scenario, denied("KNOBODYS0001"))
    assert match(scenario, summary["id"]).status_code == 200
    appeal = act(scenario, "appeals").json()
    [fault] = refused(scenario, summary, "appeal_open")
    assert appeal["id"] in fault["message"]
    assert act(scenario, f"appeals/{appeal['id']}/withdraw", reason="The payer was right.").status_code == 200
    assert unmatch(scenario, summary["id"]).status_code == 200


def test_what_came_after_the_next_payer_was_billed_is_taken_back_without_it(scenario, neighbours):
    hold(neighbours, FIRST_PLAN, SECOND_PLAN)
    scenario.send()
    scenario.receive(remittance(paid_in_part(scenario.number()), trace="EFT0009"), "835")
    scenario.claims.append(act(scenario, "bill-secondary").json())
    scenario.clock.advance(timedelta(seconds=1))
    before, summary = [seen(scenario, place) for place in (0, 1)], unknown(scenario, denied("KNOBODYS0001"))
    assert match(scenario, summary["id"]).status_code == 200
    assert unmatch(scenario, summary["id"]).status_code == 200
    assert [seen(scenario, place) for place in (0, 1)] == before


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("patient-payments", {"amount_cents": 2_500, **CASH}),
        ("refunds", {"amount_cents": 1_000, "payee": "insurer", "reason": WHY}),
        ("write-offs", {"amount_cents": 500, "account": "patient", "kind": "courtesy", "reason": WHY}),
        ("transfers", {"amount_cents": 500, "to_account": "insurer", "reason": WHY}),
    ],
)
def test_a_payment_after_which_a_person_entered_money_stays_until_that_is_reversed(scenario, verb, body):
    scenario.send()
    before, summary = seen(scenario), unknown(scenario)
    assert match(scenario, summary["id"]).status_code == 200
    scenario.clock.advance(timedelta(seconds=1))
    assert act(scenario, verb, **body).status_code == 201
    [fault] = refused(scenario, summary, "money_moved_on")
    source_id = fault["pointer"].removeprefix("/claim/ledger/")
    assert act(scenario, "reversals", source_id=source_id, reason=WHY).status_code == 201
    assert unmatch(scenario, summary["id"]).status_code == 200
    assert seen(scenario) == before


def test_what_a_payer_allowed_too_little_for_is_no_more_once_its_payment_is_taken_back(scenario):
    fees = {"effective_from": "2026-01-01", "fees": [{"procedure_code": "97124", "unit_cents": 4_000}]}
    assert scenario.api.put(f"/v1/payer-fees/{PAYER}", fees).status_code == 201
    scenario.send()
    before, summary = seen(scenario), unknown(scenario)
    assert match(scenario, summary["id"]).status_code == 200
    assert scenario.claim()["next_action"]["kind"] == "dispute_underpayment"
    assert unmatch(scenario, summary["id"]).status_code == 200
    assert (seen(scenario), scenario.claim()["underpayments"]) == (before, [])


@pytest.mark.parametrize("earlier_seconds", [0, 1])
@pytest.mark.parametrize("paid", [paid_in_part, denied])
def test_money_that_a_person_entered_before_the_payment_stays_where_it_is(scenario, paid, earlier_seconds):
    """Of one moment the order of the ledger says what came first, where the payment has entries there."""
    scenario.send()
    summary = unknown(scenario, paid("KNOBODYS0001"))
    assert act(scenario, "patient-payments", amount_cents=2_000, **CASH).status_code == 201
    before = seen(scenario)
    scenario.clock.advance(timedelta(seconds=earlier_seconds))
    assert match(scenario, summary["id"]).status_code == 200
    if paid is denied and not earlier_seconds:
        refused(scenario, summary, "money_moved_on")
        return
    assert unmatch(scenario, summary["id"]).status_code == 200
    assert (seen(scenario), scenario.claim()["money"]["patient_paid_cents"]) == (before, 2_000)


def test_a_payment_that_a_correction_follows_stays_until_that_is_withdrawn(scenario):
    scenario.send()
    before, summary = seen(scenario), unknown(scenario, denied("KNOBODYS0001"))
    assert match(scenario, summary["id"]).status_code == 200
    assert act(scenario, "correct", reason=WHY).status_code == 200
    [fault] = refused(scenario, summary, "correction_under_way")
    assert "withdraw-correction" in fault["fix"]
    assert act(scenario, "withdraw-correction", reason=WHY).status_code == 200
    assert unmatch(scenario, summary["id"]).status_code == 200
    assert seen(scenario) == before


def test_a_payment_of_the_submission_before_is_taken_back_after_the_replacement_was_sent(scenario):
    scenario.send()
    scenario.receive(accepted(scenario.number(), payer_claim_number="PAYER0001"))
    first = scenario.number()
    summary = unknown(scenario, denied(first))
    assert act(scenario, "correct", reason=WHY).status_code == 200
    assert act(scenario, "submit").status_code == 202
    scenario.run()
    before = scenario.money()
    assert unmatch(scenario, summary["id"]).status_code == 200
    chain = scenario.api.get(f"/v1/claims/{scenario.claims[0]['id']}/submissions").json()["items"]
    assert [(one["claim_number"] == first, one["state"]) for one in chain] == [(True, "accepted"), (False, "submitted")]
    assert (scenario.money(), scenario.claim()["state"]) == (before, "submitted")


def test_of_a_payment_and_its_reversal_the_reversal_is_taken_back_first(scenario):
    scenario.send()
    before, one = seen(scenario), paid_in_part(scenario.number())
    summary = unknown(scenario, one)
    paid = seen(scenario)
    pay(scenario, reversal_of(one), trace="EFT0002", paid_on=date(2026, 3, 20))
    reversal = listed(scenario)[-1]
    refused(scenario, summary, "payment_reversed")
    assert unmatch(scenario, reversal["id"]).status_code == 200
    assert decide(scenario, reversal["id"], "set-aside").status_code == 200
    assert seen(scenario) == paid
    assert unmatch(scenario, summary["id"]).status_code == 200
    assert decide(scenario, summary["id"], "set-aside").status_code == 200
    assert seen(scenario) == before


def test_of_a_reversal_and_its_correction_in_one_remittance_each_is_taken_back_alone(scenario):
    scenario.send()
    one = paid_in_part(scenario.number())
    pay(scenario, one)
    before = (scenario.money(), scenario.claim()["outcome"], sums(scenario))
    pay(scenario, reversal_of(one), denied(scenario.number()), trace="EFT0002", paid_on=date(2026, 3, 20))
    changed, both = scenario.money(), listed(scenario)[-1]
    assert changed != before[0]
    for number in (2, 1):
        assert unmatch(scenario, both["id"], number).status_code == 200
    assert (scenario.money(), scenario.claim()["outcome"], sums(scenario)) == before
    assert [one["result"]["state"] for one in detail(scenario, both["id"])["items"]] == ["waiting", "waiting"]
    assert act(scenario, "post-waiting-payments", reason=WHY).status_code == 200
    assert scenario.money() == changed


def test_one_of_two_payments_that_a_remittance_made_on_one_claim_is_taken_back_alone(scenario):
    """All at one moment of the clock: the entries of each are known by their source."""
    scenario.send()
    pay(scenario, paid_in_part(scenario.number()), denied("KNOBODYS0001"))
    [summary], before = listed(scenario), (seen(scenario), sums(scenario))
    for _ in range(3):
        assert match(scenario, summary["id"], 2).status_code == 200
        assert decide(scenario, summary["id"], "unmatch", 2).status_code == 200
        assert (seen(scenario), sums(scenario)) == before
    assert decide(scenario, summary["id"], "unmatch").status_code == 200
    assert scenario.money() == OPEN
    ledger = scenario.api.get(f"/v1/claims/{scenario.claims[0]['id']}/ledger?limit=200").json()["items"]
    assert {one["source_id"] for one in ledger} == {scenario.claims[0]["id"], summary["message_id"]}


def test_what_was_set_aside_by_mistake_waits_again_as_before(scenario):
    scenario.send()
    summary = unknown(scenario)
    before, [message] = detail(scenario, summary["id"]), scenario.messages(state="quarantined")
    nothing = unmatch(scenario, summary["id"])
    assert (nothing.status_code, nothing.json()["code"]) == (409, "payment_not_waiting")
    assert decide(scenario, summary["id"], "set-aside").status_code == 200
    assert unmatch(scenario, summary["id"]).status_code == 200
    assert detail(scenario, summary["id"]) == before
    assert [one["id"] for one in scenario.messages(state="quarantined")] == [message["id"]]
    assert to_do_about_messages(scenario) == [message["id"]]


def test_what_was_released_by_mistake_waits_again_and_is_out_of_the_accounts(scenario):
    scenario.send()
    scenario.receive(remittance(paid_in_part(scenario.number()), total_cents=11_344), "835")
    scenario.clock.advance(timedelta(seconds=1))
    [summary], before = listed(scenario), seen(scenario)
    [message] = scenario.messages(state="quarantined")
    path = f"/v1/messages/{message['id']}/release"
    for _ in range(2):
        assert scenario.api.post(path, {"reason": WHY, "actor": BILLER}).status_code == 200
        scenario.run()
        assert (scenario.money(), deposits(scenario)) == (PAID, 11_344)
        assert unmatch(scenario, summary["id"]).status_code == 200
        assert (seen(scenario), deposits(scenario), listed(scenario)) == (before, 0, [summary])
        [again] = scenario.messages(state="quarantined")
        assert [one["code"] for one in again["reasons"]] == ["release_taken_back"]
        [item] = scenario.api.get("/v1/worklist?kind=release_message").json()["items"]
        assert item["subject_id"] == message["id"]
        items = scenario.api.get("/v1/worklist?kind=settle_provider_balance").json()["items"]
        differences = scenario.api.get("/v1/deposits/differences?from_date=2026-03-01&to_date=2026-03-31").json()
        assert (items, differences["items"], differences["expected_cents"]) == ([], [], 0)


def test_the_same_money_from_another_source_leaves_the_accounts_when_its_match_is_taken_back(scenario):
    scenario.send()
    pay(scenario, paid_in_part(scenario.number()))
    pay(scenario, x12_replace(paid_in_part(scenario.number()), payer_claim_number="PAYER0002"), number=2)
    scenario.clock.advance(timedelta(seconds=1))
    before, summary = (seen(scenario), sums(scenario)), listed(scenario)[-1]
    waiting = detail(scenario, summary["id"])
    assert waiting["items"][0]["result"]["code"] == "payment_posted_otherwise"
    assert match(scenario, summary["id"]).status_code == 200
    assert deposits(scenario) == 22_890
    assert unmatch(scenario, summary["id"]).status_code == 200
    assert ((seen(scenario), sums(scenario)), deposits(scenario)) == (before, 11_445)
    assert detail(scenario, summary["id"]) == waiting


def test_a_payment_is_not_taken_off_a_claim_that_was_voided_by_it(scenario):
    scenario.send()
    one = paid_in_part(scenario.number())
    summary = unknown(scenario, one)
    assert act(scenario, "void").status_code == 200
    scenario.run()
    pay(scenario, reversal_of(one), trace="EFT0002", paid_on=date(2026, 3, 20))
    assert scenario.claim()["state"] == "voided"
    refused(scenario, summary, "claim_voided")


def test_a_decision_that_stood_again_after_a_void_is_taken_back_with_its_charge(scenario):
    scenario.send()
    one = paid_in_part(scenario.number())
    pay(scenario, one)
    assert act(scenario, "void").status_code == 200
    scenario.run()
    pay(scenario, reversal_of(one), trace="EFT0002", paid_on=date(2026, 3, 20))
    before = seen(scenario)
    scenario.clock.advance(timedelta(seconds=1))
    pay(scenario, claim_payment(scenario.number(), *one.services), trace="EFT0003", paid_on=date(2026, 3, 21))
    assert (scenario.money(), scenario.claim()["state"]) == (PAID, "adjudicated")
    assert unmatch(scenario, listed(scenario)[-1]["id"]).status_code == 200
    assert decide(scenario, listed(scenario)[-1]["id"], "set-aside").status_code == 200
    assert (seen(scenario), set(scenario.claim()["money"].values())) == (before, {0})


def as_an_earlier_version_posted(scenario):
    """Its entries name their message alone."""

    def write(session):
        for row in session.exec(select(LedgerRow)):
            row.source_id = row.source_id.partition("/")[0]
            session.add(row)

    scenario.deps.database.run(write)


def test_what_an_earlier_version_posted_is_taken_back_and_posted_anew(scenario):
    scenario.send()
    before, summary = (seen(scenario), sums(scenario)), unknown(scenario)
    assert match(scenario, summary["id"]).status_code == 200
    as_an_earlier_version_posted(scenario)
    for _ in range(2):
        assert unmatch(scenario, summary["id"]).status_code == 200
        assert (seen(scenario), sums(scenario)) == before
        scenario.clock.advance(timedelta(seconds=1))
        assert match(scenario, summary["id"]).status_code == 200
        assert scenario.money() == PAID


def test_of_two_that_an_earlier_version_posted_together_it_is_not_known_which_entries_are_whose(scenario):
    scenario.send()
    pay(scenario, paid_in_part(scenario.number()), denied(scenario.number()))
    [summary] = listed(scenario)
    as_an_earlier_version_posted(scenario)
    refused(scenario, summary, "posted_together")
