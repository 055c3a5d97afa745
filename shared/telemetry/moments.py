"""`Moments`: when things last happened, for rooms that metrics are read from and that know nothing of metrics."""

import threading
from collections.abc import Callable, Iterable


class Moments:
    """When each of a few words was last noted, by a monotonic clock; any thread may note."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._began = monotonic()
        self._noted: dict[str, float] = {}
        self._lock = threading.Lock()

    def note(self, word: str) -> None:
        """It has happened now."""
        with self._lock:
            self._noted[word] = self._monotonic()

    def ages(self, words: Iterable[str]) -> dict[str, float]:
        """Seconds since each of these; since the beginning for what was never noted, so that it grows as well."""
        with self._lock:
            now, noted = self._monotonic(), dict(self._noted)
        return {word: now - noted.get(word, self._began) for word in words}
