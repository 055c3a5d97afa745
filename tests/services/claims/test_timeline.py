"""A claim's timeline: everything that happened to it and to its files, oldest first, each with its source."""

from datetime import timedelta

import pytest

from services.claims.store.tables import TimelineRow
from shared.paging import Cursor
from tests.harness.tokens import OTHER_ORGANIZATION
from tests.services.claims.factories import BILLER, CANARIES, COVERAGE, NOTE, PAYER, a_coverage_bundle, a_payer
from tests.services.claims.fake_clearinghouse import (
    accepted,
    ack_999,
    claim_status,
    denied,
    paid_in_part,
    rejected,
    remittance,
    reversal_of,
    status_277ca,
    ta1,
)

CONTROL = "000000001"
NO_MASSAGE = {"active": "active", "massage": "not_covered", "service_type": "BE", "authorization": "not_required"}
BY_PERSONS = (
    {
        "kind": "claim_created",
        "summary": f"Created from note {NOTE} and coverage {COVERAGE}: no rule blocks it.",
        "state": "ready",
        "claim": {"payer_id": PAYER, "program": "commercial", "date_of_service": "2026-01-01"},
    },
    {"kind": "claim_submitted", "summary": "Submitted; it waits for the next file.", "state": "submitted"},
)
SENT = (
    {"kind": "file_formed", "summary": f"Put in 837P file {CONTROL}, with 1 claim in all."},
    {"kind": "file_sent", "summary": f"File {CONTROL} was sent; the clearinghouse has it."},
)
ENVELOPE_TAKEN = {
    "kind": "file_acknowledged",
    "summary": "The clearinghouse accepted the file's envelope (TA1).",
}
SYNTAX_TAKEN = {"kind": "file_accepted", "summary": "The clearinghouse accepted the file's syntax (999)."}
TAKEN_BY_CLEARINGHOUSE = {
    "kind": "claim_accepted",
    "summary": "Accepted by the clearinghouse.",
    "state": "accepted",
    "state_by": "clearinghouse",
    "codes": ["A2-20"],
}
TAKEN_BY_PAYER = {**TAKEN_BY_CLEARINGHOUSE, "summary": "Accepted by the payer.", "state_by": "payer"}
PAID_IN_PART = {
    "kind": "payment_posted",
    "summary": "A payment was posted: $114.45 paid, $42.55 written off, $25.00 to the patient.",
    "state": "adjudicated",
    "codes": ["CO-45", "PR-3"],
    "money": {
        "charge_cents": 0,
        "paid_cents": 11_445,
        "written_off_cents": 4_255,
        "patient_balance_cents": 2_500,
        "insurer_balance_cents": -18_200,
        "patient_paid_cents": 0,
        "other_payers_cents": 0,
    },
    "decision": {
        "reversal": False,
        "denials": [],
        "lines": [
            {
                "line_number": 1,
                "procedure_code": "97124",
                "units": 3,
                "charge_cents": 13_500,
                "allowed_cents": 10_245,
                "paid_cents": 7_745,
                "denied_cents": 0,
                "expected_cents": None,
            },
            {
                "line_number": 2,
                "procedure_code": "97110",
                "units": 1,
                "charge_cents": 4_700,
                "allowed_cents": 3_700,
                "paid_cents": 3_700,
                "denied_cents": 0,
                "expected_cents": None,
            },
        ],
    },
}
"""What the entries of a claim say that is sent alone, taken and paid in part, but for ids and sources."""


def timeline(scenario, place=0, limit=100, **claims):
    """All entries of a claim, page by page."""
    path, seen, following = f"/v1/claims/{scenario.claims[place]['id']}/timeline?limit={limit}", [], ""
    while following is not None:
        answer = scenario.api.get(f"{path}{following and '&after=' + following}", **claims)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) <= limit
        seen, following = [*seen, *page["items"]], page["next"]
    return seen


def kinds(scenario, place=0):
    return [one["kind"] for one in timeline(scenario, place)]


def newest(scenario, place=0):
    return timeline(scenario, place)[-1]


def without_blanks(entry):
    return {name: value for name, value in entry.items() if value not in (None, []) and name not in ("id", "at")}


