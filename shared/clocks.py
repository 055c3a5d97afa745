"""Three clocks, all passed in, so that a year passes in a second in a test.

*Business* time decides dates, deadlines and what is due; in the demo and in tests it follows the simulator.
*Wall* time is for tokens, leases and logs. *Monotonic* time is for time-outs and back-off.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

import httpx
import structlog

from shared.dates import local_date
from shared.errors import Unavailable
from shared.outgoing import AnswerLimits, exchange

Monotonic = Callable[[], float]
LIMITS = AnswerLimits(max_bytes=10_000, seconds=15)
log = structlog.get_logger()


class Clock(Protocol):
    """`now()` answers an aware moment in UTC."""

    def now(self) -> datetime:
        """This moment, aware and in UTC."""
        ...


class WallClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


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
