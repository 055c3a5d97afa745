"""Work on a claim's next action: what is done outside is reported, and the claim moves on; a delay has its bounds."""

from datetime import date, timedelta

import pytest

from services.claims.store.tables import ClaimRow
from shared.database.row_macs import canonical_row
from shared.database.tables import OUTSIDE_MAC, table_of
from tests.services.claims.factories import BILLER, COVERAGE, a_coverage_bundle, a_payer
from tests.services.claims.fake_clearinghouse import accepted, denied, paid_in_part, remittance, status_277

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
TODAY = date(2026, 3, 2)
REASON = "The payer answers letters from next week on."


def action(scenario):
    return scenario.claim()["next_action"]


def kind_and_day(scenario):
    found = action(scenario)
    return found["kind"], found["due_on"]


def do(scenario, **more):
    """What the next action names, as it names it."""
    operation = action(scenario)["operation"]
    return scenario.api.post(operation["path"], {**operation["body"], "actor": BILLER, **more})


def put_off(scenario, until, kind=None):
    body = {"kind": kind or action(scenario)["kind"], "until": str(until), "reason": REASON, "actor": BILLER}
    return scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/next-action/snooze", body)


def assign(scenario, assignee_id):
    body = {"assignee_id": assignee_id, "actor": BILLER}
    return scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/next-action/assign", body)


def days_on(scenario, clock, days):
    clock.advance(timedelta(days=days))
    scenario.run()
    return kind_and_day(scenario)


def on_paper(scenario, clock):
    scenario.neighbours.files[COVERAGE] = a_coverage_bundle(payer=a_payer(claim_route="paper"))
    scenario.submit()


def mailed_and_silent(scenario, clock):
    on_paper(scenario, clock)
    days_on(scenario, clock, 15)


def file_unanswered(scenario, clock):
    scenario.send()
    days_on(scenario, clock, 2)


def payer_silent(scenario, clock):
    scenario.send()
    scenario.receive(accepted(scenario.number(), on=TODAY))
    days_on(scenario, clock, 15)
    days_on(scenario, clock, 17)
    answer = status_277(scenario.number(), "A1")

    def once(_question):
        scenario.clearinghouse.statuses = None
        return answer

    scenario.clearinghouse.statuses = once


def adjusted(reason):
    def come(scenario, clock):
        scenario.send()
        scenario.receive(remittance(denied(scenario.number(), reason), paid_on=TODAY), "835")

    return come


WAYS = {
    "print_and_mail": (on_paper, "await_answer", "call_payer"),
    "call_payer": (mailed_and_silent, "await_answer", "call_payer"),
    "check_file_status": (file_unanswered, "await_answer", "check_claim_status"),
    "check_claim_status": (payer_silent, "await_answer", "check_claim_status"),
    "send_records": (adjusted("252"), "await_answer", "check_claim_status"),
    "review": (adjusted("119"), "await_answer", "review"),
    "verify_eligibility": (adjusted("27"), "correct_claim", "correct_claim"),
    "check_credentialing": (adjusted("B7"), "correct_claim", "correct_claim"),
}


@pytest.mark.parametrize("kind", WAYS)
def test_what_the_next_action_names_can_be_done_and_moves_the_claim_on(scenario, clock, kind):
    come, then, after = WAYS[kind]
    come(scenario, clock)
    before = action(scenario)
    assert before["kind"] == kind
    answer = do(scenario)
    assert (answer.status_code, answer.json()["next_action"]["kind"]) == (200, then), answer.text
    assert answer.json()["version"] > 1
    clock.advance(timedelta(days=31))
    scenario.run()
    assert action(scenario)["kind"] == after
    assert action(scenario)["owner"] == "biller"


def test_records_that_were_sent_wait_for_their_answer_and_say_what_is_open(scenario, clock):
    adjusted("252")(scenario, clock)
    done = do(scenario, done_on="2026-03-01", by="fax", reference="AP-77", note="Sent with the notes of 4 visits.")
    assert done.json()["next_action"] == {
        "kind": "await_answer",
        "owner": "payer",
        "due_on": "2026-03-16",
        "reason": "The records were sent on 2026-03-01; its answer is due. $182.00 is still open.",
        "rule": "send_records_done",
        "amount_cents": 18_200,
        "assignee_id": None,
        "operation": None,
    }
    claim_id = scenario.claims[0]["id"]
    [entry] = [one for one in timeline(scenario) if one["kind"] == "next_action_done"]
    assert (entry["summary"], entry["codes"], entry["actor"]) == (
        "The records were sent on 2026-03-01 by fax; reference AP-77.",
        ["send_records"],
        BILLER,
    )
    [note] = scenario.api.get(f"/v1/claims/{claim_id}/notes").json()["items"]
    assert (note["text"], note["author"], note["attachments"]) == ("Sent with the notes of 4 visits.", BILLER, [])
    [event] = [one for one in scenario.api.events() if one["type"] == "claim.next_action_done"]
    assert (event["subject_id"], event["data"]) == (
        claim_id,
        {"next_action": "await_answer", "due_on": "2026-03-16", "assignee_id": None},
    )
    assert days_on(scenario, clock, 15) == ("check_claim_status", "2026-03-17")
    assert action(scenario)["reason"].startswith("The records were sent on 2026-03-01; nothing has come since. $182.00")


