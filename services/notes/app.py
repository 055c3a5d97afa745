"""The notes service's composition root: the only file that knows which parts it runs on."""

from fastapi import FastAPI

from services.notes.api import ROUTERS
from services.notes.flows import Dependencies
from shared.clocks import Clock, SimulatorClock, WallClock
from shared.database.opening import open_database
from shared.ids import random_ids
from shared.outgoing import service_client
from shared.settings import Settings
from shared.telemetry.metrics_token import metrics_token
from shared.web.auth import remote_verifier
from shared.web.limits import RequestLimits
from shared.web.patient_records import PATIENT_RECORDS_TAG
from shared.web.service import create_service


def build(settings: Settings, *, clock: Clock | None = None) -> FastAPI:
    """The service, with its database at the newest version. `clock` is business time, if not the settings' own."""
    token = metrics_token(settings)
    http = service_client(ca_file=settings.tls_file("ca"))
    verifier = remote_verifier(settings, http, "notes")
    database = open_database(settings, "notes")
    wall = WallClock()
    if clock is None:
        clock = SimulatorClock(settings.clock_url, http) if settings.clock_url else wall
    return create_service(
        name="notes",
        summary="Treatment notes: written until they are signed, then never changed.",
        tags={"notes": "Treatment notes: written until they are signed, then never changed.", **PATIENT_RECORDS_TAG},
        database=database,
        routers=ROUTERS,
        dependencies=[Dependencies(database, clock, random_ids)],
        limits=RequestLimits.of(settings),
        metrics_token=token,
        verifier=verifier,
        wall_clock=wall,
        on_close=[http.close],
    )
