"""`exchange()`: one request whose answer is limited in bytes, headers, time, form and media type.

Compression is asked off (`Accept-Encoding: identity`) and an answer that is compressed all the same is refused: 400 kB
of gzip can be a gigabyte. Bytes are counted as they come. Redirects are an answer like any other and never followed.

    httpx.RequestError
      AnswerRefused         something came, and it is not what we read; the request may have done its work
        AnswerTooLarge
"""

import json
from dataclasses import dataclass
from typing import Any

import httpx
import structlog

from shared.outgoing.deadlines import deadline, overdue
from shared.telemetry.spans import Span, part_span, present_traceparent

MAX_HEADERS = 200
MAX_ERROR_BYTES = 64_000
JSON = ("application/json",)
OURS = frozenset({"access", "eligibility", "notes", "claims"})
"""Who is told which span a call belongs to."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """What is taken at most: the bytes of the body, and the seconds from the first byte sent to the last one read."""

    max_bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer within its limits."""

    status_code: int
    headers: httpx.Headers
    content: bytes

    @property
    def is_success(self) -> bool:
        """A status of 2xx."""
        return 200 <= self.status_code <= 299

    def raise_for_status(self) -> "Answer":
        """The answer itself. Raises AnswerRefused where its status is not 2xx."""
        if not self.is_success:
            raise AnswerRefused(f"the answer has status {self.status_code}")
        return self

    @property
    def text(self) -> str:
        """The body as UTF-8, with a replacement sign for what is none."""
        return self.content.decode(errors="replace")

    def json(self) -> Any:
        """The body as JSON. Raises ValueError, also for a depth that Python does not read."""
        try:
            return json.loads(self.content)
        except RecursionError:
            raise ValueError("the answer is nested too deep") from None


class AnswerRefused(httpx.RequestError):
    """The text says what was wrong with the answer in words of ours, and quotes nothing of it."""


class AnswerTooLarge(AnswerRefused):
    """The body is larger than the limit."""


def exchange(
    http: httpx.Client,
    method: str,
    url: str,
    limits: AnswerLimits,
    *,
    peer: str = "other",
    types: tuple[str, ...] = JSON,
    **request: Any,
) -> Answer:
    """The answer to one request; `request` is what httpx takes (`headers`, `content`, `data`, `params`, `auth`).

    `peer` names whom we ask, for the span of the call.

    `types` are the media types that a successful body may have; one without a type is read. The body of an answer that
    is no success is cut off rather than refused, since its status says all. Raises httpx.RequestError, whose
    ConnectError, ConnectTimeout and PoolTimeout say that nothing of the request has left."""
    headers = {"Accept": ", ".join(types), **request.pop("headers", {}), "Accept-Encoding": "identity"}
    with (
        part_span(f"call {peer}", "client") as span,
        deadline(limits.seconds),
        http.stream(
            method, url, headers={**headers, **_within_span(span, peer)}, follow_redirects=False, **request
        ) as answer,
    ):
        span.set("http.response.status_code", answer.status_code)
        try:
            content = _read(answer, limits.max_bytes, types) if answer.is_success else _read_error(answer)
        except AnswerRefused as refused:
            log.warning("answer_refused", host=answer.url.host, reason=str(refused))
            raise
        return Answer(answer.status_code, answer.headers, content)


def _within_span(span: Span, peer: str) -> dict[str, str]:
    """The header that lets a service of ours go on with the trace; nobody else is told of it."""
    span.set("peer.service", peer)
    traceparent = present_traceparent() if peer in OURS else None
    return {"traceparent": traceparent} if traceparent else {}


def _read(answer: httpx.Response, max_bytes: int, types: tuple[str, ...]) -> bytes:
    media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type and media_type not in types:
        raise AnswerRefused(f"the answer is not {' or '.join(types)}")
    if len(answer.headers) > MAX_HEADERS:
        raise AnswerRefused(f"the answer has more than {MAX_HEADERS} headers")
    return _limited(answer, max_bytes)


def _read_error(answer: httpx.Response) -> bytes:
    try:
        return _limited(answer, MAX_ERROR_BYTES)
    except httpx.RequestError:
        return b""


def _limited(answer: httpx.Response, max_bytes: int) -> bytes:
    if answer.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise AnswerRefused("the answer is compressed, which was not asked for")
    announced = answer.headers.get("Content-Length", "0")
    # Refused before a byte of it is read; what announces nothing is counted as it comes.
    if announced.isdigit() and int(announced) > max_bytes:
        raise AnswerTooLarge(f"the answer is larger than {max_bytes} bytes")
    content = bytearray()
    for piece in answer.iter_raw():
        content += piece
        if len(content) > max_bytes:
            raise AnswerTooLarge(f"the answer is larger than {max_bytes} bytes")
        if overdue():
            raise httpx.ReadTimeout("the answer took too long")
    return bytes(content)
