"""Every test's ground rules: warnings are errors, no socket but loopback, and the fixtures of tests/harness."""

import gc
from collections.abc import Iterator

import hypothesis
import pytest
import structlog
from pytest_socket import socket_allow_hosts

from shared.tenancy import INSTALLATION, acting_for

pytest_plugins = [
    "tests.harness.databases",
    "tests.harness.running",
    "tests.harness.clocks",
    "tests.harness.tokens",
]
LOOPBACK = ["127.0.0.1", "::1"]
LONGEST_FIRST = (
    "tests/journeys/",
    "tests/services/cli/",
    "tests/deploy/",
    "tests/shared/x12/",
    "tests/services/claims/test_",
    "tests/services/eligibility/test_",
    "tests/services/clearinghouse/",
    "tests/services/",
)
"""Files that take long begin first, so that no process is left alone with one at the end."""

# `make test` tries the same inputs each time, so that it fails for a change and for nothing else. `make fuzz` takes
# others each time, and keeps those that failed.
hypothesis.settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
hypothesis.settings.register_profile("random", derandomize=False, deadline=None)
hypothesis.settings.load_profile("repeatable")

gc.set_threshold(500_000, 2, 2)  # a tenth of the whole time went into looking for garbage that was not there


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)


def pytest_collection_finish() -> None:
    """What is imported stays, and nobody looks through it for garbage: so the services that tests are done with, which
    hold themselves in circles, are looked for often enough not to pile up."""
    gc.collect()
    gc.freeze()


def _turn(item: pytest.Item) -> int:
    begins = (place for place, start in enumerate(LONGEST_FIRST) if item.nodeid.startswith(start))
    return next(begins, len(LONGEST_FIRST))


@pytest.fixture(scope="session", autouse=True)
def for_the_installation() -> Iterator[None]:
    """What a test itself asks of a database is of all organizations; what is under test says for whom it acts."""
    with acting_for(INSTALLATION):
        yield


def pytest_runtest_setup() -> None:
    """Connections go to this machine or nowhere; PostgreSQL and event loops use Unix sockets. Logs are not printed."""
    structlog.configure(processors=[], logger_factory=structlog.ReturnLoggerFactory())
    socket_allow_hosts(LOOPBACK, allow_unix_socket=True)
