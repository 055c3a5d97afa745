"""The same day in one process, on SQLite and on PostgreSQL: services in threads, the worker's flows driven here."""

import pytest

from services.cli.demo.practice import load
from services.cli.demo.report import unexplained
from tests.journeys.table import by_hand, found
from tests.journeys.whole import whole, working


@pytest.fixture
def running(tmp_path, make_database_url, free_url, run_app):
    with whole(tmp_path, load(), make_database_url, free_url, run_app) as everything:
        yield everything


def test_the_practices_day_ends_as_worked_out_by_hand(running):
    with working(running.claims):
        ends = running.day.run(lambda *_: None)
    assert unexplained(ends) == []
    assert {end.visit.note_id: found(end) for end in ends} == {
        end.visit.note_id: by_hand(end.visit.note_id) for end in ends
    }
