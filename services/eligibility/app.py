"""The eligibility service's composition root: the only file that knows which parts it runs on."""

from datetime import timedelta

from fastapi import FastAPI

from services.eligibility.api import ROUTERS
from services.eligibility.clients import HOLD_SECONDS, Clearinghouse
from services.eligibility.flows.dependencies import Dependencies
from shared.clocks import Clock, SimulatorClock, WallClock
from shared.database.opening import open_database
from shared.ids import random_ids
from shared.outgoing import http_client, service_client
from shared.settings import Settings
from shared.telemetry.metrics_token import metrics_token
from shared.web.auth import remote_verifier
from shared.web.limits import RequestLimits
from shared.web.outside_calls import OutsideCalls
from shared.web.patient_records import PATIENT_RECORDS_TAG
from shared.web.service import create_service
from shared.wire.trading_partner import trading_partners


def build(settings: Settings, *, clock: Clock | None = None) -> FastAPI:
    """The service, with its database at the newest version. `clock` is business time, if not the settings' own.

    Raises FileNotFoundError before `handbill init` has made the trading partner's credentials, and
    TradingPartnersFileError.
    """
    token = metrics_token(settings)
    partners = trading_partners(settings)
    ca_file = settings.tls_file("ca")
    http, patient_http = service_client(ca_file=ca_file), http_client(HOLD_SECONDS, ca_file=ca_file)
    verifier = remote_verifier(settings, http, "eligibility")
    database = open_database(settings, "eligibility")
    wall = WallClock()
    if clock is None:
        clock = SimulatorClock(settings.clock_url, http) if settings.clock_url else wall
    dependencies = Dependencies(
        database=database,
        clock=clock,
        wall=wall,
        ids=random_ids,
        clearinghouse=Clearinghouse(settings.clearinghouse_url, patient_http),
        trading_partners=partners,
        resend_after=timedelta(seconds=settings.resend_after_seconds),
    )
    return create_service(
        name="eligibility",
        summary="Patients, payers, coverages and what payers say of them.",
        tags={
            "patients": "Who is treated; demographics live with the coverage.",
            "payers": "Who pays, and what deviates from the payer's profile.",
            "coverages": "What insurance a patient has, by rank.",
            "authorizations": "A payer's permissions, by date of service.",
            "referrals": "Referrals and prescriptions.",
            "legal holds": "What may not be destroyed, whatever its age.",
            "eligibility checks": "270 questions to payers and what their 271 says.",
            **PATIENT_RECORDS_TAG,
        },
        database=database,
        routers=ROUTERS,
        dependencies=[dependencies, OutsideCalls()],
        limits=RequestLimits.of(settings),
        metrics_token=token,
        verifier=verifier,
        wall_clock=wall,
        on_close=[http.close, patient_http.close],
    )
