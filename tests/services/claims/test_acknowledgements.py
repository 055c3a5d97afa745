"""TA1, 999 and 277CA: kept once, applied once, and what fits nothing waits for a person."""

import pytest
from sqlmodel import select

from services.claims.flows.operator.messages import route_part
from services.claims.store.tables import UnroutedPartRow
from shared.database.operator import Operator
from tests.harness.tokens import ORGANIZATION
from tests.services.claims.factories import BILLER
from tests.services.claims.fake_clearinghouse import (
    accepted,
    ack_999,
    claim_status,
    rejected,
    status_277ca,
    ta1,
    x12_replace,
)

CONTROL = "000000001"


def standing(scenario, place=0):
    claim = scenario.claim(place)
    return claim["state"], claim["state_by"], claim["next_action"]["kind"]


def codes(message):
    return [one["code"] for one in message["reasons"]]


def test_a_message_is_kept_once_however_often_it_is_fetched(scenario):
    scenario.send()
    content = accepted(scenario.number())
    scenario.receive(content)
    scenario.clearinghouse.messages.append(scenario.clearinghouse.messages[0])
    scenario.run()
    scenario.clearinghouse.messages.append(scenario.clearinghouse.messages[0])
    assert scenario.run().received == 1
    (message,) = scenario.messages()
    assert (message["state"], message["kind"], message["claims"]) == ("applied", "277CA", 1)
    assert scenario.api.get(f"/v1/messages/{message['id']}/content").text == content


def test_messages_are_fetched_page_by_page_and_the_cursor_is_kept(scenario):
    scenario.send(3)
    scenario.clearinghouse.page = 2
    for place in range(3):
        scenario.clearinghouse.deliver(accepted(scenario.number(place)))
    assert scenario.run().received == 3
    assert (scenario.run().received, len(scenario.messages())) == (0, 3)


def test_a_refused_envelope_turns_back_every_claim_of_the_file(scenario):
    scenario.send(2)
    message = scenario.receive(ta1(CONTROL, "R", "020"), "TA1")
    assert (message["state"], message["claims"]) == ("applied", 2)
    assert [standing(scenario, place) for place in (0, 1)] == [("rejected", "clearinghouse", "fix_and_resubmit")] * 2
    assert scenario.files()[0]["state"] == "refused"
    assert "TA1 020" in scenario.claim()["next_action"]["reason"]


def test_an_accepted_envelope_says_nothing_of_the_claims(scenario):
    scenario.send()
    before = scenario.claim()
    assert scenario.receive(ta1(CONTROL), "TA1")["state"] == "applied"
    assert scenario.claim() == before


def test_an_envelope_that_was_seen_before_changes_nothing(scenario):
    scenario.send()
    before = scenario.claim()
    message = scenario.receive(ta1(CONTROL, "R", "025"), "TA1")
    assert (message["state"], codes(message)) == ("applied", ["interchange_seen_before"])
    assert (scenario.claim(), scenario.files()[0]["state"]) == (before, "sent")


def test_refused_syntax_turns_the_claims_back_and_accepted_syntax_marks_the_file(scenario):
    scenario.send()
    scenario.receive(ack_999(CONTROL), "999")
    assert (scenario.files()[0]["state"], scenario.claim()["state"]) == ("accepted", "submitted")
    scenario.receive(ack_999(CONTROL, "R"), "999")
    assert standing(scenario) == ("rejected", "clearinghouse", "fix_and_resubmit")
    assert scenario.money() == (0, 0, 0, 18_200)


def test_a_refused_file_stays_refused_when_a_second_999_accepts_it(scenario):
    scenario.send()
    scenario.receive(ack_999(CONTROL, "R"), "999")
    before = scenario.claim()
    assert scenario.receive(ack_999(CONTROL), "999")["state"] == "applied"
    assert (scenario.files()[0]["state"], scenario.claim()) == ("refused", before)


