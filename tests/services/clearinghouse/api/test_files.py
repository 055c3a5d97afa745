"""Taking files: once, whole, answered at once; and who may send them."""

import json
from datetime import date

import msgspec
import pytest

from services.clearinghouse.app import build
from shared import x12
from shared.settings import SimulatorSettings
from tests.services.clearinghouse.conftest import Simulator
from tests.services.clearinghouse.x12_files import (
    AUTH,
    EDI,
    NADIA,
    TOBIAS,
    as_member,
    claim,
    claims_file,
    question,
    questions_file,
    service_line,
)


def _stc(simulator, place=0):
    return [
        ":".join((status.statuses[0].codes[0].category, status.statuses[0].codes[0].code))
        for status in simulator.records("277CA")[place:]
    ]


def test_a_file_is_answered_at_once_with_ta1_999_and_277ca(simulator):
    answer = simulator.send(claims_file(claim()))
    assert answer.status_code == 202
    receipt = answer.json()
    assert (receipt["interchange_control_number"], receipt["duplicate"], receipt["accepted"]) == (
        "000000001",
        False,
        True,
    )
    assert receipt["received_at"] == simulator.now()
    assert simulator.kinds() == ["TA1", "999", "277CA"]
    assert simulator.records("TA1")[0].code == "A"
    assert simulator.records("999")[0].result == "A"
    status = simulator.records("277CA")[0]
    assert (status.claim_number, status.statuses[0].action, _stc(simulator)) == ("K7Q2M9", "WQ", ["A2:20"])
    assert (status.source.party.entity, status.subscriber.id) == ("AY", NADIA.member_id)
    assert [one.qualifier for one in status.references] == ["D9"], "the payer has given it no number yet"


def test_a_file_can_be_asked_for_by_its_control_number(simulator):
    assert simulator.receipts(1) == []
    sent = simulator.send(claims_file(claim())).json()
    assert simulator.receipts(1) == [sent]
    assert simulator.receipts(2) == []


def test_a_control_number_is_taken_once_and_then_answered_with_ta1_025(simulator):
    simulator.send(claims_file(claim()))
    again = simulator.send(claims_file(claim(number="K2")))
    assert (again.status_code, again.json()["duplicate"], again.json()["accepted"]) == (202, True, False)
    assert simulator.kinds() == ["TA1", "999", "277CA", "TA1"]
    rejection = simulator.records("TA1")[1]
    assert (rejection.code, rejection.note, rejection.control_number) == ("R", "025", "000000001")
    simulator.advance(days=30)
    assert [paid.claim_number for paid in simulator.records("835")] == ["K7Q2M9"]
    assert [receipt["duplicate"] for receipt in simulator.receipts(1)] == [False, True]


