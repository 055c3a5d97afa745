"""When something that access publishes is fetched again, so that what it takes back holds everywhere within a minute.

A request finds a copy of which access was asked at most 45 seconds ago. After 20 seconds a request begins to ask again
and does not wait for it; only where nobody has asked for longer, as in a service that was idle, a request waits. What
cannot be fetched leaves the last good copy as it is, and is asked for again 20 seconds later.
"""

import threading
from collections.abc import Callable
from contextlib import suppress

from shared.clocks import Monotonic

FRESH_SECONDS = 20
LATEST_SECONDS = 45
Spawn = Callable[[Callable[[], None]], None]


def in_a_thread(work: Callable[[], None]) -> None:
    """Runs `work` in a thread that ends with the process. Raises RuntimeError where there can be no thread more."""
    threading.Thread(target=work, name="access-refresh", daemon=True).start()


class Refresh:
    """Calls `fetch` when it is due; `fetch` answers whether there is a new copy, raises nothing, and has a time limit
    of its own. `spawn` runs work beside the request."""

    def __init__(self, fetch: Callable[[], bool], monotonic: Monotonic, spawn: Spawn = in_a_thread) -> None:
        self._fetch = fetch
        self._monotonic = monotonic
        self._spawn = spawn
        self._lock = threading.Lock()
        self._tries = 0
        self._tried_at = 0.0
        self._ever = False
        self._copied_at = 0.0

    @property
    def ever(self) -> bool:
        """Whether there has been a copy at all."""
        return self._ever

    @property
    def age_seconds(self) -> float | None:
        """How long ago the last good copy was asked for; None where there has been none."""
        return self._monotonic() - self._copied_at if self._ever else None

    def when_due(self) -> None:
        """Before a copy is looked at. Until the first one every request may ask, since none can be served without."""
        age = self._monotonic() - self._tried_at
        if not self._ever or age > LATEST_SECONDS:
            self._ask()
        elif age > FRESH_SECONDS and self._lock.acquire(blocking=False):
            try:
                self._spawn(self._ask_and_release)
            except RuntimeError:
                self._lock.release()

    def sooner(self, seconds: float) -> None:
        """Ask now, unless access was asked within the last `seconds`."""
        if not self._tries or self._monotonic() - self._tried_at >= seconds:
            self._ask()

    def _ask(self) -> None:
        tries = self._tries
        with self._lock:
            # Another request may have asked while this one waited; its answer is new enough for both.
            if tries == self._tries:
                self._try()

    def _ask_and_release(self) -> None:
        try:
            self._try()
        finally:
            self._lock.release()

    def _try(self) -> None:
        began = self._monotonic()
        try:
            # A closed HTTP client is a RuntimeError: the service has ended, and nobody waits for a copy.
            with suppress(RuntimeError):
                if self._fetch():
                    self._ever, self._copied_at = True, began
        finally:
            self._tried_at = began
            self._tries += 1
