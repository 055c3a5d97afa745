"""A year passes in a second: waits end on their days, and each claim then has another next action."""

from datetime import date, timedelta

import pytest

from services.claims.flows.run_due import follow_up
from tests.services.claims.factories import BILLER, COVERAGE, NOTE, a_coverage_bundle, a_note, a_payer
from tests.services.claims.fake_clearinghouse import accepted, denied, paid_in_part, remittance

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def action(scenario, place=0):
    found = scenario.claim(place)["next_action"]
    return found["kind"], found["owner"], date.fromisoformat(found["due_on"])


def days_on(scenario, clock, days):
    clock.advance(timedelta(days=days))
    scenario.run()
    return action(scenario)


def test_a_silent_clearinghouse_is_asked_after_its_day(scenario, clock):
    scenario.send()
    assert action(scenario) == ("await_acknowledgement", "handbill", date(2026, 3, 3))
    assert days_on(scenario, clock, 1)[0] == "await_acknowledgement"
    assert days_on(scenario, clock, 1) == ("check_file_status", "biller", date(2026, 3, 4))


def test_a_silent_payer_is_asked_after_two_waits(scenario, clock):
    scenario.send()
    scenario.receive(accepted(scenario.number(), on=date(2026, 3, 2)))
    assert action(scenario) == ("await_remittance", "payer", date(2026, 3, 16))
    assert days_on(scenario, clock, 14)[2] == date(2026, 3, 16)
    assert days_on(scenario, clock, 1) == ("await_remittance", "payer", date(2026, 4, 1))
    assert days_on(scenario, clock, 17) == ("check_claim_status", "biller", date(2026, 4, 3))


def test_a_payer_who_has_not_taken_what_the_clearinghouse_took_is_asked(scenario, clock):
    scenario.send()
    scenario.receive(accepted(scenario.number(), "AY", on=date(2026, 3, 2)))
    assert action(scenario) == ("await_payer", "payer", date(2026, 3, 5))
    assert days_on(scenario, clock, 4)[:2] == ("check_claim_status", "biller")


def test_deadlines_count_the_practices_days_and_not_the_days_of_greenwich(scenario, clock):
    """At 23:30 in Seattle it is tomorrow in Greenwich, and still today for the claim."""
    scenario.send()
    clock.advance(timedelta(hours=38, minutes=30))
    assert clock.now().date() == date(2026, 3, 4)
    scenario.run()
    assert action(scenario)[0] == "await_acknowledgement"
    clock.advance(timedelta(hours=1))
    scenario.run()
    assert action(scenario)[0] == "check_file_status"


def test_an_appeal_is_due_before_its_window_closes(scenario):
    scenario.send()
    scenario.receive(remittance(denied(scenario.number(), "50"), paid_on=date(2026, 3, 4)), "835")
    kind, owner, due = action(scenario)
    assert (kind, owner) == ("appeal", "biller")
    assert date(2026, 3, 4) <= due
    assert "The window closes on" in scenario.claim()["next_action"]["reason"]


def test_a_claim_to_fix_is_due_before_the_filing_limit(scenario, neighbours, clock):
    """180 days from 2026-03-02 end on 2026-08-29."""
    neighbours.notes[NOTE] = a_note(diagnoses=["M54.5"])
    clock.advance(timedelta(days=178))
    action = scenario.api.create().json()["next_action"]
    assert (action["kind"], action["due_on"]) == ("fix_claim", "2026-08-29")


def test_a_payers_own_filing_days_count_instead_of_its_profiles(scenario, neighbours, clock):
    """Medicare Advantage has 12 months; this payer's 90 days from 2026-03-02 end on 2026-05-31."""
    payer = a_payer(profile="medicare_advantage", timely_filing_days=90)
    neighbours.files[COVERAGE] = a_coverage_bundle(payer=payer)
    neighbours.notes[NOTE] = a_note(diagnoses=["M54.5"])
    clock.advance(timedelta(days=89))
    action = scenario.api.create().json()["next_action"]
    assert (action["kind"], action["due_on"]) == ("fix_claim", "2026-05-31")


def test_a_year_passes_in_a_second_and_every_claim_still_has_one_next_action(scenario, clock):
    scenario.send(2)
    scenario.receive(accepted(scenario.number(0), on=date(2026, 3, 2)))
    for _week in range(52):
        clock.advance(timedelta(days=7))
        follow_up(scenario.deps)
    assert [action(scenario, place)[0] for place in (0, 1)] == ["check_claim_status", "check_file_status"]
    assert follow_up(scenario.deps) == 0


def test_nothing_is_followed_up_before_its_day(scenario):
    scenario.send()
    before = scenario.claim()
    assert (scenario.run().idle, scenario.claim()) == (True, before)


def test_a_claim_on_paper_is_put_in_no_file_and_says_print_and_mail_until_its_payer_is_asked(scenario, clock):
    scenario.neighbours.files[COVERAGE] = a_coverage_bundle(payer=a_payer(claim_route="paper"))
    scenario.submit()
    assert action(scenario) == ("print_and_mail", "biller", date(2026, 3, 2))
    assert (scenario.run().formed, scenario.files(), scenario.clearinghouse.tries) == (0, [], [])
    assert days_on(scenario, clock, 14) == ("print_and_mail", "biller", date(2026, 3, 16))
    assert days_on(scenario, clock, 1) == ("call_payer", "biller", date(2026, 3, 17))
    assert (scenario.claim()["state"], scenario.files()) == ("submitted", [])
    asked = scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/check-status", {"actor": BILLER})
    assert (asked.status_code, asked.json()["code"], scenario.clearinghouse.questions) == (409, "claim_on_paper", [])


def test_a_claim_on_paper_leaves_print_and_mail_when_its_payer_pays(scenario):
    scenario.neighbours.files[COVERAGE] = a_coverage_bundle(payer=a_payer(claim_route="paper"))
    scenario.submit()
    scenario.receive(remittance(paid_in_part(scenario.number())), "835")
    assert (scenario.claim()["state"], action(scenario)[0]) == ("adjudicated", "bill_patient")


def test_claims_on_paper_and_in_files_wait_side_by_side(scenario):
    scenario.neighbours.files[COVERAGE] = a_coverage_bundle(payer=a_payer(claim_route="paper"))
    scenario.submit()
    scenario.neighbours.files[COVERAGE] = a_coverage_bundle()
    scenario.make(2)
    assert scenario.api.submit(scenario.claims[1]["id"]).status_code == 202
    assert scenario.run().formed == 1
    assert [file["claim_ids"] for file in scenario.files()] == [[scenario.claims[1]["id"]]]
