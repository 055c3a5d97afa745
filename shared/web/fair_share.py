"""Turns: how many requests of one organization a process works on at a time.

Python runs one thread at a time, so a request of one organization is slowed by as many as are worked on beside it. An
organization that is alone may have many turns; as soon as another has asked for something lately, each has few, and
what it asks for beyond them waits in line. So a neighbour never waits for more than a few requests of another, however
many that one sends, and what waits holds neither a thread nor a connection to the database.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice

LATELY_SECONDS = 60.0
APART = "|"
"""What follows it in a name tells lines of one organization apart; they are not one another's neighbours."""


@dataclass(frozen=True, slots=True)
class Shares:
    """`alone` and `shared` are requests at a time, `present` is how many may be there at all, those in line included,
    and `wait_seconds` how long one stays in line."""

    alone: int = 24
    shared: int = 2
    present: int = 200
    wait_seconds: float = 10.0


class NoTurn(Exception):
    """The line is too long, or did not move in time."""


@dataclass(slots=True)
class _Line:
    running: int = 0
    present: int = 0
    seen_at: float = 0.0
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)


class FairShare:
    """The turns of one event loop. `monotonic` answers seconds."""

    def __init__(self, shares: Shares, monotonic: Callable[[], float]) -> None:
        self._shares = shares
        self._monotonic = monotonic
        self._lines: dict[str, _Line] = {}

    @asynccontextmanager
    async def present(self, organization_id: str) -> AsyncIterator[None]:
        """Within it a request of the organization is there. Raises NoTurn where too many are."""
        self._forget_idle()
        line = self._lines.pop(organization_id, None) or _Line()
        self._lines[organization_id] = line  # the last of the dictionary is the one seen last
        line.seen_at = self._monotonic()
        if line.present >= self._shares.present:
            raise NoTurn
        line.present += 1
        try:
            yield
        finally:
            line.present -= 1

    @asynccontextmanager
    async def turn(self, organization_id: str) -> AsyncIterator["Turn"]:
        """A request that is present has its turn within it. Raises NoTurn."""
        await self._enter(organization_id, self._shares.wait_seconds)
        turn = Turn(self, organization_id)
        try:
            yield turn
        finally:
            if turn.held:
                self._leave(organization_id)

    async def _enter(self, organization_id: str, seconds: float | None) -> None:
        line = self._lines[organization_id]
        if not line.waiting and line.running < self._most(organization_id):
            line.running += 1
            return
        granted = asyncio.get_running_loop().create_future()
        line.waiting.append(granted)
        try:
            async with asyncio.timeout(seconds):
                await granted
        except BaseException as ended:
            if granted.done() and not granted.cancelled():
                self._leave(organization_id)
            with suppress(ValueError):
                line.waiting.remove(granted)
            if isinstance(ended, TimeoutError):
                raise NoTurn from None
            raise

    def _leave(self, organization_id: str) -> None:
        line = self._lines[organization_id]
        line.running -= 1
        while line.waiting and line.running < self._most(organization_id):
            granted = line.waiting.popleft()
            if not granted.done():
                line.running += 1
                granted.set_result(None)

    def _most(self, organization_id: str) -> int:
        """How many turns an organization has now."""
        # One organization has at most two lines, so one of the newest three is another's if any is.
        own = organization_id.partition(APART)[0]
        newest = islice(reversed(self._lines), 3)
        others = (self._lines[one] for one in newest if one.partition(APART)[0] != own)
        since = self._monotonic() - LATELY_SECONDS
        return self._shares.shared if any(other.seen_at > since for other in others) else self._shares.alone

    def __len__(self) -> int:
        return len(self._lines)

    def _forget_idle(self) -> None:
        """Drop the oldest one where it has been idle, so that as many are kept as have asked lately."""
        oldest = next(iter(self._lines), None)
        if oldest is not None:
            line = self._lines[oldest]
            if not line.present and line.seen_at <= self._monotonic() - LATELY_SECONDS:
                del self._lines[oldest]


class Turn:
    """A turn that is held, and can be left for a while."""

    def __init__(self, share: FairShare, organization_id: str) -> None:
        self._share = share
        self._organization_id = organization_id
        self.held = True

    @asynccontextmanager
    async def outside(self) -> AsyncIterator[None]:
        """Within it the request waits for somebody else, and its turn is another's."""
        self._share._leave(self._organization_id)
        self.held = False
        try:
            yield
        finally:
            await self._share._enter(self._organization_id, None)
            self.held = True
