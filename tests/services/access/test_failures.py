"""Failed logins are counted in a window that slides."""

from datetime import UTC, datetime, timedelta

import time_machine

from services.access.failures import MAX_FAILURES, FailedLogins

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def failed_every_second(failures: FailedLogins, count: int) -> None:
    """`count` failures, one at each second from START."""
    for second in range(count):
        with time_machine.travel(START + timedelta(seconds=second), tick=False):
            failures.add("cli_a", "192.0.2.1")


def wait_at(failures: FailedLogins, second: float) -> int:
    with time_machine.travel(START + timedelta(seconds=second), tick=False):
        return failures.wait("cli_a", "192.0.2.1")


def test_fewer_failures_than_the_limit_wait_for_nothing() -> None:
    failures = FailedLogins()
    failed_every_second(failures, MAX_FAILURES - 1)
    assert wait_at(failures, MAX_FAILURES) == 0


def test_the_wait_ends_when_the_oldest_counted_failure_leaves_the_window() -> None:
    failures = FailedLogins()
    failed_every_second(failures, MAX_FAILURES)
    assert wait_at(failures, 10) == 50
    assert [wait_at(failures, second) for second in (59, 60.001, 61)] == [1, 0, 0]


def test_the_window_slides_over_the_failures_that_are_left() -> None:
    failures = FailedLogins()
    failed_every_second(failures, MAX_FAILURES)
    with time_machine.travel(START + timedelta(seconds=60.5), tick=False):
        failures.add("cli_a", "192.0.2.1")
    assert wait_at(failures, 60.5) == 1  # the failure of second 1 is the oldest of ten


def test_failures_are_counted_by_client_and_address() -> None:
    failures = FailedLogins()
    for _ in range(MAX_FAILURES):
        failures.add("cli_a", "192.0.2.1")
    assert failures.wait("cli_a", "192.0.2.1") > 0
    assert failures.wait("cli_a", "192.0.2.2") == failures.wait("cli_b", "192.0.2.1") == 0