def test_from_the_note_to_the_payment_every_step_is_there_with_its_source(scenario):
    """One claim, sent alone, taken by the clearinghouse and the payer, and paid in part."""
    scenario.send()
    messages = [
        scenario.receive(content, kind)["id"]
        for content, kind in (
            (ta1(CONTROL), "TA1"),
            (ack_999(CONTROL), "999"),
            (accepted(scenario.number(), "AY"), "277CA"),
            (accepted(scenario.number()), "277CA"),
            (remittance(paid_in_part(scenario.number())), "835"),
        )
    ]
    claim, (file,) = scenario.claim(), scenario.files()
    caller = {"type": "api_client", "id": timeline(scenario)[0]["source"]["id"]}
    number = {"claim_number": claim["claim_number"]}
    of_file = {"file_id": file["id"], "interchange_control_number": CONTROL}

    def by_message(place, kind):
        return {"message_kind": kind, "source": {"type": "message", "id": messages[place]}}

    expected = [
        *({**one, "actor": BILLER, "source": caller, **number} for one in BY_PERSONS),
        *({**one, **of_file, "source": {"type": "file", "id": file["id"]}} for one in SENT),
        {**ENVELOPE_TAKEN, **of_file, **by_message(0, "TA1")},
        {**SYNTAX_TAKEN, **of_file, **by_message(1, "999")},
        {**TAKEN_BY_CLEARINGHOUSE, **number, **by_message(2, "277CA")},
        {**TAKEN_BY_PAYER, **number, **by_message(3, "277CA")},
        {**PAID_IN_PART, **number, **by_message(4, "835")},
    ]
    assert [without_blanks(one) for one in timeline(scenario)] == expected


def test_what_each_payment_did_adds_up_to_the_claims_money(scenario):
    scenario.send()
    first = denied(scenario.number())
    for content in (first, reversal_of(first), paid_in_part(scenario.number())):
        scenario.receive(remittance(content, trace=f"EFT{content.status}{content.paid_cents}"), "835")
    posted = [one for one in timeline(scenario) if one["kind"] == "payment_posted"]
    assert [one["summary"].partition(":")[0] for one in posted] == [
        "A payment was posted",
        "An earlier payment was reversed",
        "A payment was posted",
    ]
    money = scenario.claim()["money"]
    for name in ("paid_cents", "written_off_cents", "patient_balance_cents"):
        assert sum(one["money"][name] for one in posted) == money[name]


def test_each_decision_keeps_what_it_denied_and_what_all_answers_said_by_then(scenario):
    """Denied whole on one day, taken back and paid on the next: the first entry goes on saying what was known then. The
    fees are of before the second answer, so the first expects nothing and the last 40.00 a unit of 97124."""
    scenario.send()
    number = scenario.number()
    refused, paid = denied(number), paid_in_part(number)
    scenario.receive(remittance(refused), "835")
    fees = {"effective_from": "2026-01-01", "fees": [{"procedure_code": "97124", "unit_cents": 4_000}]}
    assert scenario.api.put(f"/v1/payer-fees/{PAYER}", fees).status_code == 201
    scenario.receive(remittance(reversal_of(refused), trace="EFT0002"), "835")
    scenario.receive(remittance(paid, trace="EFT0003"), "835")
    decisions = [one["decision"] for one in timeline(scenario) if one["decision"]]

    def lines(decision):
        names = ("line_number", "allowed_cents", "paid_cents", "denied_cents", "expected_cents")
        return [tuple(line[name] for name in names) for line in decision["lines"]]

    assert [(one["reversal"], lines(one)) for one in decisions] == [
        (False, [(1, 0, 0, 13_500, None), (2, 0, 0, 4_700, None)]),
        (True, []),
        (False, [(1, 10_245, 7_745, 0, 12_000), (2, 3_700, 3_700, 0, None)]),
    ]
    assert [one["denials"] for one in decisions] == [
        [
            {"line_number": number, "group": "CO", "reason_code": "197", "amount_cents": cents}
            for number, cents in ((1, 13_500), (2, 4_700))
        ],
        [],
        [],
    ]


def test_entries_are_in_order_of_time_and_pages_hold_each_once(scenario):
    scenario.send(2)
    for content, kind in ((ack_999(CONTROL), "999"), (accepted(scenario.number()), "277CA")):
        scenario.clock.advance(timedelta(minutes=7))
        scenario.receive(content, kind)
    whole = timeline(scenario)
    assert [one["at"] for one in whole] == sorted(one["at"] for one in whole)
    assert len({one["at"] for one in whole}) > 2
    assert all(timeline(scenario, limit=limit) == whole for limit in (1, 2, 3))


