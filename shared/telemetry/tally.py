"""`Tally`: counts by word, for rooms that metrics are read from and that know nothing of metrics."""

import threading
from collections import Counter


class Tally:
    """How often each of a few fixed words was counted; any thread may count."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def count(self, word: str) -> None:
        """One more of this word."""
        with self._lock:
            self._counts[word] += 1

    def counts(self) -> dict[str, int]:
        """All counts until now, by word."""
        with self._lock:
            return dict(self._counts)
