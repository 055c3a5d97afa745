"""Certificates: how many days each has left, and whether it has its key."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from services.cli.doctor.examination import Examination
from services.cli.doctor.finding import Finding, fail, failed_by, ok, warn
from shared.startup import CannotStart
from shared.tls import server_context

SOON = timedelta(days=30)
RENEW = "Renew it (handbill tls make, for those of the installation's own authority), then start its service again."


def certificates(examination: Examination) -> Iterator[Finding]:
    """How long the certificates last that are here, and whether each has its key."""
    settings, now = examination.settings, examination.clock.now()
    count = 0
    for service in examination.services:
        file = settings.tls_file("certificate", service)
        if file is None:
            continue
        try:
            server_context(settings, service)
        except CannotStart as fault:
            yield failed_by(fault)
            continue
        count += 1
        yield from _lasts(f"The certificate of {service} ({file})", file, now)
    if (ca_file := settings.tls_file("ca")) is not None:
        if ca_file.is_file():
            yield from _lasts(f"The authority's certificate ({ca_file})", ca_file, now)
        else:
            yield fail(f"{ca_file}, which HANDBILL_TLS_CA names, is not there.", "Put it there: handbill tls make")
    yield ok(f"{count} certificates of services last." if count else "No service has a certificate; none is needed.")


def _lasts(name: str, file: Path, now: datetime) -> Iterator[Finding]:
    try:
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
    except ValueError:
        yield fail(f"{name} is damaged.", RENEW)
        return
    left = certificate.not_valid_after_utc - now
    if left <= timedelta(0):
        yield fail(f"{name} has expired on {certificate.not_valid_after_utc:%Y-%m-%d}.", RENEW)
    elif certificate.not_valid_before_utc > now:
        yield fail(f"{name} is not valid before {certificate.not_valid_before_utc:%Y-%m-%d %H:%M} UTC.", "See clocks.")
    elif left < SOON:
        yield warn(f"{name} ends in {left.days} days.", RENEW)
