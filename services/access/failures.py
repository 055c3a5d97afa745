"""The failed logins of this process: real, bounded, and forgotten at a restart."""

from collections import OrderedDict
from threading import Lock

from services.access.domain.attempts import wait_seconds, within_window
from shared.clocks import Monotonic

MAX_KEPT = 10_000


class FailedLogins:
    """Counts by (client id, address). `wait` comes before a secret is checked, `add` after it was wrong."""

    def __init__(self, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._lock = Lock()
        self._failures: OrderedDict[tuple[str, str], tuple[float, ...]] = OrderedDict()

    def wait(self, client_id: str, address: str) -> int:
        """Seconds until another attempt is heard; 0 is now."""
        with self._lock:
            return wait_seconds(self._failures.get((client_id, address), ()), self._monotonic())

    def add(self, client_id: str, address: str) -> None:
        with self._lock:
            now = self._monotonic()
            counted = within_window(self._failures.pop((client_id, address), ()), now)
            self._failures[(client_id, address)] = (*counted, now)
            while len(self._failures) > MAX_KEPT:
                self._failures.popitem(last=False)
