"""The httpx clients of every call that a process of ours makes, and the certificates that they trust."""

import ssl
from functools import cache
from pathlib import Path

import httpx

from shared.outgoing.deadlines import DeadlineTransport
from shared.startup import CannotStart

CONNECT_SECONDS = 2.0
READ_SECONDS = 10.0


class AuthorityUnusable(CannotStart):
    """The file of certificates to trust is missing or damaged."""


def http_client(read_seconds: float = READ_SECONDS, *, ca_file: Path | None = None) -> httpx.Client:
    """A client for calls to anybody: it trusts public authorities, and that of the file beside them. It does not look
    at the environment's proxies, and follows no redirect. Raises AuthorityUnusable."""
    return _client(_trusted(ca_file, True), read_seconds)


def service_client(read_seconds: float = READ_SECONDS, *, ca_file: Path | None) -> httpx.Client:
    """A client for calls to services of ours: where there is an authority of ours, it trusts no other. Raises
    AuthorityUnusable."""
    return _client(_trusted(ca_file, ca_file is None), read_seconds)


def _client(trusted: ssl.SSLContext, read_seconds: float) -> httpx.Client:
    limits = httpx.Limits(max_connections=50, max_keepalive_connections=20)
    return httpx.Client(
        transport=DeadlineTransport(trusted, limits),
        timeout=httpx.Timeout(read_seconds, connect=CONNECT_SECONDS),
        trust_env=False,
        follow_redirects=False,
    )


@cache
def _trusted(ca_file: Path | None, public: bool) -> ssl.SSLContext:
    """The certificates that are trusted, read once a process."""
    context = httpx.create_ssl_context(trust_env=False) if public else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except (OSError, ssl.SSLError):
            raise AuthorityUnusable(
                f"{ca_file}, which HANDBILL_TLS_CA names, is not there or holds no certificate (PEM); put it there, or "
                "make it with: handbill tls make"
            ) from None
    return context
