"""The short forms of `make torture` and of its load: a day on each database with a few kills, and one with a few
seconds of mixed requests."""

from tests.torture.load import Load
from tests.torture.load import play as play_load
from tests.torture.round import Plan, play

KILLS = 6


def test_a_day_with_kills_loses_nothing_and_doubles_nothing(tmp_path, database_template) -> None:
    outcome = play(tmp_path, Plan(database_template, seed=20, kills=KILLS))
    assert outcome.faults == []
    assert sum(outcome.signals.values()) > 0


def test_requests_mixed_over_all_services_fail_nowhere_and_the_books_balance(tmp_path, database_template) -> None:
    measured = play_load(tmp_path, Load(database_template, seconds=6, rate=10))
    assert measured.faults == []
    assert set(measured.statuses) <= {"200", "201", "202"}
    assert sum(measured.statuses.values()) >= 60
