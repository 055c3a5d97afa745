"""Remittances over HTTP: whole, with proofs, what each payment did, and what a person decides of those that wait."""

from datetime import date

import pytest

from services.claims.flows.remittances.list_remittances import payment_views
from services.claims.flows.remittances.read_remittance import read_remittance
from services.claims.store.tables import PostingRow, RemittanceRow, TimelineRow
from shared import x12
from shared.database.operations import AuditEntry
from tests.harness.tokens import ORGANIZATION, OTHER_ORGANIZATION
from tests.services.claims.factories import BILLER, CANARIES, CANARY_MEMBER, CANARY_NAME
from tests.services.claims.fake_clearinghouse import (
    cas,
    claim_payment,
    paid_in_part,
    rejected,
    remittance,
    reversal_of,
    service,
    x12_replace,
)
from tests.services.kinds import statements_of

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PAID, OPEN = (11_445, 4_255, 2_500, 0), (0, 0, 0, 18_200)
WHY = "The payer's portal shows our visit under this number."


def pay(scenario, *payments, **more):
    return scenario.receive(remittance(*payments, **more), "835")


def listed(scenario, query=""):
    return scenario.api.get(f"/v1/remittances?{query}").json()["items"]


def detail(scenario, remittance_id):
    return scenario.api.get(f"/v1/remittances/{remittance_id}").json()


def decide(scenario, remittance_id, act, number=1, **body):
    path = f"/v1/remittances/{remittance_id}/payments/{number}/{act}"
    return scenario.api.post(path, {"reason": WHY, "actor": BILLER, **body})


def to_do_about_messages(scenario):
    items = scenario.api.get("/v1/worklist").json()["items"]
    return [one["subject_id"] for one in items if one["subject_type"] == "message"]


def match(scenario, remittance_id, number=1, place=0, **body):
    return decide(scenario, remittance_id, "match", number, claim_id=scenario.claims[place]["id"], **body)


def on(payment, day):
    """The same for services of another day."""
    dates = (x12.DatePeriod(qualifier="472", start=day),)
    return x12_replace(payment, services=tuple(x12_replace(one, dates=dates) for one in payment.services))


def suggestions(scenario, payment):
    pay(scenario, payment, trace=f"EFT{len(listed(scenario)) + 100}")
    path = f"/v1/remittances/{listed(scenario)[-1]['id']}/payments/1/suggestions"
    return [(one["claim_id"], one["score"], one["reasons"]) for one in scenario.api.get(path).json()["items"]]


def test_a_suggestion_says_what_agrees_and_only_likely_claims_are_suggested(scenario):
    """The claim is of 2026-01-01, 182.00."""
    scenario.send()
    claim_id, one = scenario.claims[0]["id"], paid_in_part("KNOBODYS0001")
    who = ["same member id", "same patient's name"]
    patient = x12_replace(one.parties[0], name=CANARY_NAME.replace("L", "I", 1), id="CMH2O4417CANARY")
    stranger = x12_replace(one.parties[0], name="OKAFOR", first="JUNE", id="ZZ99")
    alike = ["same charge", "member id alike to 93%", "patient's name alike to 95%"]
    for payment, expected in (
        (on(one, date(2026, 1, 1)), [(claim_id, 100, ["same date of service", "same charge", *who])]),
        (on(one, date(2026, 1, 2)), [(claim_id, 91, ["date of service 1 day apart", "same charge", *who])]),
        (on(one, date(2026, 1, 4)), [(claim_id, 91, ["date of service 3 days apart", "same charge", *who])]),
        (on(one, date(2026, 1, 5)), [(claim_id, 85, ["same charge", *who])]),
        (x12_replace(one, parties=(patient,)), [(claim_id, 80, alike)]),
        (x12_replace(one, parties=(stranger,)), []),
        (x12_replace(on(one, date(2026, 1, 1)), parties=(stranger,)), []),
        (x12_replace(one, services=one.services[:1], charge_cents=13_500, paid_cents=7_745), [(claim_id, 70, who)]),
    ):
        assert suggestions(scenario, payment) == expected


def next_action(scenario, place=0):
    found = scenario.claim(place)["next_action"]
    return found["kind"], found["rule"]


def events(scenario, kind):
    return [one["data"] for one in scenario.api.events() if one["type"] == kind]


