"""All of Handbill in one process: every service on a real port in a thread, one database each, the worker's own flows.

What `handbill up` runs as processes, a test runs here on SQLite and on PostgreSQL; the journeys are the same.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from services.access.app import connect
from services.access.flows.bootstrap import ensure_service_clients
from services.claims.components import compose
from services.claims.flows import Dependencies
from services.claims.flows.run_due import run_due
from services.cli.composition import SERVICES, SETTING_OF_URL, build_of
from services.cli.demo.day import Day
from services.cli.demo.ehr import Ehr
from services.cli.demo.practice import SamplePractice
from services.cli.organizations import create_organization
from shared.settings import Settings

PAUSE_SECONDS = 0.2


@dataclass(frozen=True)
class Whole:
    """Everything up: the EHR and what it has asked, the practice's day, the claims worker's flows, addresses by
    service."""

    ehr: Ehr
    day: Day
    claims: Dependencies
    urls: dict[str, str]
    client: Any
    requests: list[httpx.Request]
    make_client: Callable[[str], Any]


@contextmanager
def whole(
    data_dir: Path,
    practice: SamplePractice,
    make_database_url: Callable[[str], str],
    free_url: Callable[[], str],
    run_app: Callable[..., str],
) -> Iterator[Whole]:
    urls = {service: free_url() for service in SERVICES}
    settings = {service: _settings(data_dir, urls, make_database_url(service)) for service in SERVICES}
    access = connect(settings["access"])
    ensure_service_clients(access, settings["access"])
    access.database.close()
    for service in ("clearinghouse", "access", "notes", "eligibility", "claims"):
        run_app(build_of(service)(settings[service]), at=urls[service])
    new = create_organization(settings["access"], practice.name, practice.time_zone)
    worker = compose(settings["claims"])
    requests: list[httpx.Request] = []
    with httpx.Client(timeout=30, trust_env=False, event_hooks={"request": [requests.append]}) as http:
        ehr = Ehr(urls, new.client.id, new.client.secret, http)
        day = Day(ehr, practice, urls["clearinghouse"], http)

        def another(name: str) -> Any:
            return create_organization(settings["access"], name, practice.time_zone).client

        try:
            yield Whole(ehr, day, worker.dependencies, urls, new.client, requests, another)
        finally:
            worker.close()


@contextmanager
def working(claims: Dependencies) -> Iterator[None]:
    """The worker's pass, again and again in a thread; what breaks in it breaks the test."""
    stop = threading.Event()
    broken: list[BaseException] = []

    def turn() -> None:
        try:
            while not stop.wait(PAUSE_SECONDS):
                run_due(claims)
        except BaseException as error:
            broken.append(error)

    thread = threading.Thread(target=turn)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    if broken:
        raise broken[0]


def _settings(data_dir: Path, urls: dict[str, str], database_url: str) -> Settings:
    return Settings(
        data_dir=data_dir,
        database_url=database_url.replace("{", "{{").replace("}", "}}"),
        batch_window_seconds=0.2,
        clock_url=f"{urls['clearinghouse']}/simulator/clock",
        **{SETTING_OF_URL[service]: url for service, url in urls.items()},
    )
