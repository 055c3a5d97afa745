"""The worklist: claims and what is no claim in one order, narrowed, counted, and worked on many at once."""

from datetime import date, timedelta

import pytest

from services.claims.flows.tasks import Found, open_task
from shared.tenancy import acting_for
from tests.harness.tokens import ORGANIZATION
from tests.services.claims.factories import BILLER, PATIENT, PAYER
from tests.services.claims.fake_clearinghouse import accepted, denied, paid_in_part, remittance, reversal_of

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
REASON = "The payer answers letters from next week on."


@pytest.fixture
def four(scenario):
    """A share of a patient, an appeal, a ready claim, and a message that does not balance; three of them in a file."""
    scenario.send(2)
    scenario.receive(remittance(paid_in_part(scenario.number(0))), "835")
    scenario.receive(remittance(denied(scenario.number(1), "50"), paid_on=date(2026, 3, 2), number=2), "835")
    scenario.make(3)
    return [one["id"] for one in scenario.claims]


@pytest.fixture
def waiting(scenario, four):
    """The four with a message that waits; answers its id."""
    found = scenario.receive(accepted("NOCLAIMOFOURS0001"))
    assert found["state"] == "quarantined"
    return found["id"]


def listed(scenario, query=""):
    answer = scenario.api.get(f"/v1/worklist?{query}")
    assert answer.status_code == 200, answer.text
    return [(one["subject_id"], one["next_action"]["kind"]) for one in answer.json()["items"]]


def bulk(scenario, act, *subjects, **more):
    items = [{"subject_type": of, "subject_id": one, "kind": kind} for of, one, kind in subjects]
    return scenario.api.post("/v1/worklist/bulk", {"act": act, "items": items, "actor": BILLER, **more})


def test_claims_and_messages_are_in_one_order_of_their_days(scenario, four, waiting):
    first, second, third = four
    assert listed(scenario) == [
        (third, "submit"),
        (waiting, "release_message"),
        (first, "bill_patient"),
        (second, "appeal"),
    ]
    pages, after = [], ""
    while after is not None:
        answer = scenario.api.get(f"/v1/worklist?limit=1{after and f'&after={after}'}").json()
        pages += [one["subject_id"] for one in answer["items"]]
        after = answer["next"]
    assert pages == [one for one, _kind in listed(scenario)]


@on_sqlite
def test_what_waits_as_a_message_says_why_and_which_operation_lets_it_go(scenario):
    scenario.send()
    found = scenario.receive(remittance(paid_in_part(scenario.number()), total_cents=1), "835")
    waiting = found["id"]
    [item] = scenario.api.get("/v1/worklist?kind=release_message").json()["items"]
    assert (item["subject_type"], item["subject_id"], item["patient_id"]) == ("message", waiting, None)
    action = item["next_action"]
    assert (action["owner"], action["due_on"]) == ("biller", "2026-03-02")
    assert action["reason"].startswith("A message (835) was not applied: ")
    assert action["operation"] == {
        "service": "claims",
        "operation_id": "release_message",
        "method": "POST",
        "path": f"/v1/messages/{waiting}/release",
        "body": {},
        "needs": ["reason", "actor"],
    }
    body = {"reason": "The bank confirms the sum.", "actor": BILLER}
    assert scenario.api.post(action["operation"]["path"], body).status_code == 200
    scenario.run()
    left = [kind for _id, kind in listed(scenario)]
    assert "release_message" not in left


@on_sqlite
def test_each_filter_narrows_and_takes_several_values(scenario, four, waiting):
    first, second, third = four
    bulk(scenario, "assign", ("claim", second, "appeal"), assignee_id="usr_june")
    everything = {first, second, third, waiting}
    for query, wanted in {
        "kind=submit": {third},
        "kind=submit&kind=appeal": {second, third},
        "owner=biller": everything,
        "owner=payer": set(),
        f"payer_id={PAYER}": {first, second, third},
        f"payer_id=pay_none&payer_id={PAYER}": {first, second, third},
        "reason=adjustment_appeal": {second},
        "assignee_id=usr_june": {second},
        "unassigned=true": everything - {second},
        "due_by=2026-03-02": {third, waiting},
        "due_from=2026-03-03": {first, second},
        "due_from=2026-03-03&due_by=2026-03-10": {first},
        "amount_from_cents=18200": {second, third},
        "amount_to_cents=2500": {first},
        "amount_from_cents=2501&amount_to_cents=18199": set(),
    }.items():
        assert {one for one, _kind in listed(scenario, query)} == wanted, query
    assert scenario.api.get("/v1/worklist?owner=nobody").status_code == 422


@on_sqlite
def test_totals_are_by_kind_and_follow_the_filter(scenario, four, waiting):
    found = scenario.api.get("/v1/worklist/totals").json()
    amounts = {one["kind"]: (one["count"], one["amount_cents"], one["first_due_on"]) for one in found["items"]}
    assert amounts == {
        "appeal": (1, 18_200, "2026-03-16"),
        "bill_patient": (1, 2_500, "2026-03-07"),
        "release_message": (1, 0, "2026-03-02"),
        "submit": (1, 18_200, "2026-03-02"),
    }
    assert (found["count"], found["amount_cents"]) == (4, 38_900)
    assert {one["owner"] for one in found["items"]} == {"biller"}
    one = scenario.api.get("/v1/worklist/totals?kind=appeal").json()
    assert (one["count"], one["amount_cents"]) == (1, 18_200)


