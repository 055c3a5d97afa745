"""The five services by name: how to build them, where they listen, and how to make a new installation ready."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from services.cli.errors import CANNOT_START, CommandFailed
from shared.private_files import ReadableByOthers, refuse_open
from shared.settings import PORTS, Settings
from shared.startup import file_fault
from shared.tenancy import INSTALLATION, acting_for

if TYPE_CHECKING:
    from services.access.flows.dependencies import Dependencies

PROBE_BYTES = 4096
SERVICES = tuple(PORTS)
SETTING_OF_URL = {service: f"{service}_url" for service in PORTS} | {"clearinghouse": "simulator_url"}
"""The simulator's address is apart from the clearinghouse's, where files are sent."""
Build = Callable[[Settings], Any]


def build_of(service: str) -> Build:
    """The service's composition root, imported now. Raises CommandFailed for a name that is none of the five."""
    if service not in SERVICES:
        raise CommandFailed(f"there is no service {service}; choose from {', '.join(SERVICES)}", status=CANNOT_START)
    build: Build = import_module(f"services.{service}.app").build
    return build


def url_of(settings: Settings, service: str) -> str:
    """Where a service listens and the others look for it."""
    url: str = getattr(settings, SETTING_OF_URL[service])
    return url


def variable_of(service: str) -> str:
    """The environment's name of that address."""
    return f"HANDBILL_{SETTING_OF_URL[service].upper()}"


def port_of(settings: Settings, service: str) -> int:
    """The port in that address. Raises CommandFailed when it is no address."""
    try:
        port = urlsplit(url_of(settings, service)).port
    except ValueError:
        port = None
    if not port:
        raise CommandFailed(
            f"{variable_of(service)} has no port; it looks like http://127.0.0.1:8402", status=CANNOT_START
        )
    return port


def prepare(settings: Settings) -> list[str]:
    """Make keys, databases at their newest version, and the services' own credentials; leave alone what is there.
    Answers the names of the credentials that were made."""
    from services.access.flows.bootstrap import ensure_service_clients
    from shared.database.opening import database_faults

    check_writable(settings.data_dir)
    with access(settings) as deps, database_faults(settings.database_url_of("access"), "access"):
        made = ensure_service_clients(deps, settings)
    for service in SERVICES:
        _migrate(settings, service)
    return made


@contextmanager
def access(settings: Settings) -> "Iterator[Dependencies]":
    """The access service's flows, without its HTTP, for the installation."""
    from services.access.app import connect

    deps = connect(settings)
    try:
        with acting_for(INSTALLATION):
            yield deps
    finally:
        deps.issuer_keys.close()
        deps.database.close()


def check_writable(folder: Path) -> None:
    """Raises CommandFailed where the installation's folder cannot be made, or takes no file, and ReadableByOthers where
    others may look into it."""
    probe = folder / f".probe.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not any(folder.iterdir()):
            # As a new volume of a container is: open to all, with nothing in it yet.
            folder.chmod(0o700)
        refuse_open(folder)
        # Written, not only made: a full disk still takes an empty file.
        probe.write_bytes(b"x" * PROBE_BYTES)
    except ReadableByOthers:
        raise
    except OSError as error:
        sentence = file_fault(OSError(error.errno, error.strerror, str(folder)))
        raise CommandFailed(sentence or f"{folder}: {error.strerror}", status=CANNOT_START) from None
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)


def _migrate(settings: Settings, service: str) -> None:
    from shared.database.opening import open_database

    if (Path(__file__).parents[1] / service / "migrations").is_dir():
        open_database(settings, service).close()