def test_an_answer_to_a_file_that_was_never_sent_is_kept_for_the_house(scenario):
    scenario.send()
    scenario.receive(ta1("000000777", "R", "020"), "TA1")
    assert scenario.messages() == []
    with scenario.deps.database.reading() as session:
        (row,) = session.exec(select(UnroutedPartRow)).all()
        assert (row.state, row.reasons[0].code) == ("unrouted", "message_unrouted")
    assert scenario.claim()["state"] == "submitted"


@pytest.mark.parametrize(("by", "level"), [("AY", "clearinghouse"), ("PR", "payer")])
def test_a_claim_is_accepted_and_rejected_by_the_one_who_says_so(scenario, by, level):
    scenario.send(2)
    scenario.receive(accepted(scenario.number(0), by, payer_claim_number="PCN77" if by == "PR" else ""))
    scenario.receive(rejected(scenario.number(1), by))
    waits = {"clearinghouse": "await_payer", "payer": "await_remittance"}[level]
    assert standing(scenario, 0) == ("accepted", level, waits)
    assert standing(scenario, 1) == ("rejected", level, "fix_and_resubmit")
    assert scenario.claim(0)["payer_claim_number"] == ("PCN77" if by == "PR" else None)
    reason = scenario.claim(1)["next_action"]["reason"]
    assert reason == f"The {level}'s answer: rejected, information invalid; look at the member id (A7-164)."


def test_received_is_not_accepted(scenario):
    scenario.send()
    assert scenario.receive(status_277ca(claim_status(scenario.number(), "A1", "19", "AY")))["state"] == "applied"
    assert scenario.claim()["state"] == "submitted"


def test_where_one_answer_holds_two_verdicts_the_rejection_counts(scenario):
    scenario.send()
    both = claim_status(scenario.number(), "A2")
    both = x12_replace(both, statuses=(*both.statuses, *claim_status(scenario.number(), "A3", "97").statuses))
    scenario.receive(status_277ca(both))
    assert standing(scenario)[:2] == ("rejected", "payer")


def test_a_category_that_asks_for_a_person_leaves_the_claim_and_says_so(scenario):
    scenario.send()
    message = scenario.receive(status_277ca(claim_status(scenario.number(), "A4", "35")))
    assert (message["state"], codes(message)) == ("applied", ["status_needs_a_person"])
    assert scenario.claim()["state"] == "submitted"


def test_news_of_a_number_that_was_superseded_is_history(scenario):
    scenario.send()
    old = scenario.number()
    scenario.receive(rejected(old))
    scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/refresh", {})
    before = scenario.claim()
    message = scenario.receive(accepted(old))
    assert (message["state"], codes(message)) == ("applied", ["claim_number_superseded"])
    assert scenario.claim() == before


def test_news_of_a_claim_in_nobodys_hands_waits_for_a_person_and_stops_nobody(scenario):
    scenario.make(2)
    scenario.api.submit(scenario.claims[1]["id"])
    scenario.run()
    scenario.clearinghouse.deliver(accepted(scenario.number(0)))
    scenario.clearinghouse.deliver(accepted(scenario.number(1)))
    scenario.run()
    assert sorted((one["state"], codes(one)) for one in scenario.messages()) == [
        ("applied", []),
        ("quarantined", ["claim_not_submitted"]),
    ]
    assert [scenario.claim(place)["state"] for place in (0, 1)] == ["ready", "accepted"]


def test_a_voided_claim_stays_voided_whatever_acknowledgement_still_comes(scenario):
    scenario.send()
    number = scenario.number()
    scenario.receive(rejected(number))
    scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/void", {})
    for content, kind in (
        (accepted(number), "277CA"),
        (ta1(CONTROL, "R", "020"), "TA1"),
        (ack_999(CONTROL, "R"), "999"),
    ):
        assert scenario.receive(content, kind)["state"] == "applied"
    assert standing(scenario) == ("voided", None, "none")


