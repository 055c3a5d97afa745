"""The clearinghouse as a port with few methods, and the adapter that speaks X12 over HTTP.

`submit` distinguishes three answers, because what follows differs: *taken*, *certainly not taken* (it can be sent
again) and *unclear* (ask before sending again). The account is the trading partner's (`shared.wire`); the adapter
limits requests to the number that the trading partner may make in a minute.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Protocol, TypeVar

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError

from shared.clocks import Monotonic
from shared.errors import Unavailable
from shared.wire.account import RequestsPerMinute, basic_credentials
from shared.wire.trading_partner import TradingPartner

M = TypeVar("M", bound=BaseModel)
MAX_ANSWER_BYTES = 20_000_000
PAGE_SIZES = (100, 10, 1)
"""How many messages one request asks for: fewer where an answer with so many is too large."""


class Delivery(StrEnum):
    """What became of a file that was sent."""

    TAKEN = "taken"
    NOT_TAKEN = "not_taken"
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


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Message(_Wire):
    message_id: str
    kind: str
    created_at: AwareDatetime
    content: str


class _Messages(_Wire):
    items: list[_Message]
    next: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f]*$")]


class _Receipts(_Wire):
    items: list[dict[str, object]]


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
            answer = self._http.post(
                f"{self._url}/files",
                content=content.encode(),
                headers={"Content-Type": "application/edi-x12"},
                auth=basic_credentials(partner),
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return Delivery.NOT_TAKEN
        except httpx.RequestError:
            return Delivery.UNCLEAR
        if answer.is_success:
            return Delivery.TAKEN
        # A 4xx is answered before a file is kept; before a 5xx it may have been.
        return Delivery.NOT_TAKEN if answer.is_client_error else Delivery.UNCLEAR

    def has_file(self, partner: TradingPartner, interchange_control_number: str) -> bool:
        """Asks for the receipts of files with this ISA13. Raises Unavailable."""
        answer = self._get(partner, "/files", {"interchange_control_number": interchange_control_number})
        return bool(_read(_Receipts, answer).items)

    def fetch(self, partner: TradingPartner, after: str) -> Batch:
        """At most 100 messages after this cursor. An empty page gives a cursor as well. Raises Unavailable."""
        page = _read(_Messages, self._page(partner, {"after": after} if after else {}))
        messages = tuple(Incoming(m.message_id, m.kind, m.created_at, m.content) for m in page.items)
        return Batch(messages, page.next)

    def _page(self, partner: TradingPartner, query: dict[str, str]) -> bytes:
        """The largest page that fits, so that large messages do not close a mailbox."""
        for size in PAGE_SIZES:
            try:
                return self._get(partner, "/messages", {"limit": str(size), **query})
            except _TooLarge:
                continue
        raise _unavailable()

    def _get(self, partner: TradingPartner, path: str, query: dict[str, str]) -> bytes:
        """Raises _TooLarge as soon as that is known, without reading the rest."""
        if self._requests.wait_seconds(partner):
            raise _unavailable()
        content = bytearray()
        try:
            with self._http.stream("GET", self._url + path, params=query, auth=basic_credentials(partner)) as answer:
                if answer.status_code != 200:
                    raise _unavailable()
                for part in answer.iter_bytes():
                    content += part
                    if len(content) > MAX_ANSWER_BYTES:
                        raise _TooLarge
        except httpx.RequestError:
            raise _unavailable() from None
        return bytes(content)


class _TooLarge(Unavailable):
    """An answer is larger than any that is read."""

    def __init__(self) -> None:
        super().__init__("the clearinghouse's answer is too large", code="clearinghouse_unavailable")


def _read(model: type[M], content: bytes) -> M:
    try:
        return model.model_validate_json(content)
    except ValidationError:
        raise _unavailable() from None


def _unavailable() -> Unavailable:
    return Unavailable("the clearinghouse does not answer", code="clearinghouse_unavailable")
