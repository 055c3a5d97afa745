"""The clearinghouse, as eligibility needs it: a 270 goes out, and what comes back is bytes for the codec.

A failure says whether the question may have arrived: only then must nobody ask again at once (CAQH CORE: 90 seconds).
The connection is held 60 seconds; an answer beyond the limit is not read. The requests that a trading partner may make
in a minute are kept: beyond them nothing is sent.
"""

import time

import httpx

from shared.clocks import Monotonic
from shared.outgoing import Answer, AnswerLimits, AnswerTooLarge, exchange
from shared.wire.account import RequestsPerMinute, basic_credentials
from shared.wire.trading_partner import TradingPartner

PATH = "/v1/x12/eligibility"
MEDIA_TYPE = "application/edi-x12"
ANSWERED_AS = (MEDIA_TYPE, "text/plain", "application/octet-stream")
"""How clearinghouses label X12; HTML or JSON is an answer of something else."""
HOLD_SECONDS = 60.0
MAX_ANSWER_BYTES = 1_000_000
LIMITS = AnswerLimits(MAX_ANSWER_BYTES, HOLD_SECONDS)
NOT_TAKEN = frozenset({400, 401, 403, 404, 413, 415, 422, 429, 503})
"""Statuses by which the clearinghouse says that it did nothing with the question."""


class NoAnswer(Exception):
    """`delivered` is False where the question surely did not arrive; `retry_after` are seconds that were asked for."""

    def __init__(self, reason: str, *, delivered: bool, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.delivered = delivered
        self.retry_after = retry_after


class Clearinghouse:
    """The port's REST adapter: X12 over HTTP with the trading partner's Basic credentials."""

    def __init__(self, base_url: str, http: httpx.Client, monotonic: Monotonic = time.monotonic) -> None:
        self._url = base_url.rstrip("/") + PATH
        self._http = http
        self._requests = RequestsPerMinute(monotonic)

    def eligibility(self, partner: TradingPartner, question: bytes) -> bytes:
        """The answer to a 270 as it came. Raises NoAnswer."""
        if wait_seconds := self._requests.wait_seconds(partner):
            raise NoAnswer("too_many_requests", delivered=False, retry_after=wait_seconds)
        request = {"headers": {"Content-Type": MEDIA_TYPE}, "content": question, "auth": basic_credentials(partner)}
        try:
            answer = exchange(self._http, "POST", self._url, LIMITS, peer="clearinghouse", types=ANSWERED_AS, **request)
        # No byte of the question has left in these cases; in all others it may have arrived.
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise NoAnswer("unreachable", delivered=False) from None
        except AnswerTooLarge:
            raise NoAnswer("answer_too_large", delivered=True) from None
        except httpx.HTTPError:
            raise NoAnswer("no_answer", delivered=True) from None
        if answer.status_code != 200:
            raise _refusal(answer)
        return answer.content


def _refusal(answer: Answer) -> NoAnswer:
    seconds = answer.headers.get("Retry-After", "")
    return NoAnswer(
        f"status_{answer.status_code}",
        delivered=answer.status_code not in NOT_TAKEN,
        retry_after=min(int(seconds), 3600) if seconds.isascii() and seconds.isdigit() else None,
    )
