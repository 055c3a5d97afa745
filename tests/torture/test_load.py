"""The short form of the load: a few seconds of mixed requests on each database."""

from tests.torture.load import Load, play


def test_requests_mixed_over_all_services_fail_nowhere_and_the_books_balance(tmp_path, database_template) -> None:
    measured = play(tmp_path, Load(database_template, seconds=6, rate=10))
    assert measured.faults == []
    assert set(measured.statuses) <= {"200", "201", "202"}
    assert sum(measured.statuses.values()) >= 60
