"""What the value of a setting may be: an address, a file, a database, thumbprints, a time zone.

What would send tokens or PHI over a network in clear is refused here, before anything starts.
"""

import re
from ipaddress import ip_address
from string import Formatter
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

from shared.dates import is_zone

DATABASES = ("sqlite:///", "postgresql+psycopg://")
THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")
PORT = re.compile(r":([^:\]]*)$")
PLACEHOLDERS = frozenset({"service", "data_dir"})


def _is_address(value: str) -> str:
    """An https address, or an http one of this machine itself; raises ValueError."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("an address looks like http://127.0.0.1:8402")
    _ = parts.port  # raises ValueError for a port that is none
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError(
            f"http:// to {parts.hostname} would cross a network with tokens and PHI in clear; write https:// (make "
            "certificates with: handbill tls make), or an address of this machine: localhost, 127.0.0.1, ::1"
        )
    return value.rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether what is sent there never leaves this machine: `localhost`, or an IP address of 127.0.0.0/8 or ::1."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _is_file(value: str) -> str:
    """A path whose placeholders are known; raises ValueError."""
    if {name for _, name, _, _ in Formatter().parse(value) if name is not None} - PLACEHOLDERS:
        raise ValueError("the placeholders of a file are {service} and {data_dir}; write other braces twice")
    return value


def _is_thumbprints(value: str) -> str:
    """Thumbprints with commas or spaces between; raises ValueError."""
    if not all(THUMBPRINT.fullmatch(one) for one in value.replace(",", " ").split()):
        raise ValueError("a thumbprint (RFC 7638) has 43 letters, digits, - and _; the file of access has them")
    return value


def _is_database(value: str) -> str:
    """A SQLAlchemy URL of one of our two databases whose placeholders are known; raises ValueError."""
    if not value.startswith(DATABASES):
        raise ValueError(
            "a database is sqlite:///{data_dir}/{service}.sqlite or "
            "postgresql+psycopg://user:password@host/handbill_{service}"
        )
    names = {name for _, name, _, _ in Formatter().parse(value) if name is not None}
    if names - PLACEHOLDERS:
        raise ValueError("the placeholders of a database are {service} and {data_dir}; write other braces twice")
    place = value.removeprefix(DATABASES[1]).rpartition("@")[2].partition("/")[0]
    port = PORT.search(place)
    if value.startswith(DATABASES[1]) and port and not port[1].isdigit():
        raise ValueError("a database on PostgreSQL is postgresql+psycopg://user:password@host:5432/name")
    host = place.removesuffix(port[0] if port else "").strip("[]")
    if value.startswith(DATABASES[1]) and host and not is_loopback(host) and "sslmode=" not in value:
        raise ValueError(
            f"rows would go to {host} in clear, or to whoever answers there; add ?sslmode=verify-full&sslrootcert=FILE "
            "or ?sslmode=disable where no network lies between"
        )
    return value


def _is_time_zone(value: str) -> str:
    """A zone of the IANA database; raises ValueError."""
    if not is_zone(value):
        raise ValueError("a time zone looks like America/Los_Angeles")
    return value


Address = Annotated[str, AfterValidator(_is_address)]
FileTemplate = Annotated[str, AfterValidator(_is_file)]
DatabaseTemplate = Annotated[str, AfterValidator(_is_database)]
Thumbprints = Annotated[str, AfterValidator(_is_thumbprints)]
TimeZone = Annotated[str, AfterValidator(_is_time_zone)]
LogLevel = Annotated[
    Literal["debug", "info", "warning", "error", "critical"],
    BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value),
]
