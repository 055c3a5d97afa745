"""When failed logins are too many: windows that slide, for a client id, for an address, and for all together.

They limit and slow down who shows wrong secrets. A right secret is never refused, whatever others do in its client's
name or from its address: it is checked first, and that costs nothing (`services.access.secrets`). The counts are of
this process and are forgotten at a restart. What comes beyond a limit is not counted, which bounds what is remembered.
Time is monotonic: `limits` keeps the machine's, and a failure that was counted while its clock was ahead would count
until then.
"""

import asyncio
import math
import threading
from collections import deque

from shared.clocks import Monotonic

MAX_FAILURES = 10
MAX_FAILURES_OF_ADDRESS = 60
MAX_FAILURES_OF_ALL = 300
WINDOW_SECONDS = 60.0
Window = tuple[int, tuple[str, str]]
"""The most failures in it, and of what they are."""
SLOW_SECONDS = 1.0
MAX_SLOWED = 500


class FailedLogins:
    """Counts failures; `wait` is asked, and `add` told, only where the login has failed."""

    def __init__(self, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._failures: dict[tuple[str, str], deque[float]] = {}

    def wait(self, client_id: str, address: str) -> int:
        """Whole seconds until another failure fits into every window; 0 when one does now."""
        now, waits = self._monotonic(), [0.0]
        with self._lock:
            for most, key in self._windows(client_id, address):
                failures = self._within(key, now)
                if len(failures) >= most:
                    waits.append(failures[-most] + WINDOW_SECONDS - now)
        return math.ceil(max(waits))

    def add(self, client_id: str, address: str) -> None:
        """Counts one failed login, for which `wait` was 0."""
        now = self._monotonic()
        with self._lock:
            for key in list(self._failures):
                if not self._within(key, now):
                    del self._failures[key]
            for _most, key in self._windows(client_id, address):
                self._failures.setdefault(key, deque()).append(now)

    def _within(self, key: tuple[str, str], now: float) -> deque[float]:
        """The failures of the last minute; older ones are forgotten."""
        failures = self._failures.get(key, deque())
        while failures and failures[0] <= now - WINDOW_SECONDS:
            failures.popleft()
        return failures

    @staticmethod
    def _windows(client_id: str, address: str) -> tuple[Window, ...]:
        return (
            (MAX_FAILURES_OF_ALL, ("all", "")),
            (MAX_FAILURES_OF_ADDRESS, ("address", address)),
            (MAX_FAILURES, ("client", client_id)),
        )


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
