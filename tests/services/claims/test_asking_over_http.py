"""The REST adapter's question for a status (276): what leaves, byte for byte, and which answers are none."""

import base64
import gzip
from dataclasses import replace

import httpx
import pytest
import respx
from pydantic import SecretStr

from services.claims.clients import ANSWERED_AS, STATUS_LIMITS, RestClearinghouse
from shared.clients import http_client
from shared.errors import Unavailable
from shared.wire.trading_partner import TradingPartner
from tests.services.claims.fake_clearinghouse import status_277

URL = "http://clearinghouse.test"
PARTNER = TradingPartner(
    sender_id="HANDBILL", receiver_id="CLEARING", password=SecretStr("a-password-of-the-tests"), requests_per_minute=2
)
QUESTION = "ISA*00*a question: é~"
ANSWER = status_277("CLAIM0001", "P1")
EDI = {"content-type": "application/edi-x12"}


class Cut(httpx.SyncByteStream):
    """A body that ends in the middle."""

    def __iter__(self):
        yield ANSWER[:100].encode()
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")


@pytest.fixture
def route():
    with respx.mock as router:
        yield router.post(f"{URL}/v1/x12/status")


@pytest.fixture
def port():
    with http_client() as http:
        yield RestClearinghouse(URL + "/", http, lambda: 0.0)


@pytest.mark.parametrize("media_type", [*ANSWERED_AS, "application/edi-x12; charset=utf-8"])
def test_a_question_leaves_under_the_partners_name_and_its_answer_comes_back_as_it_came(
    route, port, media_type
) -> None:
    route.respond(200, content=ANSWER.encode(), headers={"content-type": media_type})
    assert port.ask(PARTNER, QUESTION) == ANSWER
    [call] = route.calls
    assert call.request.content == QUESTION.encode()
    assert call.request.headers["content-type"] == "application/edi-x12"
    name, _, password = call.request.headers["authorization"].partition(" ")
    assert (name, base64.b64decode(password)) == ("Basic", b"HANDBILL:a-password-of-the-tests")


NO_ANSWERS = {
    "connection refused": {"side_effect": httpx.ConnectError("refused")},
    "time-out": {"side_effect": httpx.ReadTimeout("slow")},
    "cut body": {"return_value": httpx.Response(200, headers=EDI, stream=Cut())},
    "no HTTP": {"side_effect": httpx.RemoteProtocolError("nonsense")},
    "202 and no answer yet": {"return_value": httpx.Response(202, headers=EDI, text=ANSWER)},
    "redirect": {"return_value": httpx.Response(302, headers={"location": "http://elsewhere.test/"})},
    "account refused": {"return_value": httpx.Response(401, headers=EDI, text=ANSWER)},
    "too many": {"return_value": httpx.Response(429, headers={"retry-after": "60"})},
    "error": {"return_value": httpx.Response(500, headers=EDI, text=ANSWER)},
    "away": {"return_value": httpx.Response(503)},
    "a page": {"return_value": httpx.Response(200, html="<html>signed out</html>")},
    "JSON": {"return_value": httpx.Response(200, json={"status": "P1"})},
    "no UTF-8": {"return_value": httpx.Response(200, headers=EDI, content=b"ISA\xff")},
    "too large": {"return_value": httpx.Response(200, headers=EDI, content=b"~" * (STATUS_LIMITS.max_bytes + 1))},
    "compressed": {
        "return_value": httpx.Response(
            200, headers={**EDI, "content-encoding": "gzip"}, stream=httpx.ByteStream(gzip.compress(ANSWER.encode()))
        )
    },
}


@pytest.mark.safeguard("API10")
@pytest.mark.parametrize("no_answer", NO_ANSWERS)
def test_what_is_no_plain_answer_is_none_and_says_nothing_of_the_question(route, port, no_answer) -> None:
    route.mock(**NO_ANSWERS[no_answer])
    with pytest.raises(Unavailable) as raised:
        port.ask(PARTNER, QUESTION)
    assert raised.value.problem_code == "clearinghouse_unavailable"
    assert raised.value.__cause__ is None
    assert "question" not in raised.value.detail.lower()
    assert len(route.calls) == 1


def test_a_question_beyond_the_partners_minute_does_not_leave(route, port) -> None:
    route.respond(200, text=ANSWER, headers=EDI)
    assert [port.ask(PARTNER, QUESTION) for _ in range(2)] == [ANSWER, ANSWER]
    with pytest.raises(Unavailable):
        port.ask(PARTNER, QUESTION)
    assert port.ask(replace(PARTNER, sender_id="SALALST"), QUESTION) == ANSWER
    assert len(route.calls) == 3
