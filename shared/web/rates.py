"""How many requests an organization may make in a minute, over all processes of a service that share a PostgreSQL.

The count slides: what was asked in the minute before weighs as much as it still overlaps the last sixty seconds. On
PostgreSQL a process takes a slice of the minute's requests at once and gives them out by itself, so that few requests
cost a round trip; what it has not given out after some seconds is lost, which is less than the slice. A refusal is
remembered for a second, so that whoever goes on asking costs no round trips, for which others would wait. On SQLite
there is one process, and it counts in memory. Where the database does not answer, each process counts for itself.

Answers say what is left in the form of draft-ietf-httpapi-ratelimit-headers-10.
"""

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage, Storage
from limits.strategies import SlidingWindowCounterRateLimiter
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from shared.errors import TooManyRequests

log = structlog.get_logger()
SLICES = 50
"""A slice is this part of a minute's requests."""
SLICE_SECONDS = 5.0
REFUSED_SECONDS = 1.0
WINDOW_SECONDS = 60
MAX_KEPT = 10_000
"""Slices that are kept; beyond it those that have lapsed are dropped."""


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Requests a minute: an organization's own, and those of Handbill's services on its behalf."""

    requests: int = 6_000
    internal: int = 30_000


@dataclass(slots=True)
class _Slice:
    left: int
    lapses_at: float
    remaining: int
    resets_at: float
    refused: int | None = None
    """This many, and more, were refused."""


class Rates:
    """`storage` counts for all who share it; one that is `shared` is asked from a thread, slice by slice."""

    def __init__(
        self,
        limits: RateLimits,
        storage: Storage | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._items = {
            internal: RateLimitItemPerMinute(amount, namespace=name)
            for internal, amount, name in (
                (False, limits.requests, "requests"),
                (True, limits.internal, "internal"),
            )
        }
        self._shared = storage is not None
        self._limiter = SlidingWindowCounterRateLimiter(storage or MemoryStorage())
        self._alone = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._monotonic = monotonic
        self._slices: dict[str, _Slice] = {}
        self._lock = asyncio.Lock()

    def quota_of(self, key: str, *, internal: bool) -> "Quota":
        """What one request of that key counts against."""
        return Quota(self, self._items[internal], key)

    async def take(self, item: RateLimitItem, key: str, cost: int) -> tuple[bool, int, float]:
        """Whether `cost` more are allowed, how many remain, and when (wall time in seconds) there are more."""
        if not self._shared:
            allowed = self._limiter.hit(item, key, cost=cost)
            stats = self._limiter.get_window_stats(item, key)
            return allowed, stats.remaining, stats.reset_time
        if found := self._given_out(key, cost):
            return found
        async with self._lock:
            # Whoever waited for the lock finds the slice that was taken meanwhile.
            if found := self._given_out(key, cost):
                return found
            return await run_in_threadpool(self._take_slice, item, key, cost)

    def _given_out(self, key: str, cost: int) -> tuple[bool, int, float] | None:
        slice_ = self._slices.get(key)
        if slice_ is None or slice_.lapses_at <= self._monotonic():
            return None
        if slice_.refused is not None and cost >= slice_.refused:
            return False, slice_.remaining, slice_.resets_at
        if slice_.left < cost:
            return None
        slice_.left -= cost
        return True, slice_.remaining + slice_.left, slice_.resets_at

    def _take_slice(self, item: RateLimitItem, key: str, cost: int) -> tuple[bool, int, float]:
        limiter = self._limiter
        try:
            taken = next((many for many in self._sizes(item, cost) if limiter.hit(item, key, cost=many)), 0)
            stats = limiter.get_window_stats(item, key)
        except SQLAlchemyError:
            log.warning("rates_not_shared", reason="the database does not answer")
            taken = cost if self._alone.hit(item, key, cost=cost) else 0
            stats = self._alone.get_window_stats(item, key)
        now = self._monotonic()
        if len(self._slices) >= MAX_KEPT:
            self._slices = {name: one for name, one in self._slices.items() if one.lapses_at > now}
        if taken:
            self._slices[key] = _Slice(taken - cost, now + SLICE_SECONDS, stats.remaining, stats.reset_time)
        else:
            kept = self._slices.get(key)
            left = kept.left if kept is not None and kept.lapses_at > now else 0
            until = now + REFUSED_SECONDS
            self._slices[key] = _Slice(left, until, stats.remaining, stats.reset_time, refused=cost)
        return taken > 0, stats.remaining + max(taken - cost, 0), stats.reset_time

    @staticmethod
    def _sizes(item: RateLimitItem, cost: int) -> tuple[int, ...]:
        """How many are taken at once: a slice, or where so many are not left, what is needed."""
        return tuple(dict.fromkeys((max(cost, item.amount // SLICES), cost)))


class Quota:
    """One request's view of its organization's minute."""

    def __init__(self, rates: Rates, item: RateLimitItem, key: str) -> None:
        self._rates = rates
        self._item = item
        self._key = key
        self._remaining = item.amount
        self._reset_seconds = WINDOW_SECONDS

    async def charge(self, cost: int) -> None:
        """Raises TooManyRequests when the minute has no `cost` more."""
        allowed, self._remaining, resets_at = await self._rates.take(self._item, self._key, cost)
        self._reset_seconds = min(max(1, math.ceil(resets_at - time.time())), WINDOW_SECONDS)
        if not allowed:
            raise TooManyRequests(
                f"this organization may make {self._item.amount} requests a minute; ask again when Retry-After says",
                code="rate_limited",
                headers={"Retry-After": str(self._reset_seconds)},
            )

    def headers(self) -> list[tuple[bytes, bytes]]:
        """RateLimit-Policy and RateLimit: the quota of a window, what remains of it, and in how many seconds there is
        more."""
        name = f'"{self._item.namespace}"'
        return [
            (b"ratelimit-policy", f"{name};q={self._item.amount};w={WINDOW_SECONDS}".encode()),
            (b"ratelimit", f"{name};r={self._remaining};t={self._reset_seconds}".encode()),
        ]