def test_a_remittance_is_read_whole_with_its_proofs_and_what_each_payment_did(scenario):
    scenario.send()
    number = scenario.number()
    message = pay(scenario, paid_in_part(number), paid_in_part("KNOBODYS0001"), provider=(("WO", 1_000), ("L6", -12)))
    [summary] = listed(scenario)
    found = detail(scenario, summary["id"])
    assert {name: found[name] for name in summary} == summary
    assert summary == {
        "id": summary["id"],
        "message_id": message["id"],
        "payer_name": "CASCADE MUTUAL HEALTH",
        "payer_identifier": "1512345678",
        "trace": "EFT0001",
        "method": "CHK",
        "amount_cents": 21_902,
        "paid_on": "2026-03-04",
        "received_at": summary["received_at"],
        "payments": 2,
        "waiting": 1,
        "state": "waiting",
    }
    assert found["proof"] == {
        "amount_cents": 21_902,
        "payments_cents": 22_890,
        "provider_adjustments_cents": 988,
        "difference_cents": 0,
    }
    assert (found["payee_name"], found["payee_npi"], found["next"]) == (
        "SALAL STREET BODYWORK PLLC",
        "1487302659",
        None,
    )
    assert [(one["reason"], one["reference"], one["amount_cents"]) for one in found["provider_adjustments"]] == [
        ("WO", "REF1", 1_000),
        ("L6", "REF1", -12),
    ]
    first, second = found["items"]
    assert (first["claim_number"], first["patient_name"], first["member_id"], first["difference_cents"]) == (
        number,
        f"NADIA {CANARY_NAME}",
        CANARY_MEMBER,
        0,
    )
    assert first["lines"][0] == {
        "number": 1,
        "procedure_code": "97124",
        "modifiers": [],
        "billed_as": None,
        "units": "1",
        "date_of_service": "2026-03-02",
        "control_number": first["lines"][0]["control_number"],
        "charge_cents": 13_500,
        "paid_cents": 7_745,
        "allowed_cents": None,
        "adjustments": [
            {"group": "CO", "reason_code": "45", "amount_cents": 3_255},
            {"group": "PR", "reason_code": "3", "amount_cents": 2_500},
        ],
        "remark_codes": [],
        "difference_cents": 0,
    }
    claim_id = scenario.claims[0]["id"]
    assert first["result"] == {"state": "posted", "claim_id": claim_id, "code": None, "waits_since": None}
    waits = {"state": "waiting", "claim_id": None, "code": "claim_unknown", "waits_since": "2026-03-04"}
    assert second["result"] == waits | {"waits_since": second["result"]["waits_since"]}
    assert events(scenario, "remittance.waiting") == [{"message_id": message["id"], "payments": 2, "waiting": 1}]


def test_the_list_narrows_to_one_payer_by_its_identifier_or_by_its_name(scenario):
    scenario.send()
    content = remittance(paid_in_part("KNOBODYS0001"), trace="EFT0001")
    scenario.receive(content, "835")
    scenario.receive(content.replace("1512345678", "1598765432").replace("EFT0001", "EFT0002"), "835")
    unnamed = content.replace("1512345678", "").replace("*EFT0001*", "*EFT0003").replace("CASCADE MUTUAL", "OLYMPIC")
    scenario.receive(unnamed, "835")
    traces = {}
    for payer in ("1512345678", "1598765432", "OLYMPIC%20HEALTH", "CASCADE%20MUTUAL%20HEALTH"):
        traces[payer] = [one["trace"] for one in listed(scenario, f"payer={payer}")]
    assert traces == {
        "1512345678": ["EFT0001"],
        "1598765432": ["EFT0002"],
        "OLYMPIC%20HEALTH": ["EFT0003"],
        "CASCADE%20MUTUAL%20HEALTH": [],
    }
    assert [one["trace"] for one in listed(scenario, "payer=1512345678&state=posted")] == []


def test_the_list_narrows_by_state_and_by_trace_and_is_paged(scenario):
    scenario.send()
    pay(scenario, paid_in_part(scenario.number()), trace="EFT0001")
    pay(scenario, paid_in_part("KNOBODYS0001"), trace="EFT0002")
    assert [one["trace"] for one in listed(scenario)] == ["EFT0001", "EFT0002"]
    assert [one["trace"] for one in listed(scenario, "state=waiting")] == ["EFT0002"]
    assert [one["trace"] for one in listed(scenario, "trace=EFT0001")] == ["EFT0001"]
    first = scenario.api.get("/v1/remittances?limit=1").json()
    rest = scenario.api.get(f"/v1/remittances?limit=1&after={first['next']}").json()
    assert [one["trace"] for one in (*first["items"], *rest["items"])] == ["EFT0001", "EFT0002"]
    assert rest["next"] is None


