"""Failed logins are counted in a window that slides."""

from services.access.domain.attempts import MAX_FAILURES, WINDOW_SECONDS, wait_seconds, within_window
from services.access.failures import MAX_KEPT, FailedLogins


def test_fewer_failures_than_the_limit_wait_for_nothing() -> None:
    assert wait_seconds([0.0] * (MAX_FAILURES - 1), 0.0) == 0


def test_the_wait_ends_when_the_oldest_counted_failure_leaves_the_window() -> None:
    failures = [float(second) for second in range(MAX_FAILURES)]
    wait = wait_seconds(failures, 10.0)
    assert wait == 51
    assert wait_seconds(failures, 10.0 + wait) == 0


def test_failures_older_than_the_window_do_not_count() -> None:
    assert within_window([0.0, 30.0], WINDOW_SECONDS + 1) == (30.0,)


def test_failures_are_counted_by_client_and_address_and_the_table_is_bounded(monotonic) -> None:
    failures = FailedLogins(monotonic)
    for _ in range(MAX_FAILURES):
        failures.add("cli_a", "192.0.2.1")
    assert failures.wait("cli_a", "192.0.2.1") > 0
    assert failures.wait("cli_a", "192.0.2.2") == failures.wait("cli_b", "192.0.2.1") == 0
    for number in range(MAX_KEPT):
        failures.add(f"cli_{number}", "192.0.2.3")
    assert failures.wait("cli_a", "192.0.2.1") == 0
