"""Nobody looks at a copy of which access was not asked within the last 45 seconds, and few wait for a new one."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.security.refreshing import FRESH_SECONDS, LATEST_SECONDS, Refresh, in_a_thread

SECONDS = 10.0


class Access:
    """Counts how often it is asked; `up` is whether it answers."""

    def __init__(self) -> None:
        self.asked, self.up = 0, True

    def __call__(self) -> bool:
        self.asked += 1
        return self.up


@pytest.fixture
def access() -> Access:
    return Access()


@pytest.fixture
def later() -> list:
    """Work that was begun beside a request, for a test to run."""
    return []


@pytest.fixture
def refresh(access, monotonic, later) -> Refresh:
    return Refresh(access, monotonic, later.append)


def test_a_busy_service_asks_beside_a_request_and_one_that_was_idle_asks_first(
    refresh, access, monotonic, later
) -> None:
    refresh.when_due()
    assert access.asked == 1
    monotonic.advance(FRESH_SECONDS + 1)
    refresh.when_due()
    refresh.when_due()
    assert (access.asked, len(later)) == (1, 1)
    later.pop()()
    assert access.asked == 2
    monotonic.advance(LATEST_SECONDS + 1)
    refresh.when_due()
    assert (access.asked, later) == (3, [])


def test_until_there_is_a_copy_every_request_asks(refresh, access) -> None:
    access.up = False
    refresh.when_due()
    refresh.when_due()
    assert (access.asked, refresh.ever) == (2, False)


def test_access_that_is_down_is_asked_again_after_twenty_seconds_only(refresh, access, monotonic, later) -> None:
    refresh.when_due()
    access.up = False
    monotonic.advance(LATEST_SECONDS + 1)
    for _ in range(5):
        refresh.when_due()
    assert (access.asked, later, refresh.ever) == (2, [], True)


def test_sooner_asks_at_once_but_not_again_and_again(refresh, access, monotonic) -> None:
    refresh.sooner(5)
    refresh.sooner(5)
    assert access.asked == 1
    monotonic.advance(5)
    refresh.sooner(5)
    assert access.asked == 2


def test_many_that_wait_share_one_answer(monotonic) -> None:
    asked, begun, answer = [], threading.Event(), threading.Event()

    def fetch() -> bool:
        asked.append(1)
        begun.set()
        return answer.wait(SECONDS)

    refresh = Refresh(fetch, monotonic)
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(refresh.when_due) for _ in range(8)]
        assert begun.wait(SECONDS)
        answer.set()
        for one in waiting:
            one.result(SECONDS)
    assert len(asked) < 8
    assert refresh.ever


def test_a_copy_is_as_old_as_the_moment_it_was_asked_for(monotonic) -> None:
    """Access answers late: what was revoked meanwhile may be missing, so the age counts from the question."""
    asked = []

    def slowly() -> bool:
        asked.append(monotonic())
        monotonic.advance(LATEST_SECONDS + 1)
        return True

    refresh = Refresh(slowly, monotonic)
    refresh.when_due()
    refresh.when_due()
    assert len(asked) == 2


def test_a_client_that_is_closed_and_a_thread_that_cannot_start_break_nothing(monotonic) -> None:
    asked = []

    def fetch() -> bool:
        asked.append(1)
        if len(asked) == 2:
            raise RuntimeError("the client has been closed")
        return True

    def no_thread(_work) -> None:
        raise RuntimeError("can't start new thread")

    refresh = Refresh(fetch, monotonic, no_thread)
    refresh.when_due()
    for _ in range(2):
        monotonic.advance(FRESH_SECONDS + 1)
        refresh.when_due()
    assert len(asked) == 1
    monotonic.advance(LATEST_SECONDS + 1)
    refresh.when_due()
    assert (len(asked), refresh.ever) == (2, True)


def test_work_in_a_thread_runs_beside_the_one_that_began_it() -> None:
    done = threading.Event()
    in_a_thread(done.set)
    assert done.wait(SECONDS)


def test_the_age_is_that_of_the_last_copy_that_came(refresh, access, monotonic) -> None:
    assert refresh.age_seconds is None
    access.up = False
    refresh.when_due()
    assert refresh.age_seconds is None
    access.up = True
    refresh.when_due()
    monotonic.advance(LATEST_SECONDS + 1)
    access.up = False
    refresh.when_due()
    assert refresh.age_seconds == LATEST_SECONDS + 1