def test_the_payments_of_a_long_remittance_are_paged(scenario):
    scenario.send()
    pay(scenario, *(paid_in_part(f"KNOBODYS{place:04d}") for place in range(3)))
    [summary] = listed(scenario)
    path = f"/v1/remittances/{summary['id']}?limit=2"
    first = scenario.api.get(path).json()
    rest = scenario.api.get(f"{path}&after={first['next']}").json()
    assert [[one["number"] for one in page["items"]] for page in (first, rest)] == [[1, 2], [3]]
    assert rest["next"] is None


def test_a_page_of_payments_asks_once_whose_claims_they_are(scenario):
    scenario.send(3)
    pay(scenario, *(paid_in_part(scenario.number(place)) for place in range(3)))
    database, [summary] = scenario.deps.database, listed(scenario)
    found = read_remittance(database, ORGANIZATION, summary["id"])
    with statements_of(database.engine) as sent:
        views = payment_views(scenario.deps, found, [1, 2, 3])
    assert [one.result.claim_id for one in views] == [one["id"] for one in scenario.claims]
    assert len([one for one in sent if "FROM claims" in one]) == 1
    entry = scenario.rows(AuditEntry)
    detail(scenario, summary["id"])
    told = {one.patient_id for one in scenario.rows(AuditEntry) if one not in entry}
    assert told >= {one["patient_id"] for one in scenario.claims}


def test_what_comes_again_is_the_same_remittance(scenario):
    scenario.send()
    one = paid_in_part(scenario.number())
    content = remittance(one, provider=(("WO", 1_000),))
    first = scenario.receive(content, "835")
    scenario.receive(content, "835")
    pay(scenario, one, provider=(("WO", 1_000),), number=77)
    [found] = listed(scenario)
    assert (found["message_id"], len(scenario.rows(RemittanceRow))) == (first["id"], 1)
    assert len(events(scenario, "remittance.posted")) == 1


def test_a_person_matches_a_payment_of_an_unknown_number_and_the_message_is_over(scenario):
    scenario.send()
    message = pay(scenario, paid_in_part("KNOBODYS0001"))
    [summary] = listed(scenario)
    assert to_do_about_messages(scenario) == [message["id"]]
    answer = match(scenario, summary["id"])
    assert to_do_about_messages(scenario) == []
    assert (answer.status_code, answer.json()["result"]["state"]) == (200, "posted")
    assert answer.json()["result"]["claim_id"] == scenario.claims[0]["id"]
    assert (scenario.money(), scenario.claim()["state"]) == (PAID, "adjudicated")
    after = detail(scenario, summary["id"])
    assert (after["state"], after["waiting"], after["items"]) == ("posted", 0, [answer.json()])
    [now] = scenario.messages()
    assert (now["id"], now["state"], now["reasons"]) == (message["id"], "applied", [])
    entry = next(one for one in scenario.rows(AuditEntry) if one.action == "match_payment")
    assert (entry.actor, entry.subject_id, entry.reason) == (BILLER, summary["id"], WHY)
    told = [row.detail.summary for row in scenario.rows(TimelineRow) if row.kind == "payment_matched"]
    paid = "A payment was posted: $114.45 paid, $42.55 written off, $25.00 to the patient."
    assert told == [f"A person matched a payment to this claim. {paid}"]
    assert [one["waiting"] for one in events(scenario, "remittance.posted")] == [0]


def test_the_worklist_names_the_match_of_each_payment_that_waits_until_none_does(scenario):
    """A release would bring them back as they are; the first one is of a claim that is known."""
    scenario.send(3)
    payments = [paid_in_part(number) for number in (scenario.number(0), "KNOBODYS0001", "KNOBODYS0002")]
    message = pay(scenario, *payments)
    [summary] = listed(scenario)
    for number in (2, 3):
        [item] = scenario.api.get("/v1/worklist?kind=match_payment").json()["items"]
        action = item["next_action"]
        assert (item["subject_id"], action["rule"], action["operation"]) == (
            message["id"],
            "claim_unknown",
            {
                "service": "claims",
                "operation_id": "match_payment",
                "method": "POST",
                "path": f"/v1/remittances/{summary['id']}/payments/{number}/match",
                "body": {},
                "needs": ["claim_id", "reason", "actor"],
            },
        )
        body = {"claim_id": scenario.claims[number - 1]["id"], "reason": WHY, "actor": BILLER}
        assert scenario.api.post(action["operation"]["path"], body).status_code == 200
    assert to_do_about_messages(scenario) == []


