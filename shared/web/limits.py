"""Limits of each organization: how many requests in a minute, and how many at a time.

After `Authentication`, so that whose request it is is known, and before FastAPI, so that what is refused costs nothing
more. A body is read before a turn is taken, since a phone with a bad connection would keep its practice's turn.
Calls of Handbill's own services count for the organization that they act for, apart from its own calls. What has no
valid token belongs to nobody: it is refused quickly, and how many may try is the connections' limit.
"""

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import TooManyRequests
from shared.security import INTERNAL
from shared.security.caller import Caller
from shared.settings import Settings
from shared.web.answers import problem_response
from shared.web.authentication import IDENTITY
from shared.web.fair_share import APART, FairShare, NoTurn, Shares, Turn
from shared.web.observing import OVER_LIMIT
from shared.web.rates import Quota, RateLimits, Rates

SMALL_BODY_BYTES = 64_000
QUOTA, TURN = "handbill.quota", "handbill.turn"
"""Where a request's scope has its organization's Quota and its Turn."""


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """The numbers of a service; the settings' own where there are settings."""

    rates: RateLimits = field(default_factory=RateLimits)
    shares: Shares = field(default_factory=Shares)

    @classmethod
    def of(cls, settings: Settings) -> "RequestLimits":
        """What the settings say."""
        return cls(
            RateLimits(settings.requests_per_minute, settings.internal_requests_per_minute),
            Shares(settings.requests_at_once, settings.requests_at_once_shared),
        )


class OrganizationLimits:
    """`rates` is of a minute, for all processes that share a database; `share` is of this process."""

    def __init__(self, app: ASGIApp, rates: Rates, share: FairShare) -> None:
        self._app = app
        self._rates = rates
        self._share = share

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = scope.get(IDENTITY)
        if scope["type"] != "http" or not isinstance(caller, Caller):
            await self._app(scope, receive, send)
            return
        line = f"{caller.organization_id}{APART}{INTERNAL}" if INTERNAL in caller.scopes else caller.organization_id
        quota = scope[QUOTA] = self._rates.quota_of(line, internal=INTERNAL in caller.scopes)

        async def send_with_quota(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *quota.headers()]
            await send(message)

        try:
            await quota.charge(1)
            async with self._share.present(line):
                messages = await _whole_body(receive) if _is_small(scope) else deque[Message | Exception]()
                async with self._share.turn(line) as scope[TURN]:
                    await self._app(scope, _replayed(messages, receive), send_with_quota)
        except TooManyRequests as problem:
            scope[OVER_LIMIT] = problem.problem_code
            await problem_response(problem)(scope, receive, send_with_quota)
        except NoTurn:
            no_turn = too_many_at_once()
            scope[OVER_LIMIT] = no_turn.problem_code
            await problem_response(no_turn)(scope, receive, send_with_quota)


async def charge(scope: Scope, cost: int) -> None:
    """Count a request for more than one. Raises TooManyRequests."""
    quota: Quota | None = scope.get(QUOTA)
    if quota is not None:
        await quota.charge(cost)


@asynccontextmanager
async def turn_left(scope: Scope) -> AsyncIterator[None]:
    """Within it the request waits for somebody else and holds no turn."""
    turn: Turn | None = scope.get(TURN)
    if turn is None:
        yield
    else:
        async with turn.outside():
            yield


def too_many_at_once() -> TooManyRequests:
    return TooManyRequests(
        "too many requests of this organization are under way; send fewer at a time",
        code="too_many_at_once",
        headers={"Retry-After": "1"},
    )


def _is_small(scope: Scope) -> bool:
    """A larger one is for its route to read, if it takes so many bytes at all."""
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return bool(length.isdigit()) and int(length) <= SMALL_BODY_BYTES


async def _whole_body(receive: Receive) -> deque[Message | Exception]:
    """Everything until the end of the body, an error of its reading too: it is raised where the body is read."""
    messages: deque[Any] = deque()
    more = True
    while more:
        try:
            message = await receive()
        except Exception as error:
            messages.append(error)
            break
        messages.append(message)
        more = message.get("more_body", False)
    return messages


def _replayed(messages: "deque[Message | Exception]", receive: Receive) -> Receive:
    async def replayed() -> Message:
        if not messages:
            return await receive()
        message = messages.popleft()
        if isinstance(message, Exception):
            raise message
        return message

    return replayed
