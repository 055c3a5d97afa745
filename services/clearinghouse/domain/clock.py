"""The virtual clock: it stands still until somebody advances it, or runs on with the wall clock from where it was set.

It never goes back, since messages that have left cannot be called back. What is due on a later day is due at six in the
morning of the payers' zone, as batch systems deliver.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

DELIVERY_HOUR = time(6, 0)
MAX_STEP = timedelta(days=3660)


class ClockError(ValueError):
    """The clock cannot be moved that way."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """The clock as it was last set: `moment` is virtual, `wall` the real moment of setting; both aware."""

    moment: datetime
    wall: datetime
    running: bool

    def now(self, wall: datetime) -> datetime:
        """Virtual time at a real moment, in UTC; a wall clock that steps back does not turn it back."""
        passed = max(wall - self.wall, timedelta()) if self.running else timedelta()
        return (self.moment + passed).astimezone(UTC)

    def moved_to(self, target: datetime, wall: datetime) -> "ClockReading":
        """The clock set forward to `target`. Raises `ClockError` when that is in its past or too far ahead."""
        now = self.now(wall)
        if target < now:
            raise ClockError("the clock never goes back")
        if target - now > MAX_STEP:
            raise ClockError("the clock moves ten years at most in one step")
        return ClockReading(target.astimezone(UTC), wall, self.running)


def due_at(received_at: datetime, days: int, zone: str) -> datetime:
    """When an answer that takes `days` days is due: at once for none, else at six in the morning of that local day."""
    if days == 0:
        return received_at
    local = ZoneInfo(zone)
    day = received_at.astimezone(local).date() + timedelta(days=days)
    return datetime.combine(day, DELIVERY_HOUR, local).astimezone(UTC)
