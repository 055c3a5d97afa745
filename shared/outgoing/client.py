"""The httpx client of every call that a process of ours makes."""

import ssl
from functools import cache

import httpx

from shared.outgoing.deadlines import DeadlineTransport

CONNECT_SECONDS = 2.0
READ_SECONDS = 10.0


def http_client(read_seconds: float = READ_SECONDS) -> httpx.Client:
    """An httpx client with limits; it does not look at the environment's proxies, and follows no redirect."""
    limits = httpx.Limits(max_connections=50, max_keepalive_connections=20)
    return httpx.Client(
        transport=DeadlineTransport(_trusted(), limits),
        timeout=httpx.Timeout(read_seconds, connect=CONNECT_SECONDS),
        trust_env=False,
        follow_redirects=False,
    )


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates that are trusted, read once a process."""
    return httpx.create_ssl_context(trust_env=False)
