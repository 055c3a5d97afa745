"""The clock over HTTP: it stands, moves forward, and is the same after a restart."""

from datetime import timedelta

import pytest

from services.clearinghouse.app import build
from services.clearinghouse.domain.scenarios import SCENARIOS
from shared.settings import SimulatorSettings

FIRST = "2026-05-04T15:00:00Z"


def test_the_clock_stands_where_the_settings_put_it(simulator, http):
    answer = http.get(f"{simulator.url}/simulator/clock").json()
    assert answer == {"now": FIRST, "running": False}
    assert simulator.now() == FIRST


def test_the_clock_moves_by_days_hours_and_seconds_or_to_a_moment(simulator):
    assert simulator.advance(days=14).json()["now"] == "2026-05-18T15:00:00Z"
    assert simulator.advance(hours=1, seconds=30).json()["now"] == "2026-05-18T16:00:30Z"
    assert simulator.advance(to="2026-06-01T00:00:00-07:00").json()["now"] == "2026-06-01T07:00:00Z"
    assert simulator.now() == "2026-06-01T07:00:00Z"


def test_the_clock_never_goes_back(simulator):
    answer = simulator.advance(to="2026-05-04T14:59:59Z")
    assert (answer.status_code, answer.json()["code"]) == (409, "clock_move_refused")
    assert simulator.now() == FIRST


@pytest.mark.parametrize(
    "step", [{}, {"days": 1, "to": "2026-06-01T00:00:00Z"}, {"days": -1}, {"weeks": 1}, {"to": "2026-06-01T00:00:00"}]
)
def test_a_move_that_makes_no_sense_is_malformed(simulator, step):
    assert simulator.advance(**step).status_code == 422


def test_a_restart_keeps_the_moment_whatever_the_settings_say(make_settings, start_app, http):
    settings = make_settings("clearinghouse")
    first = start_app(build(settings, simulator=SimulatorSettings()))
    http.post(f"{first.url}/simulator/clock/advance", json={"days": 2})
    first.stop()
    later = SimulatorSettings(starts_at="2027-01-01T00:00:00Z")
    second = start_app(build(settings, simulator=later))
    assert http.get(f"{second.url}/simulator/clock").json()["now"] == "2026-05-06T15:00:00Z"


def test_a_running_clock_goes_on_from_where_it_stood(make_settings, run_app, http, clock):
    running = SimulatorSettings(clock_runs=True)
    url = run_app(build(make_settings("clearinghouse"), simulator=running, wall=clock))
    assert http.get(f"{url}/simulator/clock").json() == {"now": FIRST, "running": True}
    clock.advance(timedelta(minutes=7))
    assert http.get(f"{url}/simulator/clock").json()["now"] == "2026-05-04T15:07:00Z"


def test_the_list_of_scenarios_says_what_each_does_and_how_to_ask(simulator, http):
    items = http.get(f"{simulator.url}/simulator/scenarios").json()["items"]
    assert [item["name"] for item in items] == [one.name for one in SCENARIOS]
    assert {"lose_reply", "reject_frequency", "replacement_paid", "half_written_835"} <= {
        item["name"] for item in items
    }
    ends = tuple(f"{simulator.url}/{path}" for path in ("v1/x12/files", "v1/x12/status", "simulator/appeals"))
    assert all(item["curl"].endswith(ends) for item in items)
    assert items[0]["member_prefix"] == "SIM_LOSE_REPLY_"