def timeline(scenario):
    return scenario.api.get(f"/v1/claims/{scenario.claims[0]['id']}/timeline").json()["items"]


def test_what_was_done_no_longer_counts_once_the_payer_answers(scenario, clock):
    adjusted("252")(scenario, clock)
    do(scenario)
    again = remittance(denied(scenario.number(), "252"), trace="EFT0002", paid_on=TODAY + timedelta(days=1), number=2)
    scenario.receive(again, "835")
    assert action(scenario)["kind"] in ("review", "send_records")
    assert action(scenario)["rule"] != "send_records_done"


def test_a_claim_that_was_mailed_later_is_asked_after_the_days_of_silence_from_then(scenario, clock):
    on_paper(scenario, clock)
    clock.advance(timedelta(days=10))
    assert do(scenario).json()["next_action"]["due_on"] == "2026-03-26"
    assert days_on(scenario, clock, 14) == ("await_answer", "2026-03-26")
    assert days_on(scenario, clock, 1) == ("call_payer", "2026-03-27")


def test_a_person_names_the_day_to_follow_up(scenario, clock):
    adjusted("252")(scenario, clock)
    assert do(scenario, follow_up_on="2026-03-30").json()["next_action"]["due_on"] == "2026-03-30"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kind": "review"}, "next_action_changed"),
        ({"done_on": "2026-03-03"}, "done_in_future"),
        ({"follow_up_on": "2026-03-02"}, "day_out_of_bounds"),
        ({"follow_up_on": "2026-06-01"}, "day_out_of_bounds"),
    ],
)
def test_what_cannot_have_been_done_is_refused_and_changes_nothing(scenario, clock, changed, code):
    adjusted("252")(scenario, clock)
    before = scenario.claim()
    refused = do(scenario, **changed)
    assert (refused.status_code, refused.json()["code"], scenario.claim()) == (409, code, before)


def test_done_of_another_kind_says_which_one_it_is_now(scenario, clock):
    adjusted("252")(scenario, clock)
    refused = do(scenario, kind="print_and_mail").json()
    assert refused["errors"] == [
        {
            "pointer": "/body/kind",
            "code": "next_action_changed",
            "message": "print_and_mail is not what the claim needs now: send_records is.",
            "fix": "Read the claim, and do the `operation` of its `next_action`; what was done already needs no second "
            "report.",
        }
    ]
    assert refused["detail"] == (
        "the claim's next action is send_records now, due 2026-03-16: The payer left $182.00 unpaid; the claim's "
        "`adjustments` say why. The window closes on 2026-08-29."
    )


def test_what_has_an_operation_of_its_own_is_not_reported(scenario):
    scenario.make()
    path = f"/v1/claims/{scenario.claims[0]['id']}/next-action/done"
    refused = scenario.api.post(path, {"kind": "submit", "actor": BILLER})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_reported")


def test_an_action_is_put_off_with_a_reason_and_is_due_again_on_its_day(scenario, clock):
    adjusted("252")(scenario, clock)
    answer = put_off(scenario, "2026-04-01")
    found = answer.json()["next_action"]
    assert (answer.status_code, found["kind"], found["due_on"]) == (200, "send_records", "2026-04-01")
    assert found["reason"].endswith(" Put off to 2026-04-01.")
    assert scenario.api.get("/v1/claims?due_by=2026-03-31").json()["items"] == []
    assert [one["id"] for one in scenario.api.get("/v1/claims?due_by=2026-04-01").json()["items"]] == [
        scenario.claims[0]["id"]
    ]
    [entry] = [one for one in timeline(scenario) if one["kind"] == "next_action_put_off"]
    assert entry["summary"] == f"Put off to 2026-04-01: {REASON}"
    assert do(scenario).json()["next_action"]["kind"] == "await_answer"


@pytest.mark.parametrize(("until", "status"), [("2026-03-02", 409), ("2026-05-31", 200), ("2026-06-01", 409)])
def test_nothing_is_put_off_to_the_past_or_by_more_than_90_days(scenario, clock, until, status):
    adjusted("252")(scenario, clock)
    assert put_off(scenario, until).status_code == status


