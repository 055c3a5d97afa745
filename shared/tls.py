"""TLS between services: the certificate that a service shows, and what its callers trust. TLS 1.2 at the least.

Services prove themselves by certificates, callers by tokens: certificates of clients would say of a call what its
token says already, and every program of an EHR would need one.
"""

import ssl
from pathlib import Path

from shared.private_files import OTHERS, ReadableByOthers
from shared.settings import Settings
from shared.startup import CannotStart


class TlsUnusable(CannotStart):
    """A certificate or a key is missing or damaged, or does not fit the other."""


def server_context(settings: Settings, service: str) -> ssl.SSLContext | None:
    """What a service shows to its callers; None where it speaks plain HTTP. Raises TlsUnusable, ReadableByOthers."""
    certificate, key = settings.tls_file("certificate", service), settings.tls_file("key", service)
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise TlsUnusable("set HANDBILL_TLS_CERTIFICATE and HANDBILL_TLS_KEY both, or neither")
    _check_files(certificate, key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # The password is asked for on the terminal if there is no function, and a service has none.
        context.load_cert_chain(certificate, key, password=lambda: b"")
    except (ssl.SSLError, ValueError):
        raise TlsUnusable(
            f"{certificate} and {key} are no certificate and its key without a password (PEM); put the right ones "
            "there, or make them with: handbill tls make"
        ) from None
    return context


def _check_files(certificate: Path, key: Path) -> None:
    for file in (certificate, key):
        if not file.is_file():
            raise TlsUnusable(f"{file} is not there; put it there, or make it with: handbill tls make")
    if key.stat().st_mode & OTHERS:
        raise ReadableByOthers(f"{key} may be read by others; run: chmod 600 {key}")