@on_sqlite
def test_many_are_put_off_and_each_has_its_own_result(scenario, four, waiting):
    first, second, third = four
    answer = bulk(
        scenario,
        "snooze",
        ("claim", second, "appeal"),
        ("claim", third, "appeal"),
        ("claim", "clm_none", "appeal"),
        ("message", waiting, "release_message"),
        ("message", "msg_none", "release_message"),
        until="2026-03-20",
        reason=REASON,
    )
    assert answer.status_code == 200, answer.text
    found = answer.json()["items"]
    assert [(one["subject_id"], one["result"], one["code"]) for one in found] == [
        (second, "done", None),
        (third, "refused", "next_action_changed"),
        ("clm_none", "refused", "claim_not_found"),
        (waiting, "done", None),
        ("msg_none", "refused", "task_not_found"),
    ]
    assert found[0]["next_action"]["due_on"] == "2026-03-20"
    [entry] = [
        one
        for one in scenario.api.get(f"/v1/audit-entries?subject_id={second}").json()["items"]
        if one["action"] == "work_in_bulk"
    ]
    assert (entry["patient_id"], entry["reason"]) == (PATIENT, REASON)
    assert listed(scenario, "due_by=2026-03-19") == [(third, "submit"), (first, "bill_patient")]
    assert {one for one, _kind in listed(scenario, "due_from=2026-03-20")} == {second, waiting}


@on_sqlite
def test_many_are_reported_as_done(scenario, four, waiting):
    _first, second, third = four
    wanted = [denied(scenario.number(1), reason) for reason in ("50", "252")]
    scenario.receive(remittance(reversal_of(wanted[0]), wanted[1], trace="EFT0003", number=3), "835")
    found = bulk(
        scenario,
        "done",
        ("claim", second, "send_records"),
        ("claim", second, "send_records"),
        ("claim", third, "submit"),
        ("message", waiting, "release_message"),
        by="fax",
        note="All of Monday's records.",
    ).json()["items"]
    assert [(one["result"], one["code"]) for one in found] == [
        ("done", None),
        ("refused", "next_action_changed"),
        ("refused", "not_reported"),
        ("refused", "not_reported"),
    ]
    assert found[0]["next_action"]["kind"] == "await_answer"
    notes = scenario.api.get(f"/v1/claims/{second}/notes").json()["items"]
    assert [one["text"] for one in notes] == ["All of Monday's records."]


@on_sqlite
def test_a_task_is_given_to_a_person_and_put_off_within_90_days(scenario, waiting):
    message = ("message", waiting, "release_message")
    assert bulk(scenario, "assign", message, assignee_id="usr_june").json()["items"][0]["next_action"] | {
        "operation": None
    } == scenario.api.get("/v1/worklist?assignee_id=usr_june").json()["items"][0]["next_action"] | {"operation": None}
    for until, result in (("2026-03-02", "refused"), ("2026-06-01", "refused"), ("2026-05-31", "done")):
        [found] = bulk(scenario, "snooze", message, until=until, reason=REASON).json()["items"]
        assert (found["result"], found["code"]) == (result, None if result == "done" else "day_out_of_bounds")
    entries = scenario.api.get("/v1/audit-entries?limit=200").json()["items"]
    done = [one for one in entries if one["action"] == "work_in_bulk" and one["subject_id"].startswith("tsk_")]
    assert [(one["actor"]["name"], one["reason"]) for one in done] == [(BILLER["name"], None), (BILLER["name"], REASON)]


@on_sqlite
def test_an_act_takes_what_goes_with_it_and_nothing_else(scenario, four):
    claim = ("claim", four[1], "appeal")
    for act, more in (
        ("snooze", {"until": "2026-03-20"}),
        ("snooze", {"reason": REASON}),
        ("done", {"until": "2026-03-20"}),
        ("assign", {"reason": REASON}),
    ):
        refused = bulk(scenario, act, claim, **more)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "not_of_this_act"), (act, more)
    assert bulk(scenario, "done").status_code == 422
    assert bulk(scenario, "done", *[claim] * 201).status_code == 422
    assert scenario.claim(1)["next_action"]["kind"] == "appeal"


@on_sqlite
def test_a_task_that_is_found_again_is_the_same_until_it_is_closed(scenario, waiting):
    database, ids = scenario.deps.database, scenario.deps.ids
    found = Found("release_message", "message", waiting, date(2026, 3, 9), "Again.", "again", amount_cents=700)

    def again(session):
        row = open_task(session, ids, ORGANIZATION, found, scenario.clock.now())
        return row.id, row.reason, row.due_on

    with acting_for(ORGANIZATION):
        first = database.run(again)
    assert first[1:] != ("Again.", date(2026, 3, 9))
    scenario.api.post(f"/v1/messages/{waiting}/release", {"reason": "The bank confirms it.", "actor": BILLER})
    with acting_for(ORGANIZATION):
        second = database.run(again)
    assert (second[0] != first[0], second[1:]) == (True, ("Again.", date(2026, 3, 9)))


@on_sqlite
def test_a_wait_that_ends_is_in_the_worklist_as_what_comes_next(scenario, clock):
    scenario.send()
    assert listed(scenario, "owner=biller") == []
    clock.advance(timedelta(days=2))
    scenario.run()
    assert listed(scenario, "owner=biller") == [(scenario.claims[0]["id"], "check_file_status")]
