"""The REST adapter over a real port: taken, certainly not taken, and unclear are told apart."""

import base64
import json
import socket
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import SecretStr

from services.claims.clients import MAX_ANSWER_BYTES, MAX_SEGMENTS, Delivery, Incoming, RestClearinghouse
from shared.clients import http_client
from shared.errors import Unavailable
from shared.wire.trading_partner import TradingPartner

PARTNER = TradingPartner(
    sender_id="HANDBILL", receiver_id="CLEARING", password=SecretStr("a-password-of-the-tests"), requests_per_minute=2
)
X12_HEAD = "ISA*00*          *00*          *ZZ*CLEARING       *ZZ*HANDBILL       *260304*0900*^*00501*000000001*0*T*:~"
CONTENT = "ISA*00*a file with an accent: é~"
MESSAGE = {"message_id": "m1", "kind": "999", "created_at": "2026-03-04T17:00:00Z", "content": "ISA~"}


@pytest.fixture
def http():
    with http_client(read_seconds=0.3) as client:
        yield client


@pytest.fixture
def adapter(http):
    """`adapter(url)` answers the port of the clearinghouse at a URL."""
    return lambda url: RestClearinghouse(url + "/", http, lambda: 0.0)


def answering(answer, seen=None):
    """A clearinghouse that answers everything alike."""
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def everything(path: str, request: Request) -> Response:
        if seen is not None:
            seen.append((request, await request.body()))
        return answer

    return app


