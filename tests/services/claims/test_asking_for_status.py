"""The payer is asked for the status of a claim (276): on demand, and by Handbill on the day a silence has ended."""

from datetime import date, timedelta

import pytest

from shared import x12
from tests.services.claims.factories import BILLER, CANARY_MEMBER
from tests.services.claims.fake_clearinghouse import accepted, rejected, status_277

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
DAY = date(2026, 3, 2)


def told(scenario):
    claim = scenario.claim()
    found = claim["next_action"]
    return claim["state"], claim["state_by"], found["kind"], found["due_on"], found["rule"]


def asked(question):
    """The one claim that a 276 asks for, in which our own strict reader finds no error."""
    file = x12.read_all(question.encode(), strict=True)
    assert file.ok, list(file.findings)
    assert file.transactions[0].opened.type == "276"
    (inquiry,) = (one for one in file.transactions[0].records if isinstance(one, x12.StatusInquiry))
    return inquiry


def say(scenario, category, on=DAY):
    """What the payer answers of each claim that it is asked for."""
    scenario.clearinghouse.statuses = lambda question: status_277(asked(question).trace.value, category, on=on)


def ask(scenario, **more):
    return scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/check-status", {"actor": BILLER}, **more)


def timeline(scenario):
    return scenario.api.get(f"/v1/claims/{scenario.claims[0]['id']}/timeline").json()["items"]


def silent_payer(scenario, clock):
    """The day on which both waits are over and nothing has come."""
    scenario.send()
    scenario.receive(accepted(scenario.number(), on=DAY))
    clock.advance(timedelta(days=32))


@pytest.mark.parametrize(
    ("category", "then"),
    [
        ("A1", ("accepted", "clearinghouse", "await_payer", "2026-03-05", "payer_acknowledgement")),
        ("A4", ("accepted", "clearinghouse", "check_claim_status", "2026-03-02", "claim_not_found")),
        ("D0", ("accepted", "clearinghouse", "check_claim_status", "2026-03-02", "claim_not_found")),
        ("E0", ("accepted", "clearinghouse", "check_claim_status", "2026-03-02", "question_refused")),
        ("E1", ("accepted", "clearinghouse", "check_claim_status", "2026-03-03", "status_unavailable")),
        ("E2", ("accepted", "clearinghouse", "check_claim_status", "2026-03-03", "status_unavailable")),
        ("P1", ("accepted", "payer", "await_remittance", "2026-03-16", "payer_status")),
        ("P3", ("accepted", "payer", "send_records", "2026-03-09", "information_wanted")),
        ("R3", ("accepted", "payer", "send_records", "2026-03-09", "information_wanted")),
        ("F1", ("accepted", "payer", "await_remittance", "2026-03-16", "payer_status")),
        ("F2", ("accepted", "payer", "await_remittance", "2026-03-16", "payer_status")),
    ],
)
def test_what_the_payer_answers_becomes_state_and_next_action_in_the_answer_itself(scenario, category, then):
    scenario.send()
    scenario.receive(accepted(scenario.number(), "AY", on=DAY))
    say(scenario, category)
    answer = ask(scenario)
    assert answer.status_code == 200, answer.text
    assert told(scenario) == then
    assert answer.json() == scenario.claim()
    [message] = [one for one in scenario.messages() if one["kind"] == "277"]
    assert (message["state"], message["claims"]) == ("applied", 1)
    before = scenario.claim()
    scenario.run()
    assert (scenario.claim(), len(scenario.clearinghouse.questions)) == (before, 1)


def test_the_question_names_the_claim_as_it_was_sent_and_the_payers_number(scenario):
    scenario.send()
    scenario.receive(accepted(scenario.number(), on=DAY, payer_claim_number="PCN77"))
    say(scenario, "P1")
    ask(scenario)
    inquiry, number = asked(*scenario.clearinghouse.questions), scenario.number()
    assert inquiry.trace == x12.Trace(type="1", value=number)
    assert [(one.qualifier, one.value) for one in inquiry.references] == [("1K", "PCN77"), ("EJ", number)]
    assert inquiry.amounts == (x12.MonetaryAmount(qualifier="T3", amount_cents=18_200),)
    assert inquiry.dates == (x12.DatePeriod(qualifier="472", start=date(2026, 1, 1)),)
    parties = (inquiry.source.party, inquiry.receiver.party, inquiry.provider.party, inquiry.subscriber)
    assert [(one.entity, one.id_qualifier) for one in parties] == [
        ("PR", "PI"),
        ("41", "46"),
        ("1P", "XX"),
        ("IL", "MI"),
    ]
    assert (inquiry.subscriber.id, inquiry.dependent) == (CANARY_MEMBER, None)


