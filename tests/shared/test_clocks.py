"""Business time is passed in; the simulator's last reading serves while it cannot be reached."""

from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
import respx
import time_machine
from structlog.testing import capture_logs

from shared.clocks import PeerClock, SetClock, SimulatorClock, WallClock, age, boot_seconds, today
from shared.errors import Unavailable

MOMENT = datetime(2026, 3, 2, 17, tzinfo=UTC)
URL = "http://clearinghouse.test/simulator/clock"
BROKEN = [
    {"side_effect": httpx.ConnectError("down")},
    {"return_value": httpx.Response(500)},
    {"return_value": httpx.Response(200, text="noon")},
    {"return_value": httpx.Response(200, json={"time": "noon"})},
    {"return_value": httpx.Response(200, json=["noon"])},
    {"return_value": httpx.Response(200, json={"now": "noon"})},
    {"return_value": httpx.Response(200, json={"now": 7})},
]


@pytest.fixture
def route():
    with respx.mock as router:
        yield router.get(URL)


def test_the_wall_clock_is_aware_and_in_utc() -> None:
    assert WallClock().now().tzinfo is UTC


def jumps_seen(capture) -> list[tuple[str, int]]:
    return [(line["event"], line["seconds"]) for line in capture if "seconds" in line]


@pytest.mark.parametrize("seconds", [11 * 365 * 86_400, -86_400, 30, -30])
def test_a_jump_of_the_wall_clock_is_one_line_in_the_log_and_so_is_the_way_back(monotonic, seconds) -> None:
    with time_machine.travel(MOMENT, tick=False) as traveller, capture_logs() as lines:
        clock = WallClock(monotonic)
        for jump in (0, seconds, 0, -seconds, 0):
            monotonic.advance(60)
            traveller.shift(timedelta(seconds=60 + jump))
            clock.now()
    assert jumps_seen(lines) == [("clock_jumped", seconds), ("clock_jumped", -seconds)]
    assert lines[0]["advice"].startswith("Let a time server set the clock")


def test_a_clock_that_is_set_right_in_small_steps_does_not_jump(monotonic) -> None:
    with time_machine.travel(MOMENT, tick=False) as traveller, capture_logs() as lines:
        clock = WallClock(monotonic)
        for _ in range(10):
            monotonic.advance(3600)
            traveller.shift(timedelta(seconds=3629))
            clock.now()
    assert lines == []


def test_no_change_of_the_clock_moves_the_seconds_since_the_start_of_the_machine() -> None:
    before = boot_seconds()
    with time_machine.travel(MOMENT):
        assert 0 <= boot_seconds() - before < 60


@pytest.mark.parametrize("seconds", [30, -30, 4_000 * 86_400])
def test_a_peer_whose_clock_is_another_one_is_one_line_and_so_is_the_end(seconds) -> None:
    peer = PeerClock("access")
    with time_machine.travel(MOMENT, tick=False), capture_logs() as lines:
        for difference in (0, 29, -29, seconds, seconds, 0, 0):
            peer.seen(format_datetime(MOMENT + timedelta(seconds=difference), usegmt=True))
        for strange in ("", "noon", "Mon, 32 Mar 2026 17:00:00 GMT", "Mon, 02 Mar 2026 17:00:00 -0000"):
            peer.seen(strange)
    assert [(line["event"], line["peer"]) for line in lines] == [
        ("clock_differs", "access"),
        ("clock_agrees_again", "access"),
    ]
    assert lines[0]["seconds"] == -seconds


def test_a_moment_that_was_kept_by_a_clock_of_2037_is_no_nearer_than_it_is_far() -> None:
    assert age(MOMENT - timedelta(days=1), MOMENT) == timedelta(days=1) == age(MOMENT + timedelta(days=1), MOMENT)


def test_a_set_clock_stands_still_until_it_is_moved() -> None:
    clock = SetClock(datetime.fromisoformat("2026-03-02T09:00:00-08:00"))
    assert clock.now() == clock.now() == datetime(2026, 3, 2, 17, tzinfo=UTC)
    clock.advance(timedelta(days=14))
    assert clock.now() == datetime(2026, 3, 16, 17, tzinfo=UTC)


def test_the_simulators_clock_is_read_at_every_look(route, http) -> None:
    route.side_effect = [httpx.Response(200, json={"now": f"2026-05-0{day}T08:00:00-07:00"}) for day in (4, 5)]
    clock = SimulatorClock(URL, http)
    assert [clock.now().isoformat() for _ in range(2)] == ["2026-05-04T15:00:00+00:00", "2026-05-05T15:00:00+00:00"]


@pytest.mark.parametrize("broken", BROKEN)
def test_the_last_reading_serves_while_the_simulator_is_down(route, http, broken) -> None:
    route.respond(json={"now": "2026-05-04T08:00:00-07:00"})
    clock = SimulatorClock(URL, http)
    before = clock.now()
    route.mock(**broken)
    assert clock.now() == before


@pytest.mark.parametrize("broken", BROKEN)
def test_a_simulator_that_never_answered_is_unavailable(route, http, broken) -> None:
    route.mock(**broken)
    with pytest.raises(Unavailable) as refused:
        SimulatorClock(URL, http).now()
    assert refused.value.problem_code == "clock_unavailable"


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2026-05-05T06:30:00+00:00", "America/Los_Angeles", date(2026, 5, 4)),
        ("2026-03-08T09:59:59+00:00", "America/Los_Angeles", date(2026, 3, 8)),
        ("2026-11-01T08:30:00+00:00", "America/Los_Angeles", date(2026, 11, 1)),
        ("2026-01-01T07:59:59+00:00", "America/Los_Angeles", date(2025, 12, 31)),
        ("2026-05-05T06:30:00+00:00", "UTC", date(2026, 5, 5)),
    ],
)
def test_today_is_the_local_date_of_the_zone(moment, zone, expected) -> None:
    assert today(SetClock(datetime.fromisoformat(moment)), zone) == expected