@contextmanager
def raw_clearinghouse(reply):
    """A socket that reads a request and answers these bytes, then closes; None answers nothing until the end."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        done = threading.Event()

        def serve():
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                if reply is None:
                    done.wait(5)
                else:
                    connection.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        done.set()
        thread.join()


@pytest.mark.parametrize(
    ("status", "delivery"),
    [
        (202, Delivery.TAKEN),
        (200, Delivery.TAKEN),
        (400, Delivery.REFUSED),
        (401, Delivery.TURNED_AWAY),
        (403, Delivery.TURNED_AWAY),
        (404, Delivery.TURNED_AWAY),
        (408, Delivery.NOT_TAKEN),
        (409, Delivery.UNCLEAR),
        (413, Delivery.REFUSED),
        (415, Delivery.REFUSED),
        (422, Delivery.REFUSED),
        (429, Delivery.NOT_TAKEN),
        (302, Delivery.UNCLEAR),
        (500, Delivery.UNCLEAR),
        (503, Delivery.UNCLEAR),
    ],
)
def test_a_status_says_whether_the_file_was_taken(adapter, run_app, status, delivery):
    url = run_app(answering(JSONResponse({}, status_code=status)))
    assert adapter(url).submit(PARTNER, CONTENT) is delivery


def test_a_refused_connection_never_carried_the_file(adapter, free_url):
    assert adapter(free_url()).submit(PARTNER, CONTENT) is Delivery.NOT_TAKEN


@pytest.mark.parametrize(
    "reply",
    [None, b"", b"HTTP/1.1 202 Accepted\r\nContent-Length: 500\r\n\r\n{", b"nonsense\r\n\r\n"],
    ids=["no answer in time", "closed without an answer", "cut in the middle", "no HTTP"],
)
def test_anything_else_without_a_plain_answer_is_unclear(adapter, reply):
    with raw_clearinghouse(reply) as url:
        assert adapter(url).submit(PARTNER, CONTENT) is Delivery.UNCLEAR


def test_an_answer_that_cannot_be_decoded_is_unclear(adapter):
    body = b"HTTP/1.1 202 Accepted\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"
    with raw_clearinghouse(body) as url:
        assert adapter(url).submit(PARTNER, CONTENT) is Delivery.UNCLEAR


def test_the_file_goes_out_byte_for_byte_under_the_partners_name(adapter, run_app):
    seen = []
    port = adapter(run_app(answering(JSONResponse({}, status_code=202), seen)))
    port.submit(PARTNER, CONTENT)
    (request, body) = seen[0]
    assert (request.method, request.url.path, body) == ("POST", "/v1/x12/files", CONTENT.encode())
    assert request.headers["content-type"] == "application/edi-x12"
    assert (
        base64.b64decode(request.headers["authorization"].removeprefix("Basic ")) == b"HANDBILL:a-password-of-the-tests"
    )


@pytest.mark.parametrize(("items", "known"), [([{"interchange_control_number": "000000001"}], True), ([], False)])
def test_the_clearinghouse_says_whether_it_knows_a_file(adapter, run_app, items, known):
    seen = []
    url = run_app(answering(JSONResponse({"items": items}), seen))
    assert adapter(url).has_file(PARTNER, "000000001") is known
    assert seen[0][0].query_params["interchange_control_number"] == "000000001"


def test_messages_come_with_the_cursor_after_them(adapter, run_app):
    seen = []
    url = run_app(answering(JSONResponse({"items": [MESSAGE], "next": "c2", "more": "ignored"}), seen))
    batch = adapter(url).fetch(PARTNER, "")
    adapter(url).fetch(PARTNER, batch.cursor)
    assert [(one.source_id, one.kind, one.content) for one in batch.messages] == [("m1", "999", "ISA~")]
    assert [request.query_params.get("after") for request, _ in seen] == [None, "c2"]


@pytest.fixture
def mailbox(run_app):
    """`mailbox(messages, asked)` answers the adapter of a clearinghouse that holds these messages and notes what it is
    asked for; the cursor is the number of the message before."""

    def hold(messages, asked):
        app = FastAPI()

        @app.get("/v1/x12/messages")
        def page(limit: int, after: int = 0, content: bool = True) -> Response:
            asked.append((limit, after, content))
            items = [one if content else {**one, "content": ""} for one in messages[after : after + limit]]
            return JSONResponse({"items": items, "next": str(after + len(items))})

        return RestClearinghouse(run_app(app), patient, lambda: 0.0)

    with http_client() as patient:
        yield hold


PATIENT = replace(PARTNER, requests_per_minute=20)


def test_a_page_that_is_too_large_is_asked_for_in_smaller_ones(mailbox):
    """One large message is within the limit and two are not."""
    large, asked = {**MESSAGE, "content": "~" * (MAX_ANSWER_BYTES // 2)}, []
    batch = mailbox([large, large], asked).fetch(PATIENT, "")
    assert (asked, len(batch.messages), batch.cursor) == ([(100, 0, True), (10, 0, True), (1, 0, True)], 1, "1")


@pytest.mark.safeguard("API4", "API10")
def test_a_message_that_is_too_large_is_received_without_its_content_and_the_next_one_after_it(mailbox):
    """It must not close the mailbox: what comes behind it is money too."""
    large, asked = {**MESSAGE, "message_id": "m0", "content": "~" * MAX_ANSWER_BYTES}, []
    port = mailbox([large, MESSAGE], asked)
    first = port.fetch(PATIENT, "")
    assert first.messages == (Incoming("m0", "too_large", datetime(2026, 3, 4, 17, tzinfo=UTC), ""),)
    second = port.fetch(PATIENT, first.cursor)
    assert [(one.source_id, one.kind) for one in second.messages] == [("m1", "999")]
    assert asked[3:] == [(1, 0, False), (100, 1, True)]


@pytest.mark.safeguard("API4", "API10")
@pytest.mark.parametrize(
    "content",
    [X12_HEAD + "A*1~" * (MAX_SEGMENTS + 1), X12_HEAD + "a" * 400_000 + "\U0001f600"],
    ids=["segments", "wide characters"],
)
def test_a_message_that_would_take_much_memory_to_read_is_received_without_its_content(mailbox, content):
    batch = mailbox([{**MESSAGE, "content": content}, MESSAGE], []).fetch(PATIENT, "")
    assert [(one.kind, one.content) for one in batch.messages] == [("too_large", ""), ("999", "ISA~")]


def test_a_message_of_as_many_segments_as_are_read_is_received_whole(mailbox):
    content = X12_HEAD + "A*1~" * (MAX_SEGMENTS - 1)
    assert mailbox([{**MESSAGE, "content": content}], []).fetch(PATIENT, "").messages[0].content == content


def test_a_clearinghouse_that_cannot_leave_content_out_gives_no_answer(mailbox):
    """The cursor stays where it was: no message is passed over that was not received."""
    large = {**MESSAGE, "kind": "~" * MAX_ANSWER_BYTES}
    with pytest.raises(Unavailable, match="the answer is larger than"):
        mailbox([large], []).fetch(PATIENT, "")


@pytest.mark.safeguard("API10")
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 10_000_000,
        b'{"items": [], "next": "c", "more": ' + b"[" * 10_000_000,
        b'{"items": [' + b"1," * 5_000_000,
        b'{"items": [], "next": ' + b"9" * 10_000_000 + b"}",
        b'{"items": [], "next": "c", "more": ' + b"9" * 10_000_000,
        json.dumps({"items": [MESSAGE] * 101, "next": "c"}).encode(),
        json.dumps({"items": [MESSAGE] * 100_000, "next": "c"}).encode(),
        b'{"items": [], "next": "\xff"}',
        b'{"items": [], "next": "\\ud800"}',
    ],
    ids=["deep", "deep aside", "numbers", "number", "number aside", "101", "many", "no UTF-8", "half a sign"],
)
def test_a_page_of_another_form_than_was_asked_for_is_no_answer(run_app, body):
    with http_client() as http, pytest.raises(Unavailable, match="the clearinghouse does not answer"):
        RestClearinghouse(run_app(answering(Response(body))), http, lambda: 0.0).fetch(PATIENT, "")


def test_an_answer_that_was_refused_says_why(run_app, http):
    answer = Response(b"{}", headers={"Content-Encoding": "gzip"})
    with pytest.raises(Unavailable, match="does not answer: the answer is compressed, which was not asked for"):
        RestClearinghouse(run_app(answering(answer)), http, lambda: 0.0).fetch(PATIENT, "")


@pytest.mark.parametrize(
    "answer",
    [
        JSONResponse({}, status_code=500),
        JSONResponse({}, status_code=401),
        JSONResponse({"items": "many"}),
        Response("<html>"),
    ],
    ids=["500", "401", "another shape", "no JSON"],
)
def test_an_answer_of_another_form_is_no_answer(adapter, run_app, answer):
    port = adapter(run_app(answering(answer)))
    for ask in (lambda: port.fetch(PARTNER, ""), lambda: port.has_file(PARTNER, "000000001")):
        with pytest.raises(Unavailable) as raised:
            ask()
        assert raised.value.problem_code == "clearinghouse_unavailable"
        assert raised.value.__cause__ is None


def test_a_message_whose_time_has_no_zone_is_no_message(adapter, run_app):
    naive = {**MESSAGE, "created_at": "2026-03-04T17:00:00"}
    with pytest.raises(Unavailable):
        adapter(run_app(answering(JSONResponse({"items": [naive], "next": "c"})))).fetch(PARTNER, "")


def test_a_clearinghouse_that_is_down_is_unavailable(adapter, free_url):
    with pytest.raises(Unavailable):
        adapter(free_url()).fetch(PARTNER, "")


def test_no_more_requests_leave_in_a_minute_than_the_partner_may_make(http, run_app):
    """What is beyond the limit is not sent: a file was certainly not taken, a question has no answer."""
    seen, now = [], [0.0]
    url = run_app(answering(JSONResponse({"items": [], "next": ""}), seen))
    port = RestClearinghouse(url, http, lambda: now[0])
    assert port.submit(PARTNER, CONTENT) is Delivery.TAKEN
    port.fetch(PARTNER, "")
    assert port.submit(PARTNER, CONTENT) is Delivery.NOT_TAKEN
    with pytest.raises(Unavailable):
        port.fetch(PARTNER, "")
    assert len(seen) == 2
    now[0] = 60.0
    assert port.submit(PARTNER, CONTENT) is Delivery.TAKEN


def test_every_account_has_a_minute_of_its_own(http, run_app):
    port = RestClearinghouse(run_app(answering(JSONResponse({}))), http, lambda: 0.0)
    other = replace(PARTNER, sender_id="SALALST")
    sent = [port.submit(partner, CONTENT) for partner in (PARTNER, PARTNER, PARTNER, other)]
    assert sent == [Delivery.TAKEN, Delivery.TAKEN, Delivery.NOT_TAKEN, Delivery.TAKEN]
