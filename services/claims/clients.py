"""The clearinghouse as a port with few methods, and the adapter that speaks X12 over HTTP.

Everything that comes back is limited (`shared.outgoing`), in size, time and form: what is beyond the limits was not
read, and says so. A message that is too large to be read is passed over, so that it does not close its mailbox.
`submit` distinguishes five answers, because what follows differs: *taken*, *certainly not taken* (it can be sent
again), *turned away* (the account is, whatever the file), *refused* (its bytes are, so sending them again is of no use)
and *unclear* (ask before sending again). The account is the trading partner's (`shared.wire`); the adapter limits
requests to the number that the trading partner may make in a minute.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Protocol, TypeVar

import httpx
import msgspec
import structlog
from msgspec import Meta, Struct

from shared import x12
from shared.clocks import Monotonic
from shared.errors import Unavailable
from shared.outgoing import Answer, AnswerLimits, AnswerRefused, AnswerTooLarge, exchange
from shared.wire.account import RequestsPerMinute, basic_credentials
from shared.wire.trading_partner import TradingPartner

T = TypeVar("T")
MAX_ANSWER_BYTES = 5_000_000
MAX_SEGMENTS = 100_000
"""Of one page, and of one message. A remittance of 10,000 claims has some 4 MB and 80,000 segments. Each is held as a
record of many times its size, and a message of nothing but the shortest ones would take the worker's memory."""
COUNTED_BYTES = 300_000
LIMITS = AnswerLimits(MAX_ANSWER_BYTES, seconds=60)
RECEIPT_LIMITS = AnswerLimits(max_bytes=1_000_000, seconds=30)
STATUS_LIMITS = AnswerLimits(max_bytes=1_000_000, seconds=60)
"""CAQH CORE: the connection is held 60 seconds."""
ANSWERED_AS = ("application/edi-x12", "text/plain", "application/octet-stream")
"""How clearinghouses label X12; HTML or JSON is an answer of something else."""
CONFLICT = 409
NO_FILE = "000000000"
"""An ISA13 that no file of ours has: counters begin with 1."""
ACCOUNT_REFUSED = frozenset({401, 402, 403, 404, 405, 407, 451})
"""4xx that a person has to mend: the account, its password or the address."""
CAN_GET_BETTER = frozenset({408, 421, 423, 425, 426, 429})
"""4xx that are about the moment; every other one is about the file."""
PAGE_SIZES = (100, 10, 1)
"""How many messages one request asks for: fewer where an answer with so many is too large."""
TOO_LARGE = "too_large"
"""The kind of a message that was passed over; it has no content."""
log = structlog.get_logger()


class Delivery(StrEnum):
    """What became of a file that was sent."""

    TAKEN = "taken"
    NOT_TAKEN = "not_taken"
    TURNED_AWAY = "turned_away"
    REFUSED = "refused"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message as the clearinghouse keeps it. `source_id` is its own id there."""

    source_id: str
    kind: str
    created_at: datetime
    content: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Some messages and the cursor after them."""

    messages: tuple[Incoming, ...]
    cursor: str


class Clearinghouse(Protocol):
    """The port. Everything but `submit` raises Unavailable when there is no answer."""

    def submit(self, partner: TradingPartner, content: str) -> Delivery:
        """Sends one interchange. Never raises for the network: what is not known is `Delivery.UNCLEAR`."""
        ...

    def has_file(self, partner: TradingPartner, interchange_control_number: str) -> bool:
        """Whether the clearinghouse has a file with this ISA13 of ours. Raises Unavailable."""
        ...

    def fetch(self, partner: TradingPartner, after: str) -> Batch:
        """The messages after this cursor (the empty one is the beginning), oldest first. Raises Unavailable."""
        ...

    def ask(self, partner: TradingPartner, question: str) -> str:
        """What comes back for a 276, as it came. Raises Unavailable."""
        ...


class _Message(Struct):
    """msgspec reads the wire here: it builds nothing for members that are not named and stops at the first fault, where
    a tree of all that a hostile page holds would take many times its size."""

    message_id: Annotated[str, Meta(max_length=200)]
    kind: Annotated[str, Meta(max_length=200)]
    created_at: Annotated[datetime, Meta(tz=True)]
    content: str


class _Messages(Struct):
    items: Annotated[list[_Message], Meta(max_length=PAGE_SIZES[0])]
    next: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f]*$")]


class _Receipt(Struct):
    """Of a receipt it counts only that there is one."""


class _Receipts(Struct):
    items: Annotated[list[_Receipt], Meta(max_length=10_000)]