def test_a_matched_payment_that_comes_again_posts_nothing_and_waits_for_nobody(scenario):
    scenario.send()
    content = remittance(paid_in_part("KNOBODYS0001"))
    scenario.receive(content, "835")
    [summary] = listed(scenario)
    twice = scenario.receive(content, "835")
    assert (twice["state"], [one["code"] for one in twice["reasons"]]) == ("applied", ["payment_waits_already"])
    match(scenario, summary["id"])
    assert match(scenario, summary["id"]).json()["errors"] == [
        {
            "pointer": "/payment_number",
            "code": "payment_not_waiting",
            "message": "This payment does not wait for anybody.",
            "fix": "Nothing to decide; `result` of each payment in the remittance says what became of it, and for "
            "which claim.",
        }
    ]
    assert (scenario.money(), len(scenario.rows(PostingRow))) == (PAID, 1)


def test_a_payment_is_set_aside_with_a_reason_stays_so_and_may_still_be_matched(scenario):
    scenario.send()
    content = remittance(paid_in_part("KNOBODYS0001"))
    message = scenario.receive(content, "835")
    [summary] = listed(scenario)
    aside = decide(scenario, summary["id"], "set-aside")
    assert (aside.status_code, aside.json()["result"]["state"]) == (200, "set_aside")
    assert [(one["state"], one["reasons"]) for one in scenario.messages()] == [("applied", [])]
    assert to_do_about_messages(scenario) == []
    again = scenario.receive(content, "835")
    assert (again["state"], [one["code"] for one in again["reasons"]]) == ("applied", ["payment_set_aside"])
    assert (scenario.money(), message["state"]) == (OPEN, "quarantined")
    assert decide(scenario, summary["id"], "set-aside").json()["code"] == "payment_not_waiting"
    assert match(scenario, summary["id"]).status_code == 200
    assert scenario.money() == PAID


def test_a_claim_whose_payment_waits_says_so_and_its_own_act_posts_it(scenario):
    """Out of balance by 1.01: nothing of it was applied, and nobody is to wait for a remittance that is here."""
    scenario.send()
    message = pay(scenario, paid_in_part(scenario.number()), total_cents=11_344)
    action = scenario.claim()["next_action"]
    assert (action["kind"], action["owner"], action["rule"]) == ("resolve_payment", "biller", "payment_waits")
    [summary] = listed(scenario, "state=waiting")
    assert action["due_on"] == detail(scenario, summary["id"])["items"][0]["result"]["waits_since"]
    assert detail(scenario, summary["id"])["proof"]["difference_cents"] == -101
    operation = action["operation"]
    assert operation["needs"] == ["reason", "actor"]
    done = scenario.api.post(operation["path"], {**operation["body"], "reason": WHY, "actor": BILLER})
    assert (done.status_code, done.json()["next_action"]["kind"]) == (200, "bill_patient")
    assert scenario.money() == PAID
    again = scenario.api.post(operation["path"], {"reason": WHY, "actor": BILLER})
    assert (again.status_code, again.json()["code"]) == (409, "payment_not_waiting")
    [now] = [one for one in scenario.messages() if one["id"] == message["id"]]
    assert now["state"] == "quarantined", "its total is still wrong: a person releases it, or has it sent again"


def test_a_waiting_payment_that_a_later_message_brings_whole_is_posted_and_waits_no_more(scenario):
    scenario.send()
    pay(scenario, paid_in_part(scenario.number()), total_cents=11_344)
    assert next_action(scenario) == ("resolve_payment", "payment_waits")
    pay(scenario, paid_in_part(scenario.number()), number=2)
    assert (scenario.money(), next_action(scenario)) == (PAID, ("bill_patient", "patient_share"))
    assert [one["state"] for one in listed(scenario)] == ["posted", "posted"]


def test_setting_a_remittance_aside_frees_every_claim_in_it(scenario):
    scenario.send(2)
    message = pay(scenario, paid_in_part(scenario.number(0)), paid_in_part(scenario.number(1)), total_cents=1)
    [summary] = listed(scenario)
    assert [next_action(scenario, place)[0] for place in (0, 1)] == ["resolve_payment"] * 2
    path = f"/v1/remittances/{summary['id']}/set-aside"
    answer = scenario.api.post(path, {"reason": WHY, "actor": BILLER})
    assert (answer.status_code, answer.json()["state"], answer.json()["waiting"]) == (200, "posted", 0)
    assert [next_action(scenario, place)[0] for place in (0, 1)] == ["await_acknowledgement"] * 2
    [over] = scenario.messages()
    assert (over["id"], over["state"], over["reasons"]) == (message["id"], "applied", message["reasons"])
    assert scenario.api.get("/v1/provider-accounts").json()["items"] == [], "what was set aside is not booked"
    assert scenario.api.post(path, {"reason": WHY, "actor": BILLER}).json()["code"] == "payment_not_waiting"


