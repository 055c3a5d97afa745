"""TA1, 999 and 277CA: kept once, applied once, and what fits nothing waits for a person."""

import pytest
from sqlmodel import select

from services.claims.store.tables import UNROUTED, MessageRow
from tests.services.claims.peer import (
    accepted,
    ack_999,
    claim_status,
    rejected,
    status_277ca,
    ta1,
    x12_replace,
)
from tests.services.claims.world import BILLER

CONTROL = "000000001"


def standing(desk, place=0):
    claim = desk.claim(place)
    return claim["state"], claim["state_by"], claim["next_action"]["kind"]


def codes(message):
    return [one["code"] for one in message["reasons"]]


def test_a_message_is_kept_once_however_often_it_is_fetched(desk):
    desk.send()
    content = accepted(desk.number())
    desk.hear(content)
    desk.peer.messages.append(desk.peer.messages[0])
    desk.run()
    desk.peer.messages.append(desk.peer.messages[0])
    assert desk.run().received == 1
    (message,) = desk.messages()
    assert (message["state"], message["kind"], message["claims"]) == ("applied", "277CA", 1)
    assert desk.api.get(f"/v1/messages/{message['id']}/content").text == content


def test_messages_are_fetched_page_by_page_and_the_cursor_is_kept(desk):
    desk.send(3)
    desk.peer.page = 2
    for place in range(3):
        desk.peer.say(accepted(desk.number(place)))
    assert desk.run().received == 3
    assert (desk.run().received, len(desk.messages())) == (0, 3)


def test_a_refused_envelope_turns_back_every_claim_of_the_file(desk):
    desk.send(2)
    message = desk.hear(ta1(CONTROL, "R", "020"), "TA1")
    assert (message["state"], message["claims"]) == ("applied", 2)
    assert [standing(desk, place) for place in (0, 1)] == [("rejected", "clearinghouse", "fix_and_resubmit")] * 2
    assert desk.files()[0]["state"] == "refused"
    assert "TA1 020" in desk.claim()["next_action"]["reason"]


def test_an_accepted_envelope_says_nothing_of_the_claims(desk):
    desk.send()
    before = desk.claim()
    assert desk.hear(ta1(CONTROL), "TA1")["state"] == "applied"
    assert desk.claim() == before


def test_an_envelope_that_was_seen_before_changes_nothing(desk):
    desk.send()
    before = desk.claim()
    message = desk.hear(ta1(CONTROL, "R", "025"), "TA1")
    assert (message["state"], codes(message)) == ("applied", ["interchange_seen_before"])
    assert (desk.claim(), desk.files()[0]["state"]) == (before, "sent")


def test_refused_syntax_turns_the_claims_back_and_accepted_syntax_marks_the_file(desk):
    desk.send()
    desk.hear(ack_999(CONTROL), "999")
    assert (desk.files()[0]["state"], desk.claim()["state"]) == ("accepted", "submitted")
    desk.hear(ack_999(CONTROL, "R"), "999")
    assert standing(desk) == ("rejected", "clearinghouse", "fix_and_resubmit")
    assert desk.money() == (0, 0, 0, 18_200)


def test_an_answer_to_a_file_that_was_never_sent_is_kept_for_the_house(desk):
    desk.send()
    desk.hear(ta1("000000777", "R", "020"), "TA1")
    assert desk.messages() == []
    with desk.deps.database.reading() as session:
        row = session.get(MessageRow, (UNROUTED, _only_id(session)))
        assert (row.state, row.reasons[0]["code"]) == ("quarantined", "file_unknown")
    assert desk.claim()["state"] == "submitted"


def _only_id(session):
    return session.connection().exec_driver_sql("SELECT id FROM messages").scalar_one()


@pytest.mark.parametrize(("by", "level"), [("AY", "clearinghouse"), ("PR", "payer")])
def test_a_claim_is_accepted_and_rejected_by_the_one_who_says_so(desk, by, level):
    desk.send(2)
    desk.hear(accepted(desk.number(0), by, payer_claim_number="PCN77" if by == "PR" else ""))
    desk.hear(rejected(desk.number(1), by))
    waits = {"clearinghouse": "await_payer", "payer": "await_remittance"}[level]
    assert standing(desk, 0) == ("accepted", level, waits)
    assert standing(desk, 1) == ("rejected", level, "fix_and_resubmit")
    assert desk.claim(0)["payer_claim_number"] == ("PCN77" if by == "PR" else None)
    reason = desk.claim(1)["next_action"]["reason"]
    assert reason == f"Rejected by the {level}, something in it is not valid: look at the member id (A7-164)."


def test_received_is_not_accepted(desk):
    desk.send()
    assert desk.hear(status_277ca(claim_status(desk.number(), "A1", "19", "AY")))["state"] == "applied"
    assert desk.claim()["state"] == "submitted"


def test_where_one_answer_holds_two_verdicts_the_rejection_counts(desk):
    desk.send()
    both = claim_status(desk.number(), "A2")
    both = x12_replace(both, statuses=(*both.statuses, *claim_status(desk.number(), "A3", "97").statuses))
    desk.hear(status_277ca(both))
    assert standing(desk)[:2] == ("rejected", "payer")