def test_a_question_leaves_once_for_its_key_and_is_in_the_timeline_with_its_answer(scenario):
    scenario.send()
    say(scenario, "P1")
    first, again = ask(scenario, key="ask-once-1"), ask(scenario, key="ask-once-1")
    assert (first.status_code, first.content) == (200, again.content)
    assert len(scenario.clearinghouse.questions) == 1
    found = [(one["kind"], one["source"]["type"], one["actor"]) for one in timeline(scenario)]
    assert found[-2:] == [("status_asked", "api_client", BILLER), ("status_received", "message", None)]


@pytest.mark.parametrize("answer", ["nothing", "garbage", "another", "no_277"])
def test_without_an_answer_about_this_claim_it_is_a_503_and_nothing_is_changed(scenario, answer):
    scenario.send()
    before, messages = scenario.claim(), scenario.messages()
    said = {"garbage": "<html>", "another": status_277("SOMEBODYS", "P1"), "no_277": accepted(scenario.number())}
    scenario.clearinghouse.statuses = None if answer == "nothing" else lambda _question: said[answer]
    refused = ask(scenario, key="ask-again-1")
    assert (refused.status_code, refused.json()["code"]) == (503, "clearinghouse_unavailable")
    assert (scenario.claim(), scenario.messages()) == (before, messages)
    say(scenario, "P1")
    assert ask(scenario, key="ask-again-1").status_code == 200
    assert told(scenario)[2] == "await_remittance"


def test_a_claim_that_no_payer_has_is_not_asked_for_and_the_answer_says_why(scenario):
    say(scenario, "P1")
    scenario.make()
    found = [ask(scenario)]
    scenario.api.submit(scenario.claims[0]["id"])
    found.append(ask(scenario))
    scenario.run()
    scenario.receive(rejected(scenario.number()))
    found.append(ask(scenario))
    scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/void")
    found.append(ask(scenario))
    codes = ["claim_not_sent", "claim_not_sent", "claim_rejected", "claim_voided"]
    assert [(one.status_code, one.json()["code"]) for one in found] == [(409, code) for code in codes]
    assert all(one.json()["errors"][0]["fix"] for one in found)
    assert scenario.clearinghouse.questions == []


def test_handbill_asks_on_the_day_the_silence_ends_and_again_after_the_profiles_days(scenario, clock):
    say(scenario, "A1")
    scenario.send()
    scenario.receive(accepted(scenario.number(), on=DAY))
    asks = []
    for days in (15, 15, 1, 0, 14, 1, 0):
        clock.advance(timedelta(days=days))
        asks.append(scenario.run().asked)
    assert asks == [0, 0, 1, 0, 0, 1, 0]
    assert told(scenario)[2:] == ("await_answer", "2026-05-01", "check_claim_status_done")
    by = [(one["source"]["type"], one["source"]["id"]) for one in timeline(scenario) if one["kind"] == "status_asked"]
    assert by == [("rule", "payer_silent"), ("rule", "check_claim_status_done")]
    audit = scenario.api.get("/v1/audit-entries?limit=200").json()["items"]
    assert [one["action"] for one in audit].count("status_asked") == 2


def test_the_same_answer_again_is_no_event_and_another_is(scenario, clock):
    silent_payer(scenario, clock)
    for category, day in [("P1", date(2026, 4, 3)), ("P1", date(2026, 4, 18)), ("F1", date(2026, 5, 3))]:
        say(scenario, category, on=day)
        scenario.run()
        assert told(scenario)[2] == "await_remittance"
        clock.advance(timedelta(days=15))
    events = [one["data"]["category"] for one in scenario.api.events() if one["type"] == "claim.status_changed"]
    assert events == ["P1", "F1"]
    assert len(scenario.clearinghouse.questions) == 3


@pytest.mark.parametrize(("category", "asks"), [("E1", 2), ("E0", 1), ("A4", 1)])
def test_handbill_asks_again_who_could_not_answer_and_not_who_said_no(scenario, clock, category, asks):
    silent_payer(scenario, clock)
    for place in range(3):
        say(scenario, category, on=date(2026, 4, 3 + place))
        scenario.run()
        scenario.run()
        clock.advance(timedelta(days=1))
    assert len(scenario.clearinghouse.questions) == asks
    assert told(scenario)[2] == ("await_answer" if category == "E1" else "check_claim_status")


def test_an_account_without_an_answer_is_asked_once_a_pass_and_its_claims_stay_as_they_are(scenario, clock):
    scenario.send(2)
    for place in range(2):
        scenario.receive(accepted(scenario.number(place), on=DAY))
    clock.advance(timedelta(days=32))
    scenario.run()
    before, questions = [scenario.claim(place) for place in range(2)], len(scenario.clearinghouse.questions)
    assert {one["next_action"]["kind"] for one in before} == {"check_claim_status"}
    assert scenario.run().asked == 0
    assert len(scenario.clearinghouse.questions) == questions + 1
    assert [scenario.claim(place) for place in range(2)] == before
    say(scenario, "P1", on=date(2026, 4, 3))
    assert scenario.run().asked == 2