def test_a_claim_of_another_file_is_not_told_of(scenario):
    """Two claims in two files: an answer to one file, or on one claim, is in the timeline of that claim alone."""
    scenario.send()
    scenario.make(2)
    scenario.api.submit(scenario.claims[1]["id"])
    scenario.run()
    before = timeline(scenario, 1)
    scenario.receive(ack_999(CONTROL), "999")
    scenario.receive(accepted(scenario.number(0)))
    assert timeline(scenario, 1) == before
    assert kinds(scenario, 0)[-2:] == ["file_accepted", "claim_accepted"]


def test_a_blocked_claim_says_which_rules_and_who_overrode_them(scenario, neighbours):
    neighbours.files[COVERAGE] = a_coverage_bundle(benefit=NO_MASSAGE)
    claim = scenario.api.create().json()
    scenario.claims.append(claim)
    body = {"rule_code": "massage_not_covered", "reason": "The payer said yes on the phone.", "actor": BILLER}
    assert scenario.api.post(f"/v1/claims/{claim['id']}/overrides", body).status_code == 201
    created, overridden = timeline(scenario)
    assert (created["codes"], created["state"]) == (["massage_not_covered"], "blocked")
    assert created["summary"].endswith(": blocked by 1 rule.")
    assert (overridden["kind"], overridden["codes"]) == ("finding_overridden", ["massage_not_covered"])
    assert (overridden["state"], overridden["actor"]) == ("ready", BILLER)


def test_a_rejected_claim_that_goes_out_anew_keeps_the_history_of_its_old_number_and_file(scenario):
    scenario.send()
    claim_id, old = scenario.claims[0]["id"], scenario.number()
    scenario.receive(rejected(old))
    rejection = scenario.claim()["next_action"]["reason"]
    scenario.api.post(f"/v1/claims/{claim_id}/refresh", {"actor": BILLER})
    scenario.api.submit(claim_id)
    scenario.run()
    late = scenario.receive(accepted(old))
    entries = timeline(scenario)
    assert [one["kind"] for one in entries] == [
        "claim_created",
        "claim_submitted",
        "file_formed",
        "file_sent",
        "claim_rejected",
        "claim_refreshed",
        "claim_submitted",
        "file_formed",
        "file_sent",
        "status_received",
    ]
    assert entries[4]["claim_number"] == old != entries[5]["claim_number"] == scenario.number()
    assert (entries[4]["summary"], entries[4]["codes"]) == (rejection, ["A7-164"])
    assert entries[2]["file_id"] != entries[7]["file_id"]
    assert (entries[9]["source"]["id"], entries[9]["claim_number"]) == (late["id"], old)
    query = f"claim_id={claim_id}"
    files = scenario.api.get(f"/v1/files?{query}").json()["items"]
    assert [one["id"] for one in files] == sorted({entries[2]["file_id"], entries[7]["file_id"]})


@pytest.mark.parametrize(
    ("content", "kind", "told"),
    [
        (ta1(CONTROL, "R", "020"), "TA1", ["file_refused", "claim_rejected"]),
        (ta1(CONTROL, "R", "025"), "TA1", ["file_acknowledged"]),
        (ack_999(CONTROL, "R"), "999", ["file_refused", "claim_rejected"]),
    ],
)
def test_a_refused_file_refuses_its_claims_and_a_known_one_does_not(scenario, content, kind, told):
    scenario.send()
    before = len(timeline(scenario))
    message = scenario.receive(content, kind)
    news = timeline(scenario)[before:]
    assert [one["kind"] for one in news] == told
    assert {one["source"]["id"] for one in news} == {message["id"]}


def test_a_status_that_moves_nothing_is_in_the_timeline(scenario):
    scenario.send()
    scenario.receive(status_277ca(claim_status(scenario.number(), "A1", "19", "AY")))
    found = newest(scenario)
    assert (found["kind"], found["state"], found["codes"]) == ("status_received", "submitted", ["A1-19"])


def test_a_payment_that_comes_twice_says_that_it_was_posted_before(scenario):
    scenario.send()
    payment = paid_in_part(scenario.number())
    scenario.receive(remittance(payment), "835")
    again = scenario.receive(remittance(payment, number=2), "835")
    found = newest(scenario)
    assert (found["kind"], found["codes"], found["money"]) == ("payment_not_posted", ["payment_posted_before"], None)
    assert found["source"]["id"] == again["id"]


