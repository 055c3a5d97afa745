"""The life of an appeal over HTTP: each outcome, the levels, silence, and the money that the ledger shows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from tests.services.claims.appeal_acts import (
    FAX,
    TODAY,
    WHY,
    a_denied_claim,
    action,
    days_on,
    decide,
    decided,
    decided_anew,
    do,
    kind_and_day,
    opened,
    path_of,
    press,
    send,
    sent,
)
from tests.services.claims.factories import BILLER, CANARIES, COVERAGE, PATIENT, a_coverage_bundle, a_payer
from tests.services.claims.fake_clearinghouse import (
    accepted,
    cas,
    claim_payment,
    denied,
    remittance,
    reversal_of,
    service,
)
from tests.services.claims.test_double_acts import AT_ONCE, at_once

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
MAY = date(2026, 5, 2)


@on_sqlite
def test_an_appeal_that_is_won_brings_the_money_and_the_ledger_says_how_much(scenario, clock):
    a_denied_claim(scenario)
    assert kind_and_day(scenario) == ("appeal", "2026-03-16")
    draft = opened(scenario)
    assert (draft["level"], draft["kind"], draft["state"], draft["version"]) == (1, "appeal", "draft", 1)
    assert kind_and_day(scenario) == ("send_appeal", "2026-03-05")
    one = send(scenario, draft, reference="FX-1").json()
    left = scenario.api.get(f"/v1/patients/{PATIENT}/disclosures", scopes=["audit:read"]).json()["items"]
    assert [(told["recipient"], told["through"], told["description"].split(":")[0]) for told in left[1:]] == [
        (f"{FAX} (fax)", None, f"Appeal about claim {scenario.claim()['claim_number']}")
    ]
    assert (one["state"], one["sent_on"], one["answer_due_on"]) == ("sent", "2026-03-02", "2026-05-01")
    assert one["answer_due_source"] == "ERISA 29 CFR 2560.503-1(i)(2)(iii)"
    assert (one["paid_before_cents"], one["won_cents"]) == (0, 0)
    assert one["sending"] == {
        "by": "fax",
        "recipient": FAX,
        "sent_on": "2026-03-02",
        "reference": "FX-1",
        "late_reason": None,
        "actor": BILLER,
    }
    assert kind_and_day(scenario) == ("await_appeal", "2026-05-01")
    clock.advance(timedelta(days=30))
    scenario.receive(decided_anew(scenario, 13_500, 4_700, date(2026, 4, 1)), "835")
    assert (action(scenario)["kind"], action(scenario)["rule"]) == ("record_appeal_outcome", "appeal_answered")
    assert scenario.money() == (18_200, 0, 0, 0)
    won = decided(scenario, one, "overturned", date(2026, 4, 1))
    assert (won["state"], won["decided_on"], won["won_cents"]) == ("overturned", "2026-04-01", 18_200)
    assert action(scenario)["kind"] == "none"
    assert scenario.api.get(f"{path_of(scenario)}/{one['id']}").json() == won


@on_sqlite
def test_a_reversal_alone_is_no_answer_to_an_appeal_and_the_decision_after_it_is(scenario):
    a_denied_claim(scenario)
    sent(scenario)
    name = scenario.number()
    scenario.receive(remittance(reversal_of(denied(name, "50")), trace="EFT0002", number=2, paid_on=TODAY), "835")
    assert (scenario.claim()["outcome"], kind_and_day(scenario)) == ("reversed", ("await_appeal", "2026-05-01"))
    again = remittance(denied(name, "50"), trace="EFT0003", number=3, paid_on=TODAY + timedelta(days=1))
    scenario.receive(again, "835")
    assert action(scenario)["kind"] == "record_appeal_outcome"


@on_sqlite
def test_money_that_was_won_is_waited_for_and_then_asked_for(scenario, clock):
    a_denied_claim(scenario)
    one = sent(scenario)
    decided(scenario, one, "overturned")
    assert kind_and_day(scenario) == ("await_appeal_payment", "2026-04-01")
    assert days_on(scenario, clock, 31) == ("check_claim_status", "2026-04-02")
    scenario.receive(decided_anew(scenario, 10_000, 0, date(2026, 4, 2)), "835")
    assert (action(scenario)["kind"], scenario.money()) == ("appeal", (10_000, 0, 0, 8_200))
    again = opened(scenario)
    assert (again["level"], again["notice_on"]) == (1, "2026-04-02")


@on_sqlite
def test_of_an_appeal_that_is_partly_won_the_rest_goes_on_and_each_level_shows_what_it_won(scenario, clock):
    a_denied_claim(scenario)
    first = sent(scenario)
    scenario.receive(decided_anew(scenario, 6_000, 0, TODAY), "835")
    assert decided(scenario, first, "partly_overturned")["won_cents"] == 6_000
    assert (action(scenario)["kind"], action(scenario)["amount_cents"]) == ("appeal", 12_200)
    assert action(scenario)["reason"].startswith("The appeal (level 1) was won in part alone on 2026-03-02.")
    second = sent(scenario)
    assert (second["paid_before_cents"], second["won_cents"]) == (6_000, 0)
    name = scenario.number()
    more = claim_payment(
        name, service(name, 1, "97124", 13_500, 13_500), service(name, 2, "97110", 4_700, 0, cas("CO", "50", 4_700))
    )
    undone = [
        service(name, 1, "97124", -13_500, -6_000, cas("CO", "50", -7_500)),
        service(name, 2, "97110", -4_700, 0, cas("CO", "50", -4_700)),
    ]
    both = (claim_payment(name, *undone, status="22"), more)
    scenario.receive(remittance(*both, trace="EFT0003", number=3, paid_on=TODAY), "835")
    listed = scenario.api.get(path_of(scenario)).json()
    assert [(one["level"], one["state"], one["won_cents"]) for one in listed["items"]] == [
        (1, "partly_overturned", 6_000),
        (2, "sent", 7_500),
    ]
    assert listed["next"] is None
    page = scenario.api.get(f"{path_of(scenario)}?limit=1").json()
    rest = scenario.api.get(f"{path_of(scenario)}?limit=1&after={page['next']}").json()
    assert page["items"] + rest["items"] == listed["items"]


@on_sqlite
def test_a_lost_appeal_leads_through_the_levels_to_a_write_off(scenario):
    a_denied_claim(scenario)
    decided(scenario, sent(scenario), "upheld")
    assert (action(scenario)["kind"], action(scenario)["rule"]) == ("appeal", "appeal_lost")
    assert action(scenario)["reason"].endswith("There is a level 2: appeal, or write it off.")
    second = sent(scenario)
    assert (second["level"], second["kind"], second["last_day_to_send"]) == (2, "second_appeal", None)
    assert second["answer_due_on"] == "2026-04-01"
    assert [one["code"] for one in second["packet"]["findings"]][-1] == "last_day_unknown"
    decided(scenario, second, "upheld")
    assert action(scenario)["reason"].endswith("The window closes on 2026-06-30.")
    third = sent(scenario)
    assert (third["level"], third["kind"], third["last_day_to_send"]) == (3, "external_review", "2026-06-30")
    assert third["answer_due_on"] == "2026-04-16"
    decided(scenario, third, "upheld")
    found = action(scenario)
    assert (found["kind"], found["rule"]) == ("write_off", "appeal_lost_for_good")
    refused = scenario.api.post(path_of(scenario), {"actor": BILLER})
    assert (refused.status_code, refused.json()["code"]) == (409, "no_further_level")
    body = {"amount_cents": 18_200, "account": "insurer", "kind": "uncollectible", "reason": WHY, "actor": BILLER}
    assert scenario.api.post(found["operation"]["path"], body).status_code == 201
    assert (action(scenario)["kind"], scenario.money()) == ("none", (0, 18_200, 0, 0))


@on_sqlite
def test_a_denial_that_comes_again_as_the_answer_is_a_part_of_what_was_upheld(scenario):
    a_denied_claim(scenario)
    one = sent(scenario)
    scenario.receive(decided_anew(scenario, 0, 0, TODAY), "835")
    decided(scenario, one, "upheld")
    assert (action(scenario)["rule"], opened(scenario)["level"]) == ("appeal_lost", 2)


@on_sqlite
def test_what_the_payer_decides_after_a_lost_appeal_is_appealed_from_the_first_level(scenario):
    a_denied_claim(scenario)
    decided(scenario, sent(scenario), "upheld")
    scenario.receive(decided_anew(scenario, 0, 0, TODAY), "835")
    assert (action(scenario)["rule"], opened(scenario)["level"]) == ("adjustment_appeal", 1)


@on_sqlite
def test_a_silent_payer_is_pressed_reported_and_at_last_given_up(scenario, clock, neighbours):
    neighbours.files[COVERAGE] = a_coverage_bundle(payer=a_payer(payment_overdue_days=100))
    scenario.send()
    scenario.receive(accepted(scenario.number(), on=TODAY))
    scenario.receive(remittance(denied(scenario.number(), "50"), paid_on=TODAY), "835")
    one = sent(scenario)
    early = press(scenario, one)
    assert (early.status_code, early.json()["code"]) == (409, "answer_not_due")
    assert early.json()["errors"][0]["message"] == "The payer has until 2026-05-01 to answer."
    assert days_on(scenario, clock, 60) == ("await_appeal", "2026-05-01")
    assign = f"/v1/claims/{scenario.claims[0]['id']}/next-action/assign"
    assert scenario.api.post(assign, {"assignee_id": "usr_june", "actor": BILLER}).status_code == 200
    assert kind_and_day(scenario) == ("await_appeal", "2026-05-01")
    assert days_on(scenario, clock, 1) == ("escalate_appeal", "2026-05-02")
    not_yet = press(scenario, one, "insurance_department").json()
    assert (not_yet["code"], not_yet["errors"][0]["message"]) == (
        "prompt_pay_not_over",
        "The payer's 100 days to pay end on 2026-06-10.",
    )
    assert press(scenario, one, "workers_comp_agency").json()["code"] == "not_its_agency"
    pressed = press(scenario, one, reference="call 4471").json()
    assert (pressed["state"], pressed["answer_due_on"]) == ("escalated", "2026-06-01")
    assert pressed["escalations"] == [
        {
            "to": "supervisor",
            "by": "phone",
            "recipient": "Provider line",
            "escalated_on": "2026-05-02",
            "reference": "call 4471",
            "actor": BILLER,
        }
    ]
    assert kind_and_day(scenario) == ("await_appeal", "2026-06-01")
    assert days_on(scenario, clock, 40) == ("escalate_appeal", "2026-06-11")
    reported = press(scenario, one, "insurance_department").json()
    assert [step["to"] for step in reported["escalations"]] == ["supervisor", "insurance_department"]
    decided(scenario, one, "unanswered", date(2026, 6, 11))
    assert (action(scenario)["kind"], action(scenario)["rule"]) == ("appeal", "appeal_lost")


@on_sqlite
def test_a_department_is_not_asked_where_no_prompt_pay_days_are_known_or_the_plan_is_an_employers_own(
    scenario, clock, neighbours
):
    a_denied_claim(scenario)
    one = sent(scenario)
    days_on(scenario, clock, 61)
    assert press(scenario, one, "insurance_department").json()["code"] == "prompt_pay_unknown"
    assert action(scenario)["kind"] == "escalate_appeal"


@on_sqlite
@pytest.mark.parametrize(
    ("hour", "status"),
    [(datetime(2026, 8, 30, 6, 59, tzinfo=UTC), 200), (datetime(2026, 8, 30, 7, 0, tzinfo=UTC), 409)],
)
def test_the_last_day_ends_at_midnight_in_the_practices_zone(scenario, clock, hour, status):
    a_denied_claim(scenario)
    one = opened(scenario)
    assert one["last_day_to_send"] == "2026-08-29"
    clock.advance(hour - clock.now())
    scenario.run()
    answer = send(scenario, one)
    assert answer.status_code == status
    if status == 409:
        refused = answer.json()
        assert (refused["code"], refused["errors"][0]["pointer"]) == ("window_closed", "/body/sent_on")
        draft = scenario.api.get(f"{path_of(scenario)}/{one['id']}").json()
        assert (draft["state"], draft["version"], draft["packet"]["findings"][-1]["code"]) == (
            "draft",
            1,
            "window_closed",
        )
        late = send(scenario, one, late_reason="The notice came to another address.")
        assert late.json()["sending"]["late_reason"] == "The notice came to another address."
        earlier = [
            entry["reason"] for entry in scenario.api.get(f"/v1/audit-entries?subject_id={one['id']}").json()["items"]
        ]
        assert "The notice came to another address." in earlier


@on_sqlite
def test_what_an_appeal_cannot_do_now_is_refused_with_the_reason_and_changes_nothing(scenario):
    a_denied_claim(scenario)
    one = opened(scenario)
    acts = {
        "outcome": {"outcome": "upheld", "decided_on": str(TODAY), "reason": WHY},
        "escalate": {"to": "supervisor", "by": "phone", "recipient": "Provider line"},
        "send": {"by": "fax", "recipient": FAX},
        "withdraw": {"reason": WHY},
    }

    def codes(*verbs):
        before = scenario.api.get(f"{path_of(scenario)}/{one['id']}").json(), scenario.claim()
        answers = [do(scenario, verb, one, **acts[verb]) for verb in verbs]
        assert (scenario.api.get(f"{path_of(scenario)}/{one['id']}").json(), scenario.claim()) == before
        return [(answer.status_code, answer.json()["code"]) for answer in answers]

    twice = scenario.api.post(path_of(scenario), {"actor": BILLER})
    assert (twice.status_code, twice.json()["code"]) == (409, "appeal_open")
    assert codes("outcome", "escalate") == [(409, "appeal_state")] * 2
    for day in ("sent_on", "answer_due_on"):
        refused = send(scenario, one, **{day: "2026-03-03" if day == "sent_on" else "2026-03-02"})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (409, f"/body/{day}")
    send(scenario, one)
    assert codes("send") == [(409, "appeal_state")]
    letter = scenario.api.patch(f"{path_of(scenario)}/{one['id']}", {"letter": "Too late.", "actor": BILLER})
    assert (letter.status_code, letter.json()["code"]) == (409, "appeal_state")
    assert decide(scenario, one, "upheld", date(2026, 3, 3)).json()["code"] == "day_in_future"
    assert decide(scenario, one, "upheld", date(2026, 3, 1)).json()["code"] == "day_out_of_bounds"
    decided(scenario, one, "upheld")
    assert codes("send", "outcome", "escalate", "withdraw") == [(409, "appeal_state")] * 4
    unknown = do(scenario, "withdraw", {"id": "apl_none"}, reason=WHY)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "appeal_not_found")


@on_sqlite
def test_nobody_can_appeal_what_was_never_adjudicated(scenario):
    def refusal(place=0):
        path = f"/v1/claims/{scenario.claims[place]['id']}/appeals"
        answer = scenario.api.post(path, {"actor": BILLER})
        assert scenario.api.get(path).json()["items"] == []
        return answer.status_code, answer.json()["code"]

    scenario.make(4)
    assert refusal() == (409, "not_adjudicated")
    scenario.send(4)
    assert refusal() == (409, "not_adjudicated")
    scenario.receive(accepted(scenario.number(), on=TODAY))
    assert refusal() == (409, "not_adjudicated")
    unprocessable = denied(scenario.number(1), "16")
    moa = replace_others(unprocessable, "MA130")
    whole = claim_payment(
        scenario.number(3),
        service(scenario.number(3), 1, "97124", 13_500, 13_500),
        service(scenario.number(3), 2, "97110", 4_700, 4_700),
    )
    payments = (moa, denied(scenario.number(2), "50"), whole)
    scenario.receive(remittance(*payments, paid_on=TODAY), "835")
    assert (refusal(1), refusal(3)) == ((409, "not_adjudicated"), (409, "nothing_to_appeal"))
    assert scenario.api.post(f"/v1/claims/{scenario.claims[2]['id']}/correct", {"reason": WHY}).status_code == 200
    assert refusal(2) == (409, "not_adjudicated")
    none = scenario.api.post("/v1/claims/clm_none/appeals", {"actor": BILLER})
    assert (none.status_code, none.json()["code"]) == (404, "claim_not_found")


def replace_others(payment, remark):
    from msgspec.structs import replace

    from shared import x12

    return replace(payment, others=(x12.Segment(id="MOA", elements=("", "", remark)),))


@on_sqlite
def test_a_withdrawn_draft_leaves_the_claim_as_it_was_and_a_withdrawn_level_the_one_before(scenario):
    a_denied_claim(scenario)
    before = action(scenario)
    do(scenario, "withdraw", opened(scenario), reason=WHY)
    assert action(scenario) == before
    decided(scenario, sent(scenario), "upheld")
    lost = action(scenario)
    gone = do(scenario, "withdraw", opened(scenario), reason=WHY).json()
    assert (gone["state"], gone["withdrawn_because"], action(scenario)) == ("withdrawn", WHY, lost)
    assert opened(scenario)["level"] == 2


@on_sqlite
def test_a_repeat_of_each_act_has_one_effect_and_the_same_answer(scenario):
    a_denied_claim(scenario)
    first, again = (scenario.api.post(path_of(scenario), {"actor": BILLER}, key="open-once") for _ in range(2))
    assert (first.status_code, first.content) == (201, again.content)
    one = first.json()
    for verb, body in (
        ("send", {"by": "fax", "recipient": FAX}),
        ("outcome", {"outcome": "upheld", "decided_on": str(TODAY), "reason": WHY}),
    ):
        answers = [do(scenario, verb, one, key=f"{verb}-once", **body) for _ in range(2)]
        assert (answers[0].status_code, answers[0].content) == (200, answers[1].content)
    events = [(event["type"], event["data"]) for event in scenario.api.events() if event["type"].startswith("appeal.")]
    about = {"claim_id": scenario.claims[0]["id"], "level": 1, "kind": "appeal"}
    assert events == [
        ("appeal.opened", {**about, "state": "draft"}),
        ("appeal.sent", {**about, "state": "sent"}),
        ("appeal.decided", {**about, "state": "upheld"}),
    ]


def test_of_several_at_once_one_opens_and_one_sends(scenario):
    a_denied_claim(scenario)
    body = {"actor": BILLER}
    answers = at_once(lambda place: scenario.api.post(path_of(scenario), body, key=f"at-once-{place}").status_code)
    assert answers == [201, *[409] * (AT_ONCE - 1)]
    [one] = scenario.api.get(path_of(scenario)).json()["items"]
    fax = {"by": "fax", "recipient": FAX}
    answers = at_once(lambda place: do(scenario, "send", one, key=f"send-at-once-{place}", **fax).status_code)
    assert answers == [200, *[409] * (AT_ONCE - 1)]


@on_sqlite
def test_another_organization_sees_none_of_it_and_at_rest_nothing_is_readable(scenario):
    a_denied_claim(scenario)
    one = sent(scenario)
    other = {"organization_id": "org_other0001"}
    for path in (path_of(scenario), f"{path_of(scenario)}/{one['id']}", one["packet"]["files"][0]["path"]):
        assert scenario.api.get(path, **other).status_code in (403, 404)
    with scenario.deps.database.reading() as session:
        kept = str(session.execute(text("SELECT * FROM appeals")).all())
    assert one["id"] in kept
    assert [canary for canary in (*CANARIES, FAX) if canary in kept] == []


@on_sqlite
def test_the_timeline_tells_of_each_act(scenario, clock):
    a_denied_claim(scenario)
    one = opened(scenario)
    edit = scenario.api.patch(f"{path_of(scenario)}/{one['id']}", {"letter": "Ours.", "actor": BILLER})
    assert edit.status_code == 200
    send(scenario, one, reference="FX-1")
    days_on(scenario, clock, 61)
    press(scenario, one)
    decided(scenario, one, "upheld", MAY)
    entries = scenario.api.get(f"/v1/claims/{scenario.claims[0]['id']}/timeline").json()["items"]
    told = [(entry["kind"], entry["summary"]) for entry in entries if entry["kind"].startswith("appeal_")]
    assert told == [
        ("appeal_opened", "Level 1 of dispute was opened (appeal)."),
        ("appeal_edited", "The draft of the appeal was edited."),
        ("appeal_sent", f"The appeal was sent by fax to {FAX} on 2026-03-02; reference FX-1."),
        (
            "appeal_escalated",
            "The payer's silence was taken to the supervisor by phone on 2026-05-02 (Provider line).",
        ),
        ("appeal_decided", f"The appeal (level 1) is upheld as of 2026-05-02: {WHY}"),
    ]


@on_sqlite
def test_levels_and_days_are_those_of_the_payers_own_settings_where_it_has_any(scenario, neighbours):
    level = {"kind": "reconsideration", "level": 1, "days": 10, "answer_days": 20, "source": "Provider manual, 7.3"}
    neighbours.files[COVERAGE] = a_coverage_bundle(payer=a_payer(disputes=[level]))
    a_denied_claim(scenario)
    assert kind_and_day(scenario) == ("appeal", "2026-03-12")
    one = sent(scenario)
    found = (
        one["kind"],
        one["last_day_to_send"],
        one["last_day_source"],
        one["answer_due_on"],
        one["answer_due_source"],
    )
    assert found == ("reconsideration", "2026-03-12", "Provider manual, 7.3", "2026-03-22", "Provider manual, 7.3")
    decided(scenario, one, "upheld")
    assert action(scenario)["kind"] == "write_off"


@on_sqlite
@pytest.mark.parametrize(("until", "status"), [("2026-03-12", 200), ("2026-03-13", 409)])
def test_a_draft_is_put_off_no_longer_than_its_last_day(scenario, neighbours, until, status):
    level = {"kind": "appeal", "level": 1, "days": 10, "source": "Provider manual, 7.3"}
    neighbours.files[COVERAGE] = a_coverage_bundle(payer=a_payer(disputes=[level]))
    a_denied_claim(scenario)
    opened(scenario)
    body = {"kind": "send_appeal", "until": until, "reason": "The therapist is away.", "actor": BILLER}
    path = f"/v1/claims/{scenario.claims[0]['id']}/next-action/snooze"
    assert scenario.api.post(path, body).status_code == status