def test_money_for_a_claim_that_is_not_submitted_is_posted_once_it_is(scenario):
    scenario.send()
    scenario.receive(rejected(scenario.number()))
    claim_id = scenario.claims[0]["id"]
    scenario.api.post(f"/v1/claims/{claim_id}/refresh", {})
    pay(scenario, paid_in_part(scenario.number()))
    assert next_action(scenario)[0] == "resolve_payment"
    path = f"/v1/claims/{claim_id}/post-waiting-payments"
    too_soon = scenario.api.post(path, {"reason": WHY, "actor": BILLER})
    assert (too_soon.status_code, too_soon.json()["code"]) == (409, "claim_not_submitted")
    assert too_soon.json()["errors"][0]["fix"].startswith("Compare it with the claim")
    scenario.api.submit(claim_id)
    assert scenario.api.post(path, {"reason": WHY, "actor": BILLER}).status_code == 200
    assert (scenario.money(), next_action(scenario)[0]) == (PAID, "bill_patient")


def test_money_for_a_rejected_submission_is_posted_and_the_one_in_preparation_is_looked_at(scenario):
    scenario.send()
    number = scenario.number()
    scenario.receive(rejected(number))
    claim_id = scenario.claims[0]["id"]
    scenario.api.post(f"/v1/claims/{claim_id}/refresh", {})
    pay(scenario, paid_in_part(number))
    action = scenario.api.claim(claim_id)["next_action"]
    assert (scenario.money(), action["kind"], action["rule"]) == (PAID, "review", "decided_meanwhile")


def test_a_person_says_which_line_a_service_is(scenario):
    scenario.send()
    number = scenario.number()
    stray = claim_payment(
        number,
        service(number, 9, "97999", 13_500, 13_500),
        service(number, 2, "97110", 4_700, 3_700, cas("CO", "45", 1_000)),
    )
    pay(scenario, stray)
    [summary] = listed(scenario)
    refused = match(scenario, summary["id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "service_unknown")
    nowhere = match(scenario, summary["id"], lines=[{"service": 1, "line": 3}])
    assert (nowhere.status_code, nowhere.json()["code"]) == (409, "line_unknown")
    assert match(scenario, summary["id"], lines=[{"service": 1, "line": 1}]).status_code == 200
    assert scenario.money() == (17_200, 1_000, 0, 0)
    assert [line["money"]["paid_cents"] for line in scenario.claim()["lines"]] == [13_500, 3_700]


def test_a_reversal_after_a_match_restores_exactly_what_was(scenario):
    scenario.send()
    one = paid_in_part(scenario.number())
    pay(scenario, one, trace="EFT0001")
    pay(scenario, reversal_of(x12_replace(one, claim_number="CUTNUMBER")), trace="EFT0002")
    waiting = next(one for one in listed(scenario) if one["state"] == "waiting")
    assert match(scenario, waiting["id"]).status_code == 200
    assert (scenario.money(), scenario.claim()["outcome"]) == (OPEN, "reversed")


def test_another_organization_finds_no_remittance_and_decides_nothing(scenario):
    scenario.send()
    pay(scenario, paid_in_part("KNOBODYS0001"))
    [summary] = listed(scenario)
    other = {"organization_id": OTHER_ORGANIZATION}
    assert scenario.api.get("/v1/remittances", **other).json()["items"] == []
    path = f"/v1/remittances/{summary['id']}"
    assert scenario.api.get(path, **other).status_code == 404
    body = {"reason": WHY, "actor": BILLER}
    matched = scenario.api.post(f"{path}/payments/1/match", {"claim_id": "clm_1", **body}, **other)
    assert (matched.status_code, matched.json()["code"]) == (404, "remittance_not_found")
    assert decide(scenario, summary["id"], "set-aside", 2).json()["code"] == "payment_not_found"


def test_nothing_of_a_person_is_in_events_of_remittances(scenario):
    scenario.send()
    pay(scenario, paid_in_part("KNOBODYS0001"))
    told = str(scenario.api.events()).lower()
    assert "remittance.waiting" in told
    assert not [word for word in CANARIES if word.lower() in told]
