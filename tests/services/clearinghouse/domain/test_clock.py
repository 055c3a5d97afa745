"""The virtual clock: still or running, never back; deliveries at six in the morning of the payers' zone."""

from datetime import UTC, datetime, timedelta

import pytest

from services.clearinghouse.domain.clock import ClockError, ClockReading, due_at

ZONE = "America/Los_Angeles"
START = datetime.fromisoformat("2026-05-04T08:00:00-07:00")
WALL = datetime(2030, 1, 1, tzinfo=UTC)


def test_a_clock_that_stands_shows_the_same_moment_however_late_it_is():
    assert ClockReading(START, WALL, running=False).now(WALL + timedelta(days=9)) == START


def test_a_running_clock_goes_on_with_the_wall_and_never_back():
    reading = ClockReading(START, WALL, running=True)
    assert reading.now(WALL + timedelta(minutes=5)) == START + timedelta(minutes=5)
    assert reading.now(WALL - timedelta(minutes=5)) == START


def test_a_move_keeps_a_running_clock_running_from_the_new_moment():
    later = WALL + timedelta(hours=1)
    moved = ClockReading(START, WALL, running=True).moved_to(START + timedelta(days=14), later)
    assert moved.now(later + timedelta(seconds=3)) == START + timedelta(days=14, seconds=3)


def test_the_clock_never_goes_back_and_moves_ten_years_at_most():
    reading = ClockReading(START, WALL, running=False)
    assert reading.moved_to(START, WALL).now(WALL) == START
    with pytest.raises(ClockError):
        reading.moved_to(START - timedelta(seconds=1), WALL)
    with pytest.raises(ClockError):
        reading.moved_to(START + timedelta(days=4000), WALL)


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-05-04T08:00:00-07:00", 0, "2026-05-04T08:00:00-07:00"),
        ("2026-05-04T08:00:00-07:00", 1, "2026-05-05T06:00:00-07:00"),
        ("2026-05-04T23:30:00-07:00", 1, "2026-05-05T06:00:00-07:00"),
        ("2026-10-31T12:00:00-07:00", 1, "2026-11-01T06:00:00-08:00"),
        ("2026-03-07T12:00:00-08:00", 1, "2026-03-08T06:00:00-07:00"),
    ],
)
def test_answers_are_due_at_six_of_the_local_day_also_when_the_clocks_change(received, days, due):
    assert due_at(datetime.fromisoformat(received), days, ZONE) == datetime.fromisoformat(due)