def test_a_claim_that_is_not_filed_is_put_off_no_longer_than_its_filing_limit(scenario, clock):
    """180 days from the visit on 2026-01-01 end on 2026-06-30."""
    scenario.make()
    clock.advance(timedelta(days=100))
    refused = put_off(scenario, "2026-07-01")
    assert (refused.status_code, refused.json()["code"]) == (409, "day_out_of_bounds")
    assert refused.json()["detail"].endswith("no later than 2026-06-30")
    assert put_off(scenario, "2026-06-30").json()["next_action"]["due_on"] == "2026-06-30"


def test_what_others_do_is_not_put_off(scenario):
    scenario.submit()
    refused = put_off(scenario, "2026-03-10")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_put_off")


def test_another_action_than_the_one_that_was_put_off_is_due_on_its_own_day(scenario, clock):
    scenario.make()
    put_off(scenario, "2026-04-01")
    scenario.api.submit(scenario.claims[0]["id"])
    assert kind_and_day(scenario) == ("send", "2026-03-02")


def test_a_claim_is_given_to_a_person_and_taken_back(scenario):
    scenario.make()
    assert assign(scenario, "usr_june").json()["next_action"]["assignee_id"] == "usr_june"
    assert assign(scenario, None).json()["next_action"]["assignee_id"] is None
    entries = [one["summary"] for one in timeline(scenario) if one["kind"] == "claim_assigned"]
    assert entries == ["Assigned to usr_june.", "Assigned to nobody."]
    assert [one["type"] for one in scenario.api.events()][-2:] == ["claim.assigned", "claim.assigned"]


def test_the_next_action_says_how_much_it_is_about(scenario):
    scenario.make()
    assert action(scenario)["amount_cents"] == 18_200
    scenario.send()
    scenario.receive(remittance(paid_in_part(scenario.number())), "835")
    assert (action(scenario)["kind"], action(scenario)["amount_cents"]) == ("bill_patient", 2_500)


def test_notes_on_a_claim_have_author_time_and_what_belongs_to_them(scenario):
    scenario.make()
    path = f"/v1/claims/{scenario.claims[0]['id']}/notes"
    file = {
        "title": "Letter of the payer",
        "media_type": "application/pdf",
        "size_bytes": 40_213,
        "sha256": "0" * 64,
        "location": "dms://letters/17",
    }
    first = scenario.api.post(path, {"text": "Called; they look into it.", "attachments": [file], "actor": BILLER})
    assert first.status_code == 201
    second = scenario.api.post(path, {"text": "They have it.", "actor": BILLER})
    assert scenario.api.get(path).json()["items"] == [first.json(), second.json()]
    assert first.json() == {
        "id": first.json()["id"],
        "claim_id": scenario.claims[0]["id"],
        "at": "2026-03-02T17:00:00Z",
        "text": "Called; they look into it.",
        "attachments": [file],
        "author": BILLER,
    }
    page = scenario.api.get(f"{path}?limit=1").json()
    rest = scenario.api.get(f"{path}?limit=1&after={page['next']}").json()
    assert ([one["text"] for one in page["items"] + rest["items"]], rest["next"]) == (
        ["Called; they look into it.", "They have it."],
        None,
    )
    kinds = [one["summary"] for one in timeline(scenario) if one["kind"] == "claim_note_added"]
    assert kinds == ["A note was added with 1 attachment.", "A note was added."]


@pytest.mark.parametrize("verb", ["notes", "next-action/done", "next-action/snooze", "next-action/assign"])
def test_work_on_a_claim_that_is_not_there_is_404_and_is_a_billers(scenario, verb):
    scenario.make()
    body = {
        "notes": {"text": "Called."},
        "next-action/done": {"kind": "review"},
        "next-action/snooze": {"kind": "review", "until": "2026-03-09", "reason": REASON},
        "next-action/assign": {"assignee_id": "usr_june"},
    }[verb]
    answer = scenario.api.post(f"/v1/claims/clm_none/{verb}", {**body, "actor": BILLER})
    assert (answer.status_code, answer.json()["code"]) == (404, "claim_not_found")
    refused = scenario.api.post(
        f"/v1/claims/{scenario.claims[0]['id']}/{verb}", {**body, "actor": {**BILLER, "role": "front_desk"}}
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "role_not_permitted")


@pytest.mark.usefixtures("database_kind")
def test_the_mac_of_a_claim_leaves_out_what_is_worked_out_for_the_worklist_and_nothing_else():
    table = table_of(ClaimRow)
    outside = {column.name for column in table.columns if OUTSIDE_MAC in column.info}
    assert outside == {"next_amount_cents", "assignee_id", "progress"}
    values = {column.name: None for column in table.columns} | {"organization_id": "org_1", "id": "clm_1"}
    plain = canonical_row("claims", table, values)
    told = {
        name
        for name in outside | {"next_kind", "state"}
        if canonical_row("claims", table, values | {name: "x"}) != plain
    }
    assert told == {"next_kind", "state"}