def test_a_category_that_asks_for_a_person_leaves_the_claim_and_says_so(desk):
    desk.send()
    message = desk.hear(status_277ca(claim_status(desk.number(), "A4", "35")))
    assert (message["state"], codes(message)) == ("applied", ["status_needs_a_person"])
    assert desk.claim()["state"] == "submitted"


def test_news_of_a_number_that_was_superseded_is_history(desk):
    desk.send()
    old = desk.number()
    desk.hear(rejected(old))
    desk.api.post(f"/v1/claims/{desk.claims[0]['id']}/refresh", {})
    before = desk.claim()
    message = desk.hear(accepted(old))
    assert (message["state"], codes(message)) == ("applied", ["claim_number_superseded"])
    assert desk.claim() == before


def test_news_of_a_claim_in_nobodys_hands_waits_for_a_person_and_stops_nobody(desk):
    desk.make(2)
    desk.api.submit(desk.claims[1]["id"])
    desk.run()
    desk.peer.say(accepted(desk.number(0)))
    desk.peer.say(accepted(desk.number(1)))
    desk.run()
    assert sorted((one["state"], codes(one)) for one in desk.messages()) == [
        ("applied", []),
        ("quarantined", ["claim_not_out"]),
    ]
    assert [desk.claim(place)["state"] for place in (0, 1)] == ["ready", "accepted"]


def test_a_voided_claim_stays_voided_whatever_acknowledgement_still_comes(desk):
    desk.send()
    number = desk.number()
    desk.hear(rejected(number))
    desk.api.post(f"/v1/claims/{desk.claims[0]['id']}/void", {})
    for content, kind in (
        (accepted(number), "277CA"),
        (ta1(CONTROL, "R", "020"), "TA1"),
        (ack_999(CONTROL, "R"), "999"),
    ):
        assert desk.hear(content, kind)["state"] == "applied"
    assert standing(desk) == ("voided", None, "none")


def test_an_unknown_claim_is_quarantined_and_listed_at_its_billing_provider(desk):
    desk.send()
    message = desk.hear(accepted("KNOBODYS0001"))
    assert (message["state"], codes(message)) == ("quarantined", ["claim_unknown"])
    assert [one["id"] for one in desk.messages(state="quarantined")] == [message["id"]]
    assert desk.messages(state="applied") == []


def test_one_unknown_claim_does_not_hold_up_the_known_ones(desk):
    desk.send()
    message = desk.hear(status_277ca(claim_status("KNOBODYS0001"), claim_status(desk.number())))
    assert (message["state"], message["claims"]) == ("quarantined", 1)
    assert desk.claim()["state"] == "accepted"


def test_a_level_that_is_turned_back_without_its_claims_waits_for_a_person(desk):
    desk.send()
    one = claim_status(desk.number(), "A3", "97")
    provider = x12_replace(one.provider, statuses=one.statuses, parents=(one.source, one.receiver))
    message = desk.hear(status_277ca(provider))
    assert message["state"] == "quarantined"
    desk.api.post(f"/v1/messages/{message['id']}/release", {"reason": "It is whole.", "actor": BILLER})
    desk.run()
    (message,) = desk.messages()
    assert (message["state"], codes(message)) == ("quarantined", ["level_rejected"])
    assert desk.claim()["state"] == "submitted"


def test_a_message_of_another_kind_is_kept_and_waits_for_a_person(desk):
    desk.send()
    message = desk.hear(ack_999(CONTROL), "999")
    assert message["state"] == "applied"
    desk.peer.say(desk.peer.taken[0], "837P")
    desk.run()
    with desk.deps.database.reading() as session:
        (row,) = session.exec(select(MessageRow).where(MessageRow.kind == "837P")).all()
    assert (row.state, [one["code"] for one in row.reasons]) == ("quarantined", ["message_kind_unknown"])


def test_what_is_no_x12_is_kept_and_stops_nobody(desk):
    desk.send()
    for content in ("", "not X12 at all", "ISA*00*~", "ISA" + "*" * 200):
        desk.peer.say(content, "835")
    desk.peer.say(accepted(desk.number()))
    assert desk.run().applied == 5
    assert desk.claim()["state"] == "accepted"


def test_a_message_cut_short_is_quarantined_with_the_place_where_it_ends(desk):
    desk.send()
    content = accepted(desk.number())
    message = desk.hear(content[: content.index("SE*")])
    assert message["state"] == "quarantined"
    assert all(one["pointer"].startswith("/segments/") for one in message["reasons"])
    assert desk.claim()["state"] == "submitted"


def test_releasing_takes_a_person_and_a_reason_and_is_for_quarantined_messages(desk):
    desk.send()
    applied = desk.hear(accepted(desk.number()))
    path = f"/v1/messages/{applied['id']}/release"
    refused = desk.api.post(path, {"reason": "try again", "actor": BILLER})
    assert (refused.status_code, refused.json()["code"]) == (409, "message_not_quarantined")
    for body, pointer in (({"actor": BILLER}, "/body/reason"), ({"reason": "because"}, "/body/actor")):
        answer = desk.api.post(path, body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert desk.api.post("/v1/messages/msg_unknown1/release", {"reason": "x", "actor": BILLER}).status_code == 404
