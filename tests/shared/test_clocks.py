"""Business time is passed in; the simulator's last reading serves while it cannot be reached."""

from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
import respx

from shared.clocks import SetClock, SimulatorClock, WallClock, today
from shared.errors import Unavailable

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
