"""A signed note without a claim is in the worklist until it is billed, or a person says that it is not to be."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.claims.flows import unbilled_notes
from services.claims.flows.tasks import Found, open_task
from services.claims.flows.unbilled_notes import find_unbilled_notes
from services.claims.store.tables import NoteFeedRow
from shared.errors import NotFound
from shared.tenancy import INSTALLATION, acting_for
from tests.harness.tokens import ORGANIZATION
from tests.services.claims.factories import BILLER, COVERAGE, NOTE

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
A_MINUTE = timedelta(minutes=1)


def tasks(scenario):
    items = scenario.api.get("/v1/worklist?kind=create_claim").json()["items"]
    return [one["subject_id"] for one in items]


def later(scenario, wall, step=A_MINUTE):
    wall.advance(step)
    return scenario.run().unbilled


def report(scenario, note_id, **more):
    items = [{"subject_type": "note", "subject_id": note_id, "kind": "create_claim"}]
    body = {"act": "done", "items": items, "actor": BILLER, **more}
    return scenario.api.post("/v1/worklist/bulk", body).json()["items"][0]


@pytest.fixture
def found(scenario):
    """One signed note that nobody has billed, late in the evening of the practice's 2026-03-02."""
    scenario.neighbours.tell("note.put", "note_draft")
    scenario.neighbours.tell("note.signed", NOTE, "2026-03-03T07:30:00+00:00")
    assert scenario.run().unbilled == 1
    return scenario


def test_a_signed_note_is_to_be_billed_three_days_after_the_day_of_its_signature(found):
    [item] = found.api.get("/v1/worklist").json()["items"]
    assert item == {
        "subject_type": "note",
        "subject_id": NOTE,
        "payer_id": None,
        "patient_id": None,
        "next_action": {
            "kind": "create_claim",
            "owner": "biller",
            "due_on": "2026-03-05",
            "reason": "A note that was signed on 2026-03-02 has no claim.",
            "rule": "note_without_claim",
            "amount_cents": None,
            "assignee_id": None,
            "operation": {
                "service": "claims",
                "operation_id": "create_claim",
                "method": "POST",
                "path": "/v1/claims",
                "body": {"note_id": NOTE},
                "needs": ["coverage_id", "actor"],
            },
        },
    }


@on_sqlite
def test_the_operation_of_the_task_makes_the_claim_and_nothing_is_left_to_do_about_the_note(found):
    operation = found.api.get("/v1/worklist").json()["items"][0]["next_action"]["operation"]
    made = found.api.post(operation["path"], {**operation["body"], "coverage_id": COVERAGE, "actor": BILLER})
    assert made.status_code == 201, made.text
    left = found.api.get("/v1/worklist").json()["items"]
    assert [(one["subject_id"], one["next_action"]["kind"]) for one in left] == [(made.json()["id"], "submit")]


@on_sqlite
def test_a_claim_closes_no_task_about_a_message_with_the_id_of_its_note(scenario, deps):
    found = Found("retry_message", "message", NOTE, scenario.clock.now().date(), "It failed.", "failed")
    with acting_for(ORGANIZATION):
        deps.database.run(lambda session: open_task(session, deps.ids, ORGANIZATION, found, scenario.clock.now()).id)
    scenario.make()
    assert [one["subject_id"] for one in scenario.api.get("/v1/worklist?kind=retry_message").json()["items"]] == [NOTE]


@on_sqlite
def test_a_note_that_has_its_claim_when_its_signature_is_read_is_no_task_and_one_of_a_voided_claim_is(scenario, wall):
    scenario.make(2)
    assert scenario.api.post(f"/v1/claims/{scenario.claims[1]['id']}/void", {"reason": "Wrong plan."}).status_code < 300
    for note_id in scenario.neighbours.notes:
        scenario.neighbours.tell("note.signed", note_id)
    assert later(scenario, wall) == 1
    assert tasks(scenario) == [scenario.claims[1]["note_id"]]


