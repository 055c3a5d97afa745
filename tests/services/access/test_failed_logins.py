"""Failed logins are counted in a window that slides."""

import asyncio
from datetime import UTC, datetime, timedelta

import time_machine

from services.access.failed_logins import (
    MAX_FAILURES,
    MAX_FAILURES_OF_ADDRESS,
    MAX_FAILURES_OF_ALL,
    MAX_SLOWED,
    FailedLogins,
    SlowAnswers,
)

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


def test_failures_are_counted_for_a_client_from_wherever_they_come() -> None:
    failed_logins = FailedLogins()
    for _ in range(MAX_FAILURES):
        failed_logins.add("cli_a", "192.0.2.1")
    assert failed_logins.wait("cli_a", "192.0.2.2") > 0
    assert failed_logins.wait("cli_b", "192.0.2.1") == 0


def test_failures_are_counted_for_an_address_whatever_client_they_name() -> None:
    failed_logins = FailedLogins()
    for number in range(MAX_FAILURES_OF_ADDRESS):
        assert failed_logins.wait(f"cli_{number}", "192.0.2.1") == 0
        failed_logins.add(f"cli_{number}", "192.0.2.1")
    assert failed_logins.wait("cli_another", "192.0.2.1") > 0
    assert failed_logins.wait("cli_another", "192.0.2.2") == 0


def test_failures_are_counted_for_all_together() -> None:
    failed_logins = FailedLogins()
    for number in range(MAX_FAILURES_OF_ALL):
        assert failed_logins.wait(f"cli_{number}", f"192.0.2.{number}") == 0
        failed_logins.add(f"cli_{number}", f"192.0.2.{number}")
    assert failed_logins.wait("cli_another", "198.51.100.1") > 0


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
