"""How many connections of a process are open, which wait for their client, and which is closed for a new one."""

from collections import Counter
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """`max_per_peer` is of one address, 0 for no limit: behind a proxy all have the proxy's. `answer_seconds` is how
    long a client may take nothing of an answer that is ready for it."""

    max_open: int = 2_000
    max_per_peer: int = 0
    head_seconds: float = 10.0
    body_seconds: float = 30.0
    answer_seconds: float = 30.0


WAITING = ("handshake", "head", "idle", "body")
"""Which are closed for a new one: first those from which no whole request came, last those that send one."""


class Connection(Protocol):
    """What is counted."""

    def abandon(self) -> None:
        """Close it, whatever has begun of it."""
        ...


class OpenConnections:
    """All connections of a process, and which of them wait for their client, the longest first."""

    def __init__(self, limits: ConnectionLimits) -> None:
        self.limits = limits
        self._open: dict[Connection, str] = {}
        self._waiting: dict[str, dict[Connection, None]] = {phase: {} for phase in WAITING}
        self._peers: Counter[str] = Counter()

    def add(self, connection: Connection, peer: str) -> bool:
        """Whether it may stay. To make room one that waits is closed, of the same peer where that one has its most."""
        crowded = bool(self.limits.max_per_peer) and self._peers[peer] >= self.limits.max_per_peer
        if crowded or len(self._open) >= self.limits.max_open:
            leaving = self._next_to_leave(peer if crowded else None)
            if leaving is None:
                return False
            self.remove(leaving)
            leaving.abandon()
        self._open[connection] = peer
        self._peers[peer] += 1
        return True

    def remove(self, connection: Connection) -> None:
        """It is closed, or being closed."""
        self.set_phase(connection, "")
        peer = self._open.pop(connection, None)
        if peer is not None:
            self._peers[peer] -= 1
            if not self._peers[peer]:
                del self._peers[peer]

    def set_phase(self, connection: Connection, phase: str) -> None:
        """What it waits for from now on, if for anything."""
        for waiting in self._waiting.values():
            waiting.pop(connection, None)
        if phase in self._waiting and connection in self._open:
            self._waiting[phase][connection] = None

    def _next_to_leave(self, peer: str | None) -> Connection | None:
        candidates = (one for waiting in self._waiting.values() for one in waiting)
        return next((one for one in candidates if peer is None or self._open[one] == peer), None)

    def __len__(self) -> int:
        return len(self._open)