class RestClearinghouse:
    """X12 over HTTP with the trading partner's Basic credentials, as the simulator speaks it natively."""

    def __init__(self, url: str, http: httpx.Client, monotonic: Monotonic = time.monotonic) -> None:
        self._url = url.rstrip("/") + "/v1/x12"
        self._http = http
        self._requests = RequestsPerMinute(monotonic)

    def submit(self, partner: TradingPartner, content: str) -> Delivery:
        """A refused connection never carried the file; after any other failure it is unclear whether it arrived."""
        if self._requests.wait_seconds(partner):
            return Delivery.NOT_TAKEN
        try:
            answer = exchange(
                self._http,
                "POST",
                f"{self._url}/files",
                RECEIPT_LIMITS,
                peer="clearinghouse",
                content=content.encode(),
                headers={"Content-Type": "application/edi-x12"},
                auth=basic_credentials(partner),
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return Delivery.NOT_TAKEN
        except httpx.RequestError:
            return Delivery.UNCLEAR
        return _delivery(answer.status_code)

    def has_file(self, partner: TradingPartner, interchange_control_number: str) -> bool:
        """Asks for the receipts of files with this ISA13. Raises Unavailable."""
        query = {"interchange_control_number": interchange_control_number}
        return bool(_read(_Receipts, self._get(partner, "/files", query, RECEIPT_LIMITS)).items)

    def ask(self, partner: TradingPartner, question: str) -> str:
        """The answer to a 276 in real time. Raises Unavailable: for no answer, a refusal, and what is no text."""
        if self._requests.wait_seconds(partner):
            raise _unavailable()
        try:
            answer = exchange(
                self._http,
                "POST",
                f"{self._url}/status",
                STATUS_LIMITS,
                peer="clearinghouse",
                types=ANSWERED_AS,
                content=question.encode(),
                headers={"Content-Type": "application/edi-x12"},
                auth=basic_credentials(partner),
            )
        except httpx.RequestError as error:
            raise _unavailable(error) from None
        if answer.status_code != 200:
            raise _unavailable()
        try:
            return answer.content.decode()
        except UnicodeDecodeError:
            raise _unavailable() from None

    def probe(self, partner: TradingPartner) -> Answer:
        """The answer to a question that changes nothing, whatever its status: for whoever examines the connection and
        the account. Raises httpx.RequestError."""
        query = {"interchange_control_number": NO_FILE}
        return exchange(
            self._http,
            "GET",
            f"{self._url}/files",
            RECEIPT_LIMITS,
            peer="clearinghouse",
            params=query,
            auth=basic_credentials(partner),
        )

    def fetch(self, partner: TradingPartner, after: str) -> Batch:
        """At most 100 messages after this cursor. An empty page gives a cursor as well. Raises Unavailable."""
        for size in PAGE_SIZES:
            try:
                page = self._messages(partner, after, {"limit": str(size)})
            except _TooLarge:
                continue
            return Batch(tuple(_incoming(one) for one in page.items), page.next)
        return self._pass_over(partner, after)

    def _pass_over(self, partner: TradingPartner, after: str) -> Batch:
        """The next message is larger than what is read: it is received without its content, for a person to get it."""
        page = self._messages(partner, after, {"limit": "1", "content": "false"})
        return Batch(tuple(_passed_over(one) for one in page.items), page.next)

    def _messages(self, partner: TradingPartner, after: str, query: dict[str, str]) -> _Messages:
        """One page. Raises Unavailable, and _TooLarge."""
        if after:
            query = {**query, "after": after}
        return _read(_Messages, self._get(partner, "/messages", query, LIMITS))

    def _get(self, partner: TradingPartner, path: str, query: dict[str, str], limits: AnswerLimits) -> Answer:
        """Raises Unavailable, and _TooLarge as soon as that is known, without reading the rest."""
        if self._requests.wait_seconds(partner):
            raise _unavailable()
        auth = basic_credentials(partner)
        try:
            answer = exchange(
                self._http, "GET", self._url + path, limits, peer="clearinghouse", params=query, auth=auth
            )
        except httpx.RequestError as error:
            raise _unavailable(error) from None
        if answer.status_code != 200:
            raise _unavailable()
        return answer


def _delivery(status: int) -> Delivery:
    """A 4xx is answered before a file is kept; before a 5xx it may have been, and of a conflict it is not known with
    what: perhaps with the same file."""
    if 200 <= status <= 299:
        return Delivery.TAKEN
    if not 400 <= status <= 499 or status == CONFLICT:
        return Delivery.UNCLEAR
    if status in ACCOUNT_REFUSED:
        return Delivery.TURNED_AWAY
    return Delivery.NOT_TAKEN if status in CAN_GET_BETTER else Delivery.REFUSED


def _incoming(message: _Message) -> Incoming:
    if _too_heavy(message.content):
        return _passed_over(message)
    return Incoming(message.message_id, message.kind, message.created_at, message.content)


def _too_heavy(content: str) -> bool:
    """Whether it would take too much memory once it is read."""
    if len(content) <= COUNTED_BYTES:
        return False
    # One character beyond Latin-1 makes each character of a text take two or four bytes; X12 has none.
    return max(content) > "\xff" or sum(1 for _ in x12.segments(content.encode())) > MAX_SEGMENTS


def _passed_over(message: _Message) -> Incoming:
    log.error("message_too_large", source_id=message.message_id, max_bytes=MAX_ANSWER_BYTES, max_segments=MAX_SEGMENTS)
    return Incoming(message.message_id, TOO_LARGE, message.created_at, "")


def _read(model: type[T], answer: Answer) -> T:
    try:
        return msgspec.json.decode(answer.content, type=model)
    # msgspec's own errors are ValueErrors; text that is no UTF-8 and a depth that Python does not read have others.
    except (ValueError, RecursionError):
        raise _unavailable() from None


class _TooLarge(Unavailable):
    """An answer is larger than any that is read."""


def _unavailable(error: httpx.RequestError | None = None) -> Unavailable:
    """The sentence says what was wrong with an answer that came and was refused."""
    why = f": {error}" if isinstance(error, AnswerRefused) else ""
    kind = _TooLarge if isinstance(error, AnswerTooLarge) else Unavailable
    return kind(f"the clearinghouse does not answer{why}", code="clearinghouse_unavailable")