def test_the_same_idempotency_key_gets_the_same_receipt_and_no_second_answer(simulator):
    first = simulator.send(claims_file(claim()), **{"Idempotency-Key": "file-0001"})
    second = simulator.send(claims_file(claim()), **{"Idempotency-Key": "file-0001"})
    assert (second.status_code, second.json()) == (202, first.json())
    assert simulator.kinds() == ["TA1", "999", "277CA"]
    other = simulator.send(claims_file(claim(), number=2), **{"Idempotency-Key": "file-0001"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_another_senders_interchange_is_rejected_in_the_ta1(simulator):
    answer = simulator.send(claims_file(claim(), sender="SOMEBODY"))
    assert (answer.status_code, answer.json()["accepted"]) == (202, False)
    assert [record.note for record in simulator.records("TA1")] == ["006"]
    assert simulator.send(claims_file(claim())).json()["accepted"]


@pytest.mark.parametrize("auth", [None, ("HANDBILL", "wrong"), ("NOBODY", AUTH[1])])
@pytest.mark.parametrize("path", ["/v1/x12/files?interchange_control_number=1", "/v1/x12/messages"])
def test_only_a_trading_partner_is_let_in(simulator, http, auth, path):
    answer = http.get(simulator.url + path, auth=auth)
    assert (answer.status_code, answer.json()["code"]) == (401, "partner_unknown")
    assert answer.headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize("content", [b"", b"hello", b"ISA*00*", b"{}", b"\xff\xfe\x00"])
def test_what_is_no_interchange_is_malformed(simulator, content):
    answer = simulator.send(content)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_one_x12_interchange")
    assert simulator.messages() == []


def test_two_interchanges_in_one_file_are_malformed(simulator):
    both = claims_file(claim(), number=1) + claims_file(claim(number="K2"), number=2)
    assert simulator.send(both).status_code == 422


def test_a_json_body_is_not_x12(simulator, http):
    answer = http.post(f"{simulator.url}/v1/x12/files", json={}, auth=AUTH)
    assert (answer.status_code, answer.json()["code"]) == (400, "content_type_unknown")


def test_a_body_over_the_limit_is_refused(make_settings, run_app, http):
    small = SimulatorSettings(max_file_bytes=1000)
    simulator = Simulator(run_app(build(make_settings("clearinghouse"), simulator=small)), http)
    assert simulator.send(claims_file(claim(), claim(TOBIAS, "K2"))).status_code == 413
    assert simulator.receipts(1) == []


def test_a_file_with_too_many_claims_is_refused_whole(make_settings, run_app, http):
    few = SimulatorSettings(max_claims_a_file=1)
    simulator = Simulator(run_app(build(make_settings("clearinghouse"), simulator=few)), http)
    assert simulator.send(claims_file(claim(), claim(TOBIAS, "K2"))).status_code == 413
    assert simulator.receipts(1) == []


def test_a_270_in_the_claims_route_is_rejected_by_the_999(simulator):
    assert simulator.send(questions_file(question())).status_code == 202
    assert simulator.kinds() == ["TA1", "999"]
    answer = simulator.records("999")[0]
    assert (answer.result, answer.accepted, answer.transactions[0].result) == ("R", 0, "R")


def test_a_file_with_a_syntax_error_is_rejected_by_the_999_and_has_no_claims(simulator):
    broken = claims_file(claim()).replace(b"CLM*K7Q2M9*", b"CLM**")
    assert simulator.send(broken).status_code == 202
    assert simulator.records("999")[0].result == "R"
    assert simulator.kinds() == ["TA1", "999"]


def test_good_and_bad_claims_of_one_file_go_different_ways(simulator):
    bad_npi = msgspec.structs.replace(
        claim(TOBIAS, "K2"), parties=(msgspec.structs.replace(claim().parties[0], id="1992999990"),)
    )
    simulator.send(claims_file(claim(), bad_npi, as_member(claim(number="K3"), "CMH000000000")))
    assert _stc(simulator) == ["A2:20", "A7:562", "A2:20"]
    level = simulator.records("277CA")[0].receiver
    assert {item.qualifier: int(item.quantity) for item in level.quantities} == {"90": 2, "AA": 1}
    assert {item.qualifier: item.amount_cents for item in level.amounts} == {"YU": 36000, "YY": 18000}
    simulator.advance(days=1)
    assert _stc(simulator, 3) == ["A2:20", "A3:33"]
    payer = simulator.records("277CA")[3]
    assert (payer.source.party.entity, payer.source.party.id) == ("PR", "CASCM")
    assert payer.payer_claim_number == "CASCM000000001"
    simulator.advance(days=30)
    assert [paid.claim_number for paid in simulator.records("835")] == ["K7Q2M9"]


def test_the_same_claim_number_in_a_new_file_is_turned_back(simulator):
    simulator.send(claims_file(claim()))
    simulator.send(claims_file(claim(), number=2))
    assert _stc(simulator) == ["A2:20", "A3:54"]


def test_a_rejected_claim_may_come_again_under_its_number(simulator):
    simulator.send(claims_file(as_member(claim(), "CMH000000000")))
    simulator.advance(days=1)
    simulator.send(claims_file(claim(), number=2))
    simulator.advance(days=11)
    assert [paid.claim_number for paid in simulator.records("835")] == ["K7Q2M9"]


def test_a_mailbox_is_read_in_pages_and_each_message_once(simulator):
    simulator.send(claims_file(claim()))
    seen, cursor = [], ""
    for _page in range(3):
        page = simulator.messages(after=cursor, limit=1)
        seen += [message["kind"] for message in page]
        cursor = str(len(seen))
    assert seen == ["TA1", "999", "277CA"]
    assert simulator.messages(after="3") == []


def test_the_cursor_stays_when_there_is_nothing_new(simulator, http):
    empty = http.get(f"{simulator.url}/v1/x12/messages", auth=AUTH).json()
    assert empty == {"items": [], "next": "0"}
    simulator.send(claims_file(claim()))
    after = http.get(f"{simulator.url}/v1/x12/messages", params={"after": "3"}, auth=AUTH).json()
    assert after == {"items": [], "next": "3"}
    wrong = http.get(f"{simulator.url}/v1/x12/messages", params={"after": "x"}, auth=AUTH)
    assert wrong.status_code == 422


def test_messages_can_be_listed_without_their_content(simulator, http):
    simulator.send(claims_file(claim()))
    whole, bare = (
        http.get(f"{simulator.url}/v1/x12/messages", params={"content": content}, auth=AUTH).json()
        for content in ("true", "false")
    )
    assert bare == {**whole, "items": [{**one, "content": ""} for one in whole["items"]]}
    assert all(one["content"] for one in whole["items"])


def test_partners_never_see_each_others_files(make_settings, run_app, http, tmp_path):
    partners = tmp_path / "partners.json"
    known = [{"sender_id": AUTH[0], "password": AUTH[1]}, {"sender_id": "OTHER", "password": "other"}]
    partners.write_text(json.dumps(known))
    own = SimulatorSettings(partners_file=partners)
    simulator = Simulator(run_app(build(make_settings("clearinghouse"), simulator=own)), http)
    simulator.send(claims_file(claim()))
    theirs = http.get(f"{simulator.url}/v1/x12/messages", auth=("OTHER", "other")).json()
    assert theirs["items"] == []
    content = claims_file(claim(TOBIAS, "K2"), sender="OTHER")
    sent = http.post(f"{simulator.url}/v1/x12/files", content=content, headers=EDI, auth=("OTHER", "other"))
    assert sent.json()["accepted"]
    assert len(simulator.messages()) == 3


def test_lines_of_two_days_make_a_period_in_the_277ca(simulator):
    later = (x12.DatePeriod(qualifier="472", start=date(2026, 4, 27)),)
    simulator.send(claims_file(claim(NADIA, "K1", service_line(), service_line(number=2, dates=later))))
    period = simulator.records("277CA")[0].dates[0]
    assert (period.start, period.end) == (date(2026, 4, 20), date(2026, 4, 27))


@pytest.mark.parametrize("place", [b"*000000001*0*T*", b"CLM*K7Q2M9", b"NM1*IL*1*"])
def test_a_nul_anywhere_is_answered_and_the_days_go_on(simulator, place):
    """PostgreSQL takes no NUL in a column of text."""
    content = claims_file(claim())
    assert place in content
    answer = simulator.send(content.replace(place, place[:5] + b"\x00" + place[6:]))
    assert answer.status_code == 202
    assert simulator.kinds()[0] == "TA1"
    assert simulator.advance(days=21).status_code == 200


def test_a_question_that_no_column_can_be_compared_with_is_malformed(simulator, http):
    for path in ("files?interchange_control_number=%00", "messages?after=9999999999"):
        assert http.get(f"{simulator.url}/v1/x12/{path}", auth=AUTH).status_code == 422
    assert http.get(f"{simulator.url}/v1/x12/messages?after=999999999", auth=AUTH).json()["items"] == []
