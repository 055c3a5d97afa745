"""Failed logins are counted in a window that slides."""

from datetime import UTC, datetime, timedelta

import time_machine

from services.access.failed_logins import MAX_FAILURES, FailedLogins

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def failed_every_second(failed_logins: FailedLogins, count: int) -> None:
    """`count` failures, one at each second from START."""
    for second in range(count):
        with time_machine.travel(START + timedelta(seconds=second), tick=False):
            failed_logins.add("cli_a", "192.0.2.1")


def wait_at(failed_logins: FailedLogins, second: float) -> int:
    with time_machine.travel(START + timedelta(seconds=second), tick=False):
        return failed_logins.wait("cli_a", "192.0.2.1")


def test_fewer_failures_than_the_limit_wait_for_nothing() -> None:
    failed_logins = FailedLogins()
    failed_every_second(failed_logins, MAX_FAILURES - 1)
    assert wait_at(failed_logins, MAX_FAILURES) == 0


def test_the_wait_ends_when_the_oldest_counted_failure_leaves_the_window() -> None:
    failed_logins = FailedLogins()
    failed_every_second(failed_logins, MAX_FAILURES)
    assert wait_at(failed_logins, 10) == 50
    assert [wait_at(failed_logins, second) for second in (59, 60.001, 61)] == [1, 0, 0]


def test_the_window_slides_over_the_failures_that_are_left() -> None:
    failed_logins = FailedLogins()
    failed_every_second(failed_logins, MAX_FAILURES)
    with time_machine.travel(START + timedelta(seconds=60.5), tick=False):
        failed_logins.add("cli_a", "192.0.2.1")
    assert wait_at(failed_logins, 60.5) == 1  # the failure of second 1 is the oldest of ten


def test_failures_are_counted_by_client_and_address() -> None:
    failed_logins = FailedLogins()
    for _ in range(MAX_FAILURES):
        failed_logins.add("cli_a", "192.0.2.1")
    assert failed_logins.wait("cli_a", "192.0.2.1") > 0
    assert failed_logins.wait("cli_a", "192.0.2.2") == failed_logins.wait("cli_b", "192.0.2.1") == 0
