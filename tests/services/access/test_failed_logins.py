"""Failed logins are counted in a window that slides."""

import asyncio
from datetime import UTC, datetime

import pytest
import time_machine

from services.access.failed_logins import (
    MAX_FAILURES,
    MAX_FAILURES_OF_ADDRESS,
    MAX_FAILURES_OF_ALL,
    MAX_SLOWED,
    FailedLogins,
    SlowAnswers,
)


@pytest.fixture
def failed_logins(monotonic) -> FailedLogins:
    return FailedLogins(monotonic)


@pytest.fixture
def wait(failed_logins):
    return lambda: failed_logins.wait("cli_a", "192.0.2.1")


@pytest.fixture
def fail_every_second(failed_logins, monotonic):
    """`count` failures, the last one a second ago."""

    def fail(count: int) -> None:
        for _ in range(count):
            failed_logins.add("cli_a", "192.0.2.1")
            monotonic.advance(1)

    return fail


def test_fewer_failures_than_the_limit_wait_for_nothing(fail_every_second, wait) -> None:
    fail_every_second(MAX_FAILURES - 1)
    assert wait() == 0


def test_the_wait_ends_when_the_oldest_counted_failure_leaves_the_window(fail_every_second, wait, monotonic) -> None:
    fail_every_second(MAX_FAILURES)
    waits = []
    for seconds in (0, 49, 0.999, 0.001, 1):
        monotonic.advance(seconds)
        waits.append(wait())
    assert waits == [50, 1, 1, 0, 0]


def test_the_window_slides_over_the_failures_that_are_left(fail_every_second, failed_logins, wait, monotonic) -> None:
    fail_every_second(MAX_FAILURES)
    monotonic.advance(50.5)
    failed_logins.add("cli_a", "192.0.2.1")
    assert wait() == 1  # the failure of second 1 is the oldest of ten


def test_failures_are_counted_for_a_client_from_wherever_they_come(failed_logins) -> None:
    for _ in range(MAX_FAILURES):
        failed_logins.add("cli_a", "192.0.2.1")
    assert failed_logins.wait("cli_a", "192.0.2.2") > 0
    assert failed_logins.wait("cli_b", "192.0.2.1") == 0


def test_failures_are_counted_for_an_address_whatever_client_they_name(failed_logins) -> None:
    for number in range(MAX_FAILURES_OF_ADDRESS):
        assert failed_logins.wait(f"cli_{number}", "192.0.2.1") == 0
        failed_logins.add(f"cli_{number}", "192.0.2.1")
    assert failed_logins.wait("cli_another", "192.0.2.1") > 0
    assert failed_logins.wait("cli_another", "192.0.2.2") == 0


def test_failures_are_counted_for_all_together(failed_logins) -> None:
    for number in range(MAX_FAILURES_OF_ALL):
        assert failed_logins.wait(f"cli_{number}", f"192.0.2.{number}") == 0
        failed_logins.add(f"cli_{number}", f"192.0.2.{number}")
    assert failed_logins.wait("cli_another", "198.51.100.1") > 0


def test_failures_that_count_no_longer_are_forgotten(failed_logins, monotonic) -> None:
    for number in range(50):
        failed_logins.add(f"cli_{number}", f"192.0.2.{number}")
    monotonic.advance(61)
    failed_logins.add("cli_a", "192.0.2.1")
    assert len(failed_logins._failures) == 3


def test_failures_of_a_day_in_2037_count_for_a_minute(fail_every_second, wait, monotonic) -> None:
    with time_machine.travel(datetime(2037, 5, 1, tzinfo=UTC)):
        fail_every_second(MAX_FAILURES)
        assert wait() == 50
    assert wait() == 50
    monotonic.advance(50)
    assert wait() == 0


def test_an_answer_that_is_held_back_holds_no_other_and_beyond_500_none_is() -> None:
    async def held(count: int) -> int:
        answers = SlowAnswers(3600)
        tasks = [asyncio.create_task(answers.hold()) for _ in range(count)]
        for _ in range(3):
            await asyncio.sleep(0)
        gone = sum(task.done() for task in tasks)
        for task in tasks:
            task.cancel()
        return gone

    assert asyncio.run(held(MAX_SLOWED)) == 0
    assert asyncio.run(held(MAX_SLOWED + 7)) == 7
