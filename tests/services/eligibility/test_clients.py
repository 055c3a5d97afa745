"""The adapter to the clearinghouse: what goes over the wire, and what each failure means for asking again."""

import httpx
import pytest
import respx
from pydantic import SecretStr

from services.eligibility.clients import MAX_ANSWER_BYTES, Clearinghouse, NoAnswer
from shared.wire.trading_partner import TradingPartner
from tests.services.eligibility.domain.test_answer import ROWS
from tests.services.eligibility.domain.test_inquiry import asked
from tests.services.eligibility.fake_clearinghouse import BASIC, write_271

URL = "http://clearinghouse.test"
ROUTE = f"{URL}/v1/x12/eligibility"
QUESTION = b"ISA*the question~"
PARTNER = TradingPartner(
    sender_id="HANDBILL", receiver_id="CLEARING", password=SecretStr("a-password-of-the-tests"), requests_per_minute=1
)


@pytest.fixture
def adapter(http: httpx.Client) -> Clearinghouse:
    return Clearinghouse(f"{URL}/", http, lambda: 12.5)


@respx.mock
def test_the_question_goes_out_as_x12_with_the_partners_credentials(adapter: Clearinghouse) -> None:
    answer = write_271(asked(), ROWS)
    route = respx.post(ROUTE).respond(200, content=answer, headers={"Content-Type": "application/edi-x12"})
    assert adapter.eligibility(PARTNER, QUESTION) == answer
    request = route.calls.last.request
    assert request.content == QUESTION
    assert request.headers["Authorization"] == BASIC
    assert request.headers["Content-Type"] == "application/edi-x12"


@respx.mock
@pytest.mark.parametrize(
    ("failure", "delivered"),
    [
        (httpx.ConnectError, False),
        (httpx.ConnectTimeout, False),
        (httpx.PoolTimeout, False),
        (httpx.ReadTimeout, True),
        (httpx.WriteTimeout, True),
        (httpx.RemoteProtocolError, True),
        (httpx.ReadError, True),
    ],
)
def test_only_a_question_that_never_left_is_surely_not_delivered(
    adapter: Clearinghouse, failure: type[Exception], delivered: bool
) -> None:
    respx.post(ROUTE).mock(side_effect=failure)
    with pytest.raises(NoAnswer) as raised:
        adapter.eligibility(PARTNER, QUESTION)
    assert raised.value.delivered is delivered


@respx.mock
@pytest.mark.parametrize(
    ("status", "delivered"),
    [(401, False), (413, False), (429, False), (503, False), (500, True), (502, True), (302, True)],
)
def test_a_refusal_by_status_says_whether_the_question_was_taken(
    adapter: Clearinghouse, status: int, delivered: bool
) -> None:
    respx.post(ROUTE).respond(status, headers={"Retry-After": "30"})
    with pytest.raises(NoAnswer) as raised:
        adapter.eligibility(PARTNER, QUESTION)
    assert (raised.value.delivered, raised.value.retry_after) == (delivered, 30)
    assert raised.value.reason == f"status_{status}"


@respx.mock
@pytest.mark.parametrize(
    ("header", "seconds"), [("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-5", None), ("999999999", 3600)]
)
def test_a_retry_after_that_is_no_number_of_seconds_is_left_out_and_a_long_one_cut(
    adapter: Clearinghouse, header: str, seconds: int | None
) -> None:
    respx.post(ROUTE).respond(503, headers={"Retry-After": header})
    with pytest.raises(NoAnswer) as raised:
        adapter.eligibility(PARTNER, QUESTION)
    assert raised.value.retry_after == seconds


@respx.mock
def test_an_answer_beyond_the_limit_is_not_read(adapter: Clearinghouse) -> None:
    respx.post(ROUTE).respond(200, content=b"x" * (MAX_ANSWER_BYTES + 1))
    with pytest.raises(NoAnswer, match="answer_too_large"):
        adapter.eligibility(PARTNER, QUESTION)


@respx.mock
def test_a_question_beyond_the_requests_of_a_minute_is_not_sent_and_says_when_it_may(adapter: Clearinghouse) -> None:
    route = respx.post(ROUTE).respond(200, content=b"an answer")
    adapter.eligibility(PARTNER, QUESTION)
    with pytest.raises(NoAnswer) as raised:
        adapter.eligibility(PARTNER, QUESTION)
    assert (raised.value.reason, raised.value.delivered, raised.value.retry_after) == ("too_many_requests", False, 60)
    assert len(route.calls) == 1
