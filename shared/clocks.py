"""Three clocks, all passed in, so that a year passes in a second in a test.

*Business* time decides dates, deadlines and what is due; in the demo and in tests it follows the simulator.
*Wall* time is for tokens, logs, and waits that outlive a process. *Monotonic* time is for time-outs, back-off and
leases.

A machine's clock may be wrong, and be set right again. Nothing that waits may then wait for years: how long ago a kept
moment was is `age`, whichever side of now it lies on. Whoever runs the machine finds a line in the log when its clock
jumps, and when it is another one than a peer's.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

import httpx
import structlog

from shared.dates import local_date
from shared.errors import Unavailable
from shared.outgoing import AnswerLimits, exchange

Monotonic = Callable[[], float]
JUMP = timedelta(seconds=30)
"""What a clock gains or loses on the monotonic one between two looks is a jump from here on; time servers set a clock
right in smaller steps."""
ADVICE = "Let a time server set the clock of every machine; what waits goes on by itself when the clock is right."
LIMITS = AnswerLimits(max_bytes=10_000, seconds=15)
log = structlog.get_logger()


class Clock(Protocol):
    """`now()` answers an aware moment in UTC."""

    def now(self) -> datetime:
        """This moment, aware and in UTC."""
        ...


def age(since: datetime, now: datetime) -> timedelta:
    """How long ago a moment was that was kept for a wait. One ahead of now, from a clock that was wrong, counts by its
    distance as well, or what waits from it would wait until then."""
    return abs(now - since)


def boot_seconds() -> float:
    """Seconds that no change of the clock moves; where the system can tell, those count in which it slept."""
    clock_id = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock_id)


class WallClock:
    """The machine's own clock. The log has a line for each of its jumps that is seen at a look."""

    def __init__(self, elapsed: Monotonic = boot_seconds) -> None:
        self._elapsed = elapsed
        self._lock = threading.Lock()
        self._looked = (datetime.now(UTC), elapsed())

    def now(self) -> datetime:
        with self._lock:
            (before, began), present = self._looked, (datetime.now(UTC), self._elapsed())
            self._looked = present
        jumped = present[0] - before - timedelta(seconds=present[1] - began)
        if abs(jumped) >= JUMP:
            log.error("clock_jumped", seconds=round(jumped.total_seconds()), advice=ADVICE)
        return present[0]


class PeerClock:
    """Compares this machine's clock with that of a peer: one line when they begin to differ, one when they agree
    again."""

    def __init__(self, peer: str) -> None:
        self._peer = peer
        self._differs = False

    def seen(self, date: str) -> None:
        """The Date of an answer that has just come (RFC 9110 §6.6.1); what is none is passed over."""
        try:
            theirs = parsedate_to_datetime(date)
        except ValueError:
            return
        if theirs.tzinfo is None:
            return
        ours = datetime.now(UTC)
        differs = age(theirs, ours) >= JUMP
        if differs and not self._differs:
            seconds = round((ours - theirs).total_seconds())
            log.error("clock_differs", peer=self._peer, seconds=seconds, advice=ADVICE)
        elif self._differs and not differs:
            log.warning("clock_agrees_again", peer=self._peer)
        self._differs = differs


class SetClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        return self._moment

    def advance(self, step: timedelta) -> None:
        """Moves the clock forward by `step`."""
        self._moment += step


class SimulatorClock:
    """Business time read from the simulator at every look; the last reading serves while it cannot be reached."""

    def __init__(self, url: str, http: httpx.Client) -> None:
        self._url = url
        self._http = http
        self._last: datetime | None = None

    def now(self) -> datetime:
        """Raises Unavailable when the simulator has never answered yet."""
        try:
            answer = exchange(self._http, "GET", self._url, LIMITS, peer="clearinghouse").raise_for_status()
            self._last = datetime.fromisoformat(answer.json()["now"]).astimezone(UTC)
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            if self._last is None:
                raise Unavailable(
                    "the simulator's clock does not answer; try again shortly", code="clock_unavailable"
                ) from error
            # Not the wall clock instead: business time would jump by months, and deadlines with it.
            log.warning("simulator_clock_unreachable")
        return self._last


def today(clock: Clock, time_zone: str) -> date:
    """The local date of the clock's moment in an IANA zone; deadlines count these."""
    return local_date(clock.now(), time_zone)
