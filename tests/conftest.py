"""Every test's ground rules: warnings are errors, no socket but loopback, and the fixtures of tests/harness."""

import structlog
from pytest_socket import socket_allow_hosts

pytest_plugins = [
    "tests.harness.databases",
    "tests.harness.running",
    "tests.harness.clocks",
    "tests.harness.tokens",
]
LOOPBACK = ["127.0.0.1", "::1"]


def pytest_runtest_setup() -> None:
    """Connections go to this machine or nowhere; PostgreSQL and event loops use Unix sockets. Logs are not printed."""
    structlog.configure(processors=[], logger_factory=structlog.ReturnLoggerFactory())
    socket_allow_hosts(LOOPBACK, allow_unix_socket=True)
