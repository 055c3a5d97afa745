"""When failed logins are too many: a window that slides, counted for one client id from one address.

Counting the pair, and not the id alone, keeps a stranger from locking a client out from elsewhere. The counts are of
this process and are forgotten at a restart. A failure is counted only after its secret was checked, which is slow by
design (Argon2), and is dropped when the window has passed it: that bounds how many are remembered.
"""

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

MAX_FAILURES = 10
WINDOW = RateLimitItemPerMinute(MAX_FAILURES, namespace="failed_login")


class FailedLogins:
    """Counts by (client id, address). `wait` comes before a secret is checked, `add` after it was wrong."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, client_id: str, address: str) -> int:
        """Whole seconds until the oldest failure stops counting; 0 when another attempt is allowed now."""
        if self._limiter.test(WINDOW, client_id, address):
            return 0
        reset_at = self._limiter.get_window_stats(WINDOW, client_id, address).reset_time
        return max(1, math.ceil(reset_at - time.time()))

    def add(self, client_id: str, address: str) -> None:
        """Counts one failed login. Call it only after the secret was checked and found wrong."""
        self._limiter.hit(WINDOW, client_id, address)
