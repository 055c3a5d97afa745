"""A whole Handbill for the demo: five services and the worker on free ports, SQLite in one folder, a set clock."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.cli.composition import SERVICES, prepare, url_of, variable_of
from services.cli.configuration import load_settings
from services.cli.demo.day import Day
from services.cli.demo.ehr import Ehr
from services.cli.demo.practice import SamplePractice
from services.cli.operating import confirm_npi
from services.cli.organizations import create_organization
from services.cli.processes import Processes
from services.cli.serving import process_commands
from shared.outgoing import service_client
from shared.settings import Settings

HTTP_SECONDS = 30.0
WORKER_INTERVAL_SECONDS = 0.2
BATCH_WINDOW_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Installation:
    """Running processes, the EHR that calls them, and the practice's day to come."""

    settings: Settings
    processes: Processes
    ehr: Ehr
    day: Day


@contextmanager
def installation(folder: Path, practice: SamplePractice, more: dict[str, str] | None = None) -> Iterator[Installation]:
    """Everything started and ready, and stopped at the end. `more` is added to the processes' environment."""
    load_settings()  # what is wrong in the environment would stop every process
    environment = _environment(folder, practice) | (more or {})
    settings = _settings(environment)
    prepare(settings)
    new = create_organization(settings, practice.name, practice.time_zone, store=True)
    confirm_npi(settings, new.organization.id, practice.practice["npi"])
    client = new.client
    processes = Processes(folder / "logs", environment)
    with ExitStack() as stack:
        http = stack.enter_context(service_client(HTTP_SECONDS, ca_file=settings.tls_file("ca")))
        stack.callback(processes.stop_all)
        for command in process_commands(settings):
            processes.start(command)
        processes.wait_ready()
        urls = {service: url_of(settings, service) for service in SERVICES}
        ehr = Ehr(urls, client.id, client.secret, http)
        yield Installation(settings, processes, ehr, Day(ehr, practice, urls["clearinghouse"], http))


def _environment(folder: Path, practice: SamplePractice) -> dict[str, str]:
    ports = _free_ports(len(SERVICES))
    urls = {service: f"http://127.0.0.1:{port}" for service, port in zip(SERVICES, ports, strict=True)}
    return {
        **{variable_of(service): url for service, url in urls.items()},
        "HANDBILL_DATA_DIR": str(folder.resolve()),
        "HANDBILL_DATABASE_URL": "sqlite:///{data_dir}/{service}.sqlite",
        "HANDBILL_CLOCK_URL": f"{urls['clearinghouse']}/simulator/clock",
        "HANDBILL_WORKER_INTERVAL_SECONDS": str(WORKER_INTERVAL_SECONDS),
        "HANDBILL_BATCH_WINDOW_SECONDS": str(BATCH_WINDOW_SECONDS),
        "HANDBILL_SIMULATOR_STARTS_AT": practice.clock_start.isoformat(),
        "HANDBILL_SIMULATOR_CLOCK_RUNS": "false",
    }


def _settings(environment: dict[str, str]) -> Settings:
    names = {name.removeprefix("HANDBILL_").lower(): value for name, value in environment.items()}
    return Settings(**{name: value for name, value in names.items() if name in Settings.model_fields})  # type: ignore[arg-type]


def _free_ports(count: int) -> list[int]:
    """Ports that nobody holds now; all are bound together, so that they differ."""
    with ExitStack() as stack:
        bound = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in bound:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in bound]