@on_sqlite
def test_a_visit_that_is_billed_to_nobody_is_reported_once_and_stays_closed(found, wall):
    assert report(found, NOTE, note="She paid in cash.") == {
        "subject_type": "note",
        "subject_id": NOTE,
        "result": "done",
        "code": None,
        "detail": None,
        "next_action": None,
    }
    assert (later(found, wall), tasks(found)) == (0, [])
    assert report(found, NOTE)["code"] == "task_not_found"
    [entry] = [
        one
        for one in found.api.get("/v1/audit-entries?limit=200").json()["items"]
        if one["action"] == "work_in_bulk" and one["subject_id"].startswith("tsk_")
    ]
    assert (entry["actor"]["name"], entry["reason"]) == (BILLER["name"], "She paid in cash.")


@on_sqlite
def test_a_feed_is_asked_once_a_minute_behind_what_was_read_and_at_once_after_a_full_page(found, wall, monkeypatch):
    reads = found.neighbours.feed_reads
    found.run()
    assert reads == [0]
    found.neighbours.tell("note.signed", "note_second")
    assert (later(found, wall, A_MINUTE - timedelta(seconds=1)), reads) == (0, [0])
    assert (later(found, wall, timedelta(seconds=1)), reads) == (1, [0, 2])
    monkeypatch.setattr(unbilled_notes, "EVENTS_A_PAGE", 1)
    for note_id in ("note_third", "note_fourth"):
        found.neighbours.tell("note.signed", note_id)
    assert later(found, wall) == 1
    assert (found.run().unbilled, found.run().unbilled) == (1, 0)
    assert reads == [0, 2, 3, 4, 5]
    assert set(tasks(found)) == {NOTE, "note_second", "note_third", "note_fourth"}


@on_sqlite
def test_a_page_that_is_read_twice_opens_each_task_once_and_the_feed_never_goes_back(found, wall):
    with acting_for(ORGANIZATION):
        found.deps.database.run(lambda session: setattr(_row(session), "sequence", 0))
    assert later(found, wall) == 1
    assert tasks(found) == [NOTE]
    found.neighbours.down.add("notes")
    later(found, wall)
    assert [one.sequence for one in found.rows(NoteFeedRow)] == [2]


def _row(session):
    return session.get(NoteFeedRow, (ORGANIZATION, "notes"))


@on_sqlite
def test_notes_that_do_not_answer_are_asked_again_after_five_minutes(scenario, wall):
    scenario.neighbours.tell("note.signed", NOTE)
    scenario.neighbours.down.add("notes")
    assert scenario.run().unbilled == 0
    scenario.neighbours.down.clear()
    assert later(scenario, wall, timedelta(minutes=5) - timedelta(seconds=1)) == 0
    assert later(scenario, wall, timedelta(seconds=1)) == 1


@on_sqlite
def test_a_time_that_a_clock_that_was_ahead_has_set_is_not_waited_for(found, wall):
    found.neighbours.tell("note.signed", "note_second")
    wall.advance(timedelta(days=-400))
    assert found.run().unbilled == 1


class OneFails:
    """The notes service, whose feed of one organization fails; it has no notes of another."""

    def __init__(self, real, error):
        self._real = real
        self._error = error

    def events(self, organization_id, *, after, limit):
        if organization_id != ORGANIZATION:
            raise self._error
        return self._real.events(organization_id, after=after, limit=limit)


@pytest.mark.parametrize(("error", "counted"), [(NotFound("gone", code="organization_not_found"), 0), (KeyError(), 1)])
@on_sqlite
def test_the_feed_of_one_organization_that_fails_keeps_no_other_from_being_read(scenario, error, counted):
    scenario.api.set_up(organization_id="org_0")
    scenario.neighbours.tell("note.signed", NOTE)
    deps = replace(scenario.deps, notes=OneFails(scenario.deps.notes, error))
    with acting_for(INSTALLATION):
        assert find_unbilled_notes(deps) == 1
        assert find_unbilled_notes(deps) == 0
    assert deps.failures.counts().get("find_unbilled_notes", 0) == counted
    assert scenario.api.get("/v1/worklist", organization_id="org_0").json()["items"] == []


@on_sqlite
def test_a_pass_asks_a_bounded_number_of_feeds_the_longest_unasked_first(scenario, wall, monkeypatch):
    scenario.api.set_up(organization_id="org_0")
    monkeypatch.setattr(unbilled_notes, "FEEDS_A_PASS", 1)
    scenario.neighbours.tell("note.signed", NOTE)
    # Access knows nothing of org_0, which is asked first.
    assert [scenario.run().unbilled for _pass in range(3)] == [0, 1, 0]