def test_an_unknown_claim_is_quarantined_and_listed_at_its_billing_provider(scenario):
    scenario.send()
    message = scenario.receive(accepted("KNOBODYS0001"))
    assert (message["state"], codes(message)) == ("quarantined", ["claim_unknown"])
    assert [one["id"] for one in scenario.messages(state="quarantined")] == [message["id"]]
    assert scenario.messages(state="applied") == []


def test_one_unknown_claim_does_not_hold_up_the_known_ones(scenario):
    scenario.send()
    message = scenario.receive(status_277ca(claim_status("KNOBODYS0001"), claim_status(scenario.number())))
    assert (message["state"], message["claims"]) == ("quarantined", 1)
    assert scenario.claim()["state"] == "accepted"


def test_a_level_that_is_turned_back_without_its_claims_waits_for_a_person(scenario):
    scenario.send()
    one = claim_status(scenario.number(), "A3", "97")
    provider = x12_replace(one.provider, statuses=one.statuses, parents=(one.source, one.receiver))
    message = scenario.receive(status_277ca(provider))
    assert message["state"] == "quarantined"
    scenario.api.post(f"/v1/messages/{message['id']}/release", {"reason": "It is whole.", "actor": BILLER})
    scenario.run()
    (message,) = scenario.messages()
    assert (message["state"], codes(message)) == ("quarantined", ["level_rejected"])
    assert scenario.claim()["state"] == "submitted"


def test_a_message_of_another_kind_is_kept_and_waits_for_a_person(scenario):
    scenario.send()
    message = scenario.receive(ack_999(CONTROL), "999")
    assert message["state"] == "applied"
    scenario.clearinghouse.deliver(scenario.clearinghouse.taken[0], "837P")
    scenario.run()
    with scenario.deps.database.reading() as session:
        (row,) = session.exec(select(UnroutedPartRow)).all()
    assert (row.kind, row.state, row.content) == ("unknown", "unrouted", scenario.clearinghouse.taken[0])
    operator = Operator(scenario.deps.database, scenario.deps.ids, scenario.deps.wall_clock, "Olga")
    routed = route_part(operator, row.id, ORGANIZATION, "They sent us our own file.")
    scenario.run()
    message = next(one for one in scenario.messages() if one["kind"] == "unknown")
    assert (routed.state, message["state"], codes(message)) == ("routed", "quarantined", ["message_kind_unknown"])


def test_what_is_no_x12_is_kept_and_stops_nobody(scenario):
    scenario.send()
    for content in ("", "not X12 at all", "ISA*00*~", "ISA" + "*" * 200):
        scenario.clearinghouse.deliver(content, "835")
    scenario.clearinghouse.deliver(accepted(scenario.number()))
    assert scenario.run().applied == 1
    assert scenario.claim()["state"] == "accepted"
    with scenario.deps.database.reading() as session:
        rows = session.exec(select(UnroutedPartRow)).all()
    assert [one.code for row in rows for one in row.reasons] == ["message_unreadable"] * 4


def test_a_message_cut_short_is_quarantined_with_the_place_where_it_ends(scenario):
    scenario.send()
    content = accepted(scenario.number())
    message = scenario.receive(content[: content.index("SE*")])
    assert message["state"] == "quarantined"
    assert all(one["pointer"].startswith("/segments/") for one in message["reasons"])
    assert scenario.claim()["state"] == "submitted"


def test_releasing_takes_a_person_and_a_reason_and_is_for_quarantined_messages(scenario):
    scenario.send()
    applied = scenario.receive(accepted(scenario.number()))
    path = f"/v1/messages/{applied['id']}/release"
    refused = scenario.api.post(path, {"reason": "try again", "actor": BILLER})
    assert (refused.status_code, refused.json()["code"]) == (409, "message_not_quarantined")
    for body, pointer in (({"actor": BILLER}, "/body/reason"), ({"reason": "because"}, "/body/actor")):
        answer = scenario.api.post(path, body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert scenario.api.post("/v1/messages/msg_unknown1/release", {"reason": "x", "actor": BILLER}).status_code == 404
