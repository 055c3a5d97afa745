"""The short form of `make torture`: a day on each database with a few kills."""

from tests.torture.round import Plan, play

KILLS = 6


def test_a_day_with_kills_loses_nothing_and_doubles_nothing(tmp_path, database_template) -> None:
    outcome = play(tmp_path, Plan(database_template, seed=20, kills=KILLS))
    assert outcome.faults == []
    assert sum(outcome.signals.values()) > 0
