"""One set of services for all cases, on SQLite; every case opens an office of its own."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli.demo.ehr import Ehr
from services.cli.demo.practice import load
from shared.codesets.npi import npi_valid
from tests.harness.databases import sqlite_url
from tests.harness.running import Ports, RunningApp
from tests.journeys.claim_rules.office import NPI, Office
from tests.journeys.whole import whole

PAYERS = Path(__file__).parent / "payers"


@pytest.fixture(scope="module")
def open_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Office]]:
    """`open_office()` answers a new office; one that changes practice or fees, its organization's, opens `alone`."""
    folder = tmp_path_factory.mktemp("claim_rules")
    ports, running = Ports(), list[RunningApp]()

    def run_app(app: object, *, at: str) -> str:
        running.append(RunningApp(app, ports.take(at)))
        running[-1].start()
        return at

    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HANDBILL_SIMULATOR_PAYERS_DIR", str(PAYERS))
        urls = whole(folder, load(), lambda service: sqlite_url(folder, service), ports.reserve, run_app)
        with urls as everything, httpx.Client(timeout=30, trust_env=False) as http:

            def ehr_of(client: Any) -> Ehr:
                return Ehr(everything.urls, client.id, client.secret, http)

            shared, tags = ehr_of(everything.client), count(1)
            npis = (npi for number in count(1_500_000_000) if npi_valid(npi := str(number)))

            def open_one(*, alone: bool = False) -> Office:
                if not alone:
                    return Office(shared, str(next(tags)), NPI)
                # Of an installation's organizations each bills under an NPI of its own.
                return Office(ehr_of(everything.make_client("Salal Street Bodywork")), str(next(tags)), next(npis))

            yield open_one
    for app in running:
        app.ask_to_stop()
    for app in reversed(running):
        app.stop()
    ports.close()
