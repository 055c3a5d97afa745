"""When failed logins are too many: windows that slide, for a client id, for an address, and for all together.

They limit and slow down who shows wrong secrets. A right secret is never refused, whatever others do in its client's
name or from its address: it is checked first, and that costs nothing (`services.access.secrets`). The counts are of
this process and are forgotten at a restart. What comes beyond a limit is not counted, which bounds what is remembered.
"""

import asyncio
import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

MAX_FAILURES = 10
MAX_FAILURES_OF_ADDRESS = 60
MAX_FAILURES_OF_ALL = 300
OF_CLIENT = RateLimitItemPerMinute(MAX_FAILURES, namespace="failed_login_of_client")
OF_ADDRESS = RateLimitItemPerMinute(MAX_FAILURES_OF_ADDRESS, namespace="failed_login_of_address")
OF_ALL = RateLimitItemPerMinute(MAX_FAILURES_OF_ALL, namespace="failed_login")
SLOW_SECONDS = 1.0
MAX_SLOWED = 500


class FailedLogins:
    """Counts failures; `wait` is asked, and `add` told, only where the login has failed."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, client_id: str, address: str) -> int:
        """Whole seconds until another failure fits into every window; 0 when one does now."""
        waits = [
            reset_at - time.time()
            for limit, key in self._windows(client_id, address)
            if not self._limiter.test(limit, *key)
            for reset_at in [self._limiter.get_window_stats(limit, *key).reset_time]
        ]
        return max(1, math.ceil(max(waits))) if waits else 0

    def add(self, client_id: str, address: str) -> None:
        """Counts one failed login, for which `wait` was 0."""
        for limit, key in self._windows(client_id, address):
            self._limiter.hit(limit, *key)

    @staticmethod
    def _windows(client_id: str, address: str) -> tuple[tuple[RateLimitItemPerMinute, tuple[str, ...]], ...]:
        return (OF_ALL, ()), (OF_ADDRESS, (address,)), (OF_CLIENT, (client_id,))


class SlowAnswers:
    """Answers that are held back for a second, so that whoever fails again and again cannot do so fast. Nothing but the
    connection is held meanwhile, no thread, and no more than 500 at once: beyond that they go at once."""

    def __init__(self, seconds: float = SLOW_SECONDS) -> None:
        self._seconds = seconds
        self._held = 0

    async def hold(self) -> None:
        """Returns when the answer may go."""
        if self._held >= MAX_SLOWED:
            return
        self._held += 1
        try:
            await asyncio.sleep(self._seconds)
        finally:
            self._held -= 1
