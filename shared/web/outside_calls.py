"""Calls that wait for somebody outside, such as a payer that answers after a minute: in threads of their own.

The threads that all requests share stay free however slow the other side is, and of those that wait each organization
has a share. What finds no thread in time is refused before anything has left, so it may be asked again at once.
"""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Request

from shared.errors import Unavailable
from shared.security.caller import Caller
from shared.web.fair_share import FairShare, NoTurn, Shares
from shared.web.limits import turn_left

T = TypeVar("T")
RETRY_SECONDS = 5
THREADS = 64
SHARES = Shares(alone=24, shared=8, present=100, wait_seconds=5.0)


class OutsideCalls:
    """The calls of one process to one peer."""

    def __init__(self, shares: Shares = SHARES, threads: int = THREADS) -> None:
        self._share = FairShare(shares, time.monotonic)
        self._threads = threads
        self._limiter: CapacityLimiter | None = None

    async def run(self, request: Request, caller: Caller, call: Callable[..., T], *arguments: Any) -> T:
        """`call(*arguments)` in a thread; meanwhile the request's turn is another's. Raises Unavailable where too many
        wait already."""
        if self._limiter is None:  # it belongs to the loop that runs
            self._limiter = CapacityLimiter(self._threads)
        try:
            async with (
                turn_left(request.scope),
                self._share.present(caller.organization_id),
                self._share.turn(caller.organization_id),
            ):
                return await run_sync(lambda: call(*arguments), limiter=self._limiter)
        except NoTurn:
            raise Unavailable(
                "too many questions of this organization wait for an answer; nothing was sent, ask again shortly",
                code="too_many_waiting",
                headers={"Retry-After": str(RETRY_SECONDS)},
            ) from None