def test_a_quarantined_message_and_its_release_are_told_to_every_claim_that_it_names(scenario):
    scenario.send(2)
    whole = remittance(*(paid_in_part(scenario.number(place)) for place in (0, 1)), total_cents=1)
    message = scenario.receive(whole, "835")
    assert message["state"] == "quarantined"
    assert [newest(scenario, place)["kind"] for place in (0, 1)] == ["message_quarantined"] * 2
    assert newest(scenario)["codes"]
    reason = "The bank confirms the sum."
    scenario.api.post(f"/v1/messages/{message['id']}/release", {"reason": reason, "actor": BILLER})
    for place in (0, 1):
        found = newest(scenario, place)
        assert (found["kind"], found["actor"]) == ("message_released", BILLER)
        assert found["summary"] == f"The message is to be applied as it is: {reason}"
    scenario.run()
    assert newest(scenario)["kind"] == "payment_posted"


def test_a_wait_that_ends_without_an_answer_is_an_entry_of_the_rule_that_says_so(scenario):
    scenario.send()
    before = scenario.claim()["next_action"]
    scenario.clock.advance(timedelta(days=30))
    assert scenario.run().followed_up == 1
    found, action = newest(scenario), scenario.claim()["next_action"]
    assert action != before
    assert (found["kind"], found["codes"]) == ("next_action_changed", [action["kind"]])
    assert found["source"] == {"type": "rule", "id": action["rule"]}


def test_a_voided_claim_ends_with_who_voided_it(scenario):
    scenario.make()
    scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/void", {"actor": BILLER})
    found = newest(scenario)
    assert (found["kind"], found["state"], found["actor"]) == ("claim_voided", "voided", BILLER)


def test_messages_are_listed_by_claim_whether_they_name_it_or_its_file(scenario):
    scenario.send(2)
    first, second = (one["id"] for one in scenario.claims)
    shared = scenario.receive(ack_999(CONTROL), "999")["id"]
    own = scenario.receive(accepted(scenario.number(0)))["id"]
    other = scenario.receive(accepted(scenario.number(1)))["id"]
    assert [one["id"] for one in scenario.messages(claim_id=first)] == [shared, own]
    assert [one["id"] for one in scenario.messages(claim_id=second)] == [shared, other]
    assert scenario.messages(claim_id=first, state="quarantined") == []
    assert scenario.messages(claim_id="clm_unknown1") == []
    assert scenario.api.get("/v1/files?claim_id=clm_unknown1").json()["items"] == []
    assert len(scenario.api.get(f"/v1/files?claim_id={first}").json()["items"]) == 1


def test_another_organization_finds_no_timeline_no_file_and_no_message(scenario):
    scenario.send()
    scenario.receive(accepted(scenario.number()))
    claim_id, other = scenario.claims[0]["id"], {"organization_id": OTHER_ORGANIZATION}
    answer = scenario.api.get(f"/v1/claims/{claim_id}/timeline", **other)
    assert (answer.status_code, answer.json()["code"]) == (404, "claim_not_found")
    for path in ("messages", "files"):
        assert scenario.api.get(f"/v1/{path}?claim_id={claim_id}", **other).json()["items"] == []


def test_a_cursor_that_this_list_did_not_give_is_malformed(scenario):
    scenario.make()
    path = f"/v1/claims/{scenario.claims[0]['id']}/timeline"
    early = Cursor.write("0001-01-01T00:00:00+23:00", "tle_1")
    for cursor in ("x", Cursor.write("x", "y"), early):
        answer = scenario.api.get(f"{path}?after={cursor}")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "cursor_invalid")


def test_the_timeline_names_nobody_but_who_acted_and_is_sealed(scenario):
    scenario.send()
    scenario.receive(accepted(scenario.number()))
    scenario.receive(remittance(paid_in_part(scenario.number())), "835")
    said = scenario.api.get(f"/v1/claims/{scenario.claims[0]['id']}/timeline").text
    assert not [one for one in CANARIES if one.lower() in said.lower()]
    assert scenario.rows(TimelineRow)
    with scenario.deps.database.reading() as session:
        stored = session.connection().exec_driver_sql("SELECT detail FROM timeline").scalars().all()
    assert all(b"Created" not in bytes(one) and BILLER["name"].encode() not in bytes(one) for one in stored)


def test_a_claim_that_waits_to_be_printed_says_so_once_and_not_every_day(scenario, clock):
    scenario.neighbours.files[COVERAGE] = a_coverage_bundle(payer=a_payer(claim_route="paper"))
    scenario.submit()
    for _day in range(3):
        clock.advance(timedelta(days=1))
        scenario.run()
    assert kinds(scenario) == ["claim_created", "claim_submitted"]
    clock.advance(timedelta(days=12))
    scenario.run()
    assert kinds(scenario) == ["claim_created", "claim_submitted", "next_action_changed"]
