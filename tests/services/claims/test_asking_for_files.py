"""A file that nothing has acknowledged is asked for at the clearinghouse; one that was lost goes out again, once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from services.claims.store.tables import DisclosureRow, FileRow
from tests.services.claims.factories import BILLER, PATIENT
from tests.services.claims.fake_clearinghouse import accepted, status_277

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
DAY = date(2026, 3, 2)


def unacknowledged(scenario, clock, count=1):
    scenario.send(count)
    clock.advance(timedelta(days=2))
    scenario.run()


def act(scenario, place=0, **more):
    """What the claim's next action names."""
    operation = scenario.claim(place)["next_action"]["operation"]
    assert operation["operation_id"] == "check_file_status"
    return scenario.api.post(operation["path"], {"actor": BILLER}, **more)


def next_action(scenario, place=0):
    found = scenario.claim(place)["next_action"]
    return found["kind"], found["due_on"], found["rule"]


def said(scenario):
    found = scenario.api.get(f"/v1/claims/{scenario.claims[0]['id']}/timeline").json()["items"]
    return [(one["summary"].partition(": ")[2], one["actor"]) for one in found if one["kind"] == "status_asked"]


def test_a_file_that_is_there_is_waited_for_once_more_and_then_the_payer_is_asked(scenario, clock) -> None:
    unacknowledged(scenario, clock)
    assert next_action(scenario) == ("check_file_status", "2026-03-04", "clearinghouse_silent")
    answer = act(scenario)
    assert (answer.status_code, answer.json()) == (200, scenario.claim())
    assert next_action(scenario) == ("await_answer", "2026-03-05", "check_file_status_done")
    assert said(scenario) == [("it has it, and its acknowledgement is still to come.", BILLER)]
    clock.advance(timedelta(days=2))
    scenario.run()
    assert next_action(scenario) == ("check_claim_status", "2026-03-06", "check_file_status_done")
    assert (len(scenario.clearinghouse.tries), scenario.files()[0]["state"]) == (1, "sent")


def test_a_file_that_was_lost_goes_out_again_with_the_same_bytes(scenario, clock) -> None:
    unacknowledged(scenario, clock, 2)
    [lost] = scenario.clearinghouse.taken
    scenario.clearinghouse.taken.clear()
    assert act(scenario).status_code == 200
    assert said(scenario) == [("it was lost, and goes out again.", BILLER)]
    assert scenario.files()[0]["state"] == "formed"
    # The claim beside it is of the same file, which is under way by now.
    assert act(scenario, 1).status_code == 200
    assert [next_action(scenario, place)[0] for place in (0, 1)] == ["await_answer", "await_answer"]
    scenario.run()
    scenario.run()
    assert scenario.clearinghouse.taken == [lost]
    assert scenario.files()[0]["state"] == "sent"
    for place in (0, 1):
        scenario.receive(accepted(scenario.number(place), on=DAY))
    assert [next_action(scenario, place)[0] for place in (0, 1)] == ["await_remittance", "await_remittance"]


def test_a_file_whose_last_try_may_still_arrive_is_not_sent_again(scenario, clock) -> None:
    unacknowledged(scenario, clock)
    scenario.clearinghouse.taken.clear()

    def try_now(session):
        session.exec(select(FileRow)).one().tried_at = datetime.now(UTC)

    scenario.deps.database.run(try_now)
    assert act(scenario).status_code == 200
    assert said(scenario) == [("it is still being sent.", BILLER)]
    assert (scenario.files()[0]["state"], len(scenario.clearinghouse.asked)) == ("sent", 1)


def test_without_an_answer_it_is_a_503_and_nothing_is_changed(scenario, clock) -> None:
    unacknowledged(scenario, clock)
    before = scenario.claim()
    scenario.clearinghouse.silent = True
    refused = act(scenario, key="ask-the-file-1")
    assert (refused.status_code, refused.json()["code"]) == (503, "clearinghouse_unavailable")
    assert (scenario.claim(), said(scenario)) == (before, [])
    scenario.clearinghouse.silent = False
    assert act(scenario, key="ask-the-file-1").status_code == 200
    assert len(said(scenario)) == 1


def test_a_claim_that_waits_for_no_acknowledgement_is_refused_with_the_reason(scenario) -> None:
    scenario.submit()
    path = f"/v1/claims/{scenario.claims[0]['id']}/check-file"
    found = [scenario.api.post(path, {"actor": BILLER})]
    scenario.run()
    scenario.receive(accepted(scenario.number(), on=DAY))
    found.append(scenario.api.post(path, {"actor": BILLER}))
    codes = ["claim_not_sent", "file_acknowledged"]
    assert [(one.status_code, one.json()["code"]) for one in found] == [(409, code) for code in codes]
    assert scenario.clearinghouse.asked == []


def test_a_question_for_a_status_is_a_disclosure_once_the_payer_has_answered(scenario) -> None:
    scenario.send()
    path = f"/v1/claims/{scenario.claims[0]['id']}/check-status"
    assert scenario.api.post(path, {"actor": BILLER}).status_code == 503
    assert len(scenario.rows(DisclosureRow)) == 1
    scenario.clearinghouse.statuses = lambda _question: status_277(scenario.number(), "P1", on=DAY)
    assert scenario.api.post(path, {"actor": BILLER}).status_code == 200
    answer = scenario.api.get(f"/v1/patients/{PATIENT}/disclosures", scopes=["audit:read"])
    assert answer.status_code == 200, answer.text
    sent, asked = answer.json()["items"]
    assert sent["description"].startswith(f"Health care claim {scenario.number()}, sent through the clearinghouse:")
    assert asked == {
        **sent,
        "id": asked["id"],
        "disclosed_at": asked["disclosed_at"],
        "description": f"Question for the status of claim {scenario.number()}, sent through the clearinghouse: name, "
        "birth date, sex, member id, date of treatment, charges.",
        "file_id": None,
    }
