"""When failed logins are too many: a window that slides, counted for one client id from one address.

Counting the pair, and not the id alone, keeps a stranger from locking a client out from elsewhere.
"""

from collections.abc import Sequence

MAX_FAILURES = 10
WINDOW_SECONDS = 60.0


def within_window(failures: Sequence[float], now: float) -> tuple[float, ...]:
    """The failures, in seconds of one monotonic clock, that still count at `now`."""
    return tuple(moment for moment in failures if now - moment < WINDOW_SECONDS)


def wait_seconds(failures: Sequence[float], now: float) -> int:
    """0 when another attempt may be made, else the whole seconds until the oldest failure stops counting."""
    counted = within_window(failures, now)
    if len(counted) < MAX_FAILURES:
        return 0
    return max(1, int(WINDOW_SECONDS - (now - counted[-MAX_FAILURES])) + 1)
