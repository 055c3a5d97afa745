"""What nobody can read or own is never invisible: the operator lists it over HTTP, and the feeds say that it waits."""

import pytest
from sqlmodel import select

from shared.database.operations import AuditEntry
from shared.tenancy import INSTALLATION_ID
from tests.services.claims.factories import BILLER
from tests.services.claims.fake_clearinghouse import paid_in_part, remittance

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
OPERATOR = {"scopes": ["messages:operate"]}
GARBAGE = "HTTP/1.1 502 Bad Gateway\r\n\r\n<html></html>"


def come(scenario, content, kind="835"):
    scenario.clearinghouse.deliver(content, kind)
    scenario.run()


def waiting(scenario, query=""):
    return scenario.api.get(f"/v1/operator/messages{query}", **OPERATOR).json()["items"]


def feed(scenario):
    return scenario.api.get("/v1/operator/events", **OPERATOR).json()


def test_what_cannot_be_read_and_what_is_nobodys_are_listed_with_their_reasons_and_in_the_installations_feed(scenario):
    scenario.send()
    number = scenario.number()
    halves = remittance(paid_in_part(number))
    for content in (
        GARBAGE,
        "",
        halves[: halves.index("ST*835")],
        remittance(paid_in_part("K1"), payee_npi="1234567893"),
    ):
        come(scenario, content)
    found = waiting(scenario)
    assert sorted((one["reasons"][0]["code"], one["state"], one["kind"], one["npi"] or "") for one in found) == [
        *[("message_unreadable", "unrouted", "835", "")] * 3,
        ("message_unrouted", "unrouted", "835", "1234567893"),
    ]
    told = feed(scenario)
    assert {one["type"] for one in told["items"]} == {"message.unrouted"}
    assert {one["subject_id"]: one["data"] for one in told["items"]} == {
        one["id"]: {"kind": "835", "reason": one["reasons"][0]["code"]} for one in found
    }
    assert told["next"] == told["items"][-1]["sequence"]
    assert scenario.api.get(f"/v1/operator/events?after={told['next']}", **OPERATOR).json() == {
        "items": [],
        "next": told["next"],
    }
    assert [one["type"] for one in scenario.api.events() if one["type"].startswith("message")] == []


def test_the_content_is_read_by_the_operator_alone_and_that_it_was_is_in_both_trails(scenario):
    scenario.send()
    come(scenario, GARBAGE)
    [one] = waiting(scenario)
    path = f"/v1/operator/messages/{one['id']}/content"
    assert scenario.api.get(path, **OPERATOR).text == GARBAGE
    mine = [entry for entry in scenario.rows(AuditEntry) if entry.action == "get_unowned_message_content"]
    assert [entry.subject_id for entry in mine] == [one["id"]]
    with scenario.deps.database.reading() as session:
        theirs = list(session.exec(select(AuditEntry).where(AuditEntry.organization_id == INSTALLATION_ID)))
    assert [row.subject_id for row in theirs if row.action == "get_unowned_message_content"] == [one["id"]]
    assert scenario.api.get("/v1/operator/messages/prt_nothing/content", **OPERATOR).status_code == 404
    for refused in ("/v1/operator/messages", path, "/v1/operator/events"):
        assert scenario.api.get(refused).json()["code"] == "scope_missing"


def test_a_half_written_835_waits_with_its_organization_and_its_claim_and_its_feed_say_so(scenario):
    """Cut off in the middle of a service: whose it is can still be told."""
    scenario.send()
    whole = remittance(paid_in_part(scenario.number()))
    come(scenario, whole[: whole.rindex("SVC") + 12])
    [message] = scenario.messages(state="quarantined")
    assert waiting(scenario) == []
    [event] = [one for one in scenario.api.events() if one["type"] == "message.quarantined"]
    assert (event["subject_id"], event["data"]["kind"]) == (message["id"], "835")
    assert event["data"]["reasons"] == sorted({one["code"] for one in message["reasons"]})
    assert scenario.claim()["next_action"]["kind"] == "resolve_payment"
    [remittance_] = scenario.api.get("/v1/remittances?state=waiting").json()["items"]
    assert (remittance_["message_id"], remittance_["waiting"]) == (message["id"], 1)
    path = scenario.claim()["next_action"]["operation"]["path"]
    refused = scenario.api.post(path, {"reason": "It is urgent.", "actor": BILLER})
    assert (refused.status_code, refused.json()["code"]) == (409, "payment_cut_off")
    come(scenario, whole)
    assert (scenario.money(), [one["state"] for one in scenario.api.get("/v1/remittances").json()["items"]]) == (
        (11_445, 4_255, 2_500, 0),
        ["posted", "posted"],
    )
    assert scenario.claim()["next_action"]["kind"] == "bill_patient"
