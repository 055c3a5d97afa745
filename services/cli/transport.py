"""How a service listens: with TLS, or in clear where nothing that is sent leaves the machine."""

import ssl

from services.cli.composition import url_of, variable_of
from services.cli.errors import CANNOT_START, CommandFailed
from shared.settings import Settings
from shared.settings.values import is_loopback
from shared.tls import server_context


def transport_context(settings: Settings, service: str, host: str, *, behind_tls: bool) -> ssl.SSLContext | None:
    """What a service listens with; None for plain HTTP. Raises CommandFailed where tokens and PHI would cross a
    network in clear, or where others look for the service in another way than it listens; and as `server_context`."""
    context = server_context(settings, service)
    if context is not None and url_of(settings, service).startswith("http://"):
        raise CommandFailed(
            f"{service} has a certificate, and {variable_of(service)} begins with http://; write https:// there",
            status=CANNOT_START,
        )
    if context is None and not behind_tls and not is_loopback(host):
        raise CommandFailed(
            f"{service} would listen on {host} in clear; set HANDBILL_TLS_CERTIFICATE and HANDBILL_TLS_KEY (make them "
            "with: handbill tls make), or give --behind-tls where a front in the same pod ends TLS and nobody else "
            "reaches this port",
            status=CANNOT_START,
        )
    return context
