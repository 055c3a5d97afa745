"""A small authority of an installation's own, and the certificates that its services show one another.

Everything is a private file (0600). Only `ca.pem` is meant for others; `ca.key` is needed for renewal alone and may be
kept elsewhere in between. A process reads its certificate when it starts, so it is started again after a renewal.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from services.cli.composition import SERVICES, url_of
from services.cli.errors import CommandFailed
from shared.private_files import read_private_file, write_private_file
from shared.settings import Settings

AUTHORITY = "ca"
AUTHORITY_LASTS, LASTS = timedelta(days=3650), timedelta(days=397)
RENEWED_BEFORE = timedelta(days=60)
CLOCK_SKEW = timedelta(minutes=5)
LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class CertificateFile:
    """One certificate: its file, the names that it is for, its last day, and whether it was made now."""

    file: Path
    names: tuple[str, ...]
    ends_on: date
    made: bool


@dataclass(frozen=True, slots=True)
class _Authority:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def names_of(settings: Settings, also: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """What each service is called by: its name, the host of its address, and this machine; and the `also` likewise."""
    hosts = {service: str(urlsplit(url_of(settings, service)).hostname) for service in SERVICES}
    names: dict[str, tuple[str, ...]] = {service: (service, hosts[service], *LOCAL) for service in SERVICES}
    names |= {one: (one, *LOCAL) for one in also}
    return {service: tuple(dict.fromkeys(ones)) for service, ones in names.items()}


def make_certificates(folder: Path, names: Mapping[str, tuple[str, ...]], now: datetime) -> list[CertificateFile]:
    """The authority and a certificate for each of `names`, made where there is none, where the one that is there ends
    within 60 days, and where it is for other names. Raises CommandFailed, and OSError."""
    for name in names:
        if not name.isascii() or not name.replace("-", "").isalnum() or name == AUTHORITY:
            raise CommandFailed(f"{name} is no name of a process: letters, digits and hyphens, and not `{AUTHORITY}`")
    authority, made = _authority(folder, now)
    found = [CertificateFile(folder / "ca.pem", (), authority.certificate.not_valid_after_utc.date(), made)]
    for service, ones in names.items():
        file = folder / f"{service}.pem"
        certificate = None if made else _kept(file, authority, ones, now)
        kept = certificate is not None
        certificate = certificate or _issue(file, authority, service, ones, now)
        found.append(CertificateFile(file, ones, certificate.not_valid_after_utc.date(), not kept))
    return found


def _authority(folder: Path, now: datetime) -> tuple[_Authority, bool]:
    file, key_file = folder / "ca.pem", folder / "ca.key"
    if file.exists():
        try:
            certificate = x509.load_pem_x509_certificate(file.read_bytes())
            key = load_pem_private_key(read_private_file(key_file), None)
        except (FileNotFoundError, ValueError):
            raise CommandFailed(
                f"{file} is there, and its key {key_file} is missing, or one of them is damaged; put the key back, or "
                "remove both to make a new authority, which every process has to be given"
            ) from None
        if certificate.not_valid_after_utc - now > LASTS:
            assert isinstance(key, ec.EllipticCurvePrivateKey)
            return _Authority(certificate, key), False
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Handbill installation")
    usage = _usage(digital_signature=False, authority=True)
    builder = _builder(name, name, key.public_key(), now, AUTHORITY_LASTS)
    certificate = (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, SHA256())
    )
    _write(file, certificate, key)
    return _Authority(certificate, key), True


def _issue(file: Path, by: _Authority, service: str, names: tuple[str, ...], now: datetime) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_name(service), by.certificate.subject, key.public_key(), now, LASTS)
    certificate = (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general(one) for one in names]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False)
        .sign(by.key, SHA256())
    )
    _write(file, certificate, key)
    return certificate


def _kept(file: Path, by: _Authority, names: tuple[str, ...], now: datetime) -> x509.Certificate | None:
    """The certificate that is there, if it is this authority's, for these names, lasts, and has its key."""
    with suppress(FileNotFoundError, ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        key = load_pem_private_key(read_private_file(file.with_suffix(".key")), None)
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
        certificate.verify_directly_issued_by(by.certificate)
        there = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        lasts = certificate.not_valid_after_utc - now > RENEWED_BEFORE
        fits = certificate.public_key() == key.public_key()
        if lasts and fits and list(there) == [_general(one) for one in names]:
            return certificate
    return None


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        # The clock of whoever checks it may be behind.
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, digital_signature: bool, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write(file: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
    """The key first: a certificate without its key is made anew, and a key without its certificate is never shown."""
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_private_file(file.with_suffix(".key"), lambda: pem, replace=True)
    write_private_file(file, lambda: certificate.public_bytes(Encoding.PEM), replace=True)
