"""The day waits for whoever works, however slowly, and ends where nothing happens any more."""

from dataclasses import dataclass

import pytest

from services.cli.demo.day import STANDSTILL_SECONDS, Day
from services.cli.demo.ehr import DemoFailed
from services.cli.demo.practice import load

SLOW = STANDSTILL_SECONDS - 10
"""Seconds between two steps of the slowest work that is still waited for."""
CLAIMS = {"note_1": "clm_1", "note_2": "clm_2"}


@dataclass
class Office:
    """Two claims, whose answers come one by one, each a step later than the last; that shows in what `moves` alone.
    After `stops_after` steps nothing happens any more."""

    seconds: float = 0.0
    stops_after: int = 100
    sends: bool = False
    moves: str = "messages"

    def monotonic(self):
        return self.seconds

    def sleep(self, seconds):
        self.seconds += seconds

    @property
    def steps(self):
        return min(int(self.seconds / SLOW), self.stops_after)

    def pages(self, _service, path):
        if path == "/v1/claims":
            return [self.claim(0), self.claim(1)]
        return [{"id": f"{path}-{step}", "state": "applied"} for step in range(self.steps if self.moves in path else 0)]

    def claim(self, number):
        """It is settled three steps after the one before it, which nothing but what moves tells from a standstill."""
        settled = self.steps >= 3 * (number + 1)
        kind = "send" if self.sends and not settled else "await_remittance"
        state = "adjudicated" if settled else "accepted"
        return {"version": 1 + settled, "state": state, "next_action": {"kind": kind}}


class FrozenDay(Day):
    """Time goes on by what it waits alone."""

    def _advance(self, days):
        pass


def wait(office):
    day = FrozenDay(office, load(), "", None, monotonic=office.monotonic, sleep=office.sleep)
    day.wait_for_payers(CLAIMS, lambda *_: None)


@pytest.mark.parametrize("moves", ["messages", "files"])
@pytest.mark.parametrize("sends", [False, True])
def test_work_that_goes_on_slowly_is_waited_for_to_its_end(sends, moves):
    office = Office(sends=sends, moves=moves)
    wait(office)
    assert office.steps >= 6


@pytest.mark.parametrize(
    ("sends", "sentence"), [(False, "some claims are still open"), (True, "is the worker running")]
)
def test_where_nothing_happens_any_more_the_day_ends_with_a_sentence(sends, sentence):
    office = Office(stops_after=4, sends=sends)
    with pytest.raises(DemoFailed, match=sentence):
        wait(office)
    assert office.seconds < 4 * SLOW + 2 * STANDSTILL_SECONDS
