"""The payer says where it has a claim (277), asked or unasked: its category becomes state and next action."""

from datetime import date, timedelta

import pytest

from tests.services.claims.factories import BILLER
from tests.services.claims.fake_clearinghouse import accepted, paid_in_part, remittance, status_277

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
DAY = date(2026, 3, 2)


def told(scenario):
    claim = scenario.claim()
    found = claim["next_action"]
    return claim["state"], claim["state_by"], found["kind"], found["due_on"], found["rule"]


@pytest.mark.parametrize(
    ("category", "kind", "due_on", "rule"),
    [
        ("P1", "await_remittance", "2026-03-16", "payer_status"),
        ("P2", "await_remittance", "2026-03-16", "payer_status"),
        ("P3", "send_records", "2026-03-09", "information_wanted"),
        ("P4", "send_records", "2026-03-09", "information_wanted"),
        ("R3", "send_records", "2026-03-09", "information_wanted"),
        ("F1", "await_remittance", "2026-03-16", "payer_status"),
        ("F2", "await_remittance", "2026-03-16", "payer_status"),
    ],
)
def test_where_the_payer_has_the_claim_is_its_acceptance_and_its_next_action(scenario, category, kind, due_on, rule):
    scenario.send()
    found = scenario.receive(status_277(scenario.number(), category), "277")
    assert (found["state"], found["reasons"]) == ("applied", [])
    assert told(scenario) == ("accepted", "payer", kind, due_on, rule)
    [event] = [one for one in scenario.api.events() if one["type"] == "claim.status_changed"]
    assert event["data"] == {"category": category, "code": "20", "next_action": kind}


def test_a_claim_that_the_payer_does_not_find_stays_what_it_is_and_is_looked_for_at_once(scenario):
    scenario.send()
    scenario.receive(accepted(scenario.number(), "AY", on=DAY))
    scenario.receive(status_277(scenario.number(), "A4", "35"), "277")
    assert told(scenario) == ("accepted", "clearinghouse", "check_claim_status", "2026-03-02", "claim_not_found")
    reason = scenario.claim()["next_action"]["reason"]
    assert reason == (
        "The payer does not find the claim (A4-35); show its acceptance before the filing limit ends on 2026-06-30."
    )


@pytest.mark.parametrize(("category", "rule"), [("P1", "payer_silent"), ("F1", "remittance_missing")])
def test_what_the_payer_says_holds_until_its_days_are_over(scenario, clock, category, rule):
    scenario.send()
    scenario.receive(status_277(scenario.number(), category), "277")
    clock.advance(timedelta(days=14))
    scenario.run()
    assert told(scenario)[2] == "await_remittance"
    clock.advance(timedelta(days=1))
    scenario.run()
    assert told(scenario)[2:] == ("check_claim_status", "2026-03-17", rule)


def test_the_newest_status_counts_in_whatever_order_they_come_and_only_news_is_told(scenario):
    scenario.send()
    for control, (category, day) in enumerate([("P1", 3), ("R3", 2), ("P1", 3), ("F1", 4)], 60):
        scenario.receive(status_277(scenario.number(), category, on=date(2026, 3, day), control=control), "277")
    events = [one["data"]["category"] for one in scenario.api.events() if one["type"] == "claim.status_changed"]
    assert events == ["P1", "F1"]
    assert told(scenario)[2:] == ("await_remittance", "2026-03-18", "payer_status")


def test_the_remittance_ends_what_the_status_said(scenario):
    scenario.send()
    scenario.receive(status_277(scenario.number(), "R3"), "277")
    scenario.receive(remittance(paid_in_part(scenario.number())), "835")
    assert told(scenario)[2] == "bill_patient"
    scenario.receive(status_277(scenario.number(), "F1", on=date(2026, 3, 5), control=51), "277")
    assert (told(scenario)[0], told(scenario)[2]) == ("adjudicated", "bill_patient")


def test_information_that_is_sent_is_waited_for(scenario):
    scenario.send()
    scenario.receive(status_277(scenario.number(), "R3"), "277")
    operation = scenario.claim()["next_action"]["operation"]
    scenario.api.post(operation["path"], {**operation["body"], "by": "portal", "actor": BILLER})
    assert told(scenario)[2:] == ("await_answer", "2026-03-16", "send_records_done")
