"""The claims service's composition root: builds the HTTP service on its components."""

from fastapi import FastAPI

from services.claims.api import ROUTERS
from services.claims.components import compose
from shared.clocks import Clock
from shared.settings import Settings
from shared.telemetry.metrics_token import metrics_token
from shared.web.auth import pinned_keys, remote_verifier
from shared.web.limits import RequestLimits
from shared.web.patient_records import PATIENT_RECORDS_TAG
from shared.web.service import create_service


def build(settings: Settings, *, clock: Clock | None = None) -> FastAPI:
    """The HTTP service. Raises NoPinnedKeys, before anything is opened."""
    token = metrics_token(settings)
    pinned_keys(settings)
    components = compose(settings, clock)
    return create_service(
        name="claims",
        summary="From a signed note to a paid claim, with every cent explained and one next action for each claim.",
        tags={
            "practice": "Billing provider, therapists, fee schedules and what payers allow.",
            "claims": "Claims from a signed note to the last cent.",
            "appeals": "Appeals against what a payer has decided, with their packets.",
            "worklist": "Everything that is to be done, by whom and by when.",
            "rules": "Every rule that a claim is checked with, with its source.",
            "codes": "Diagnosis codes by words and by date.",
            "disclosures": "To whom a patient's data went.",
            "exchange": "837P files sent and messages received.",
            "remittances": "What payers paid, its proofs, and the payments that wait for a person.",
            "reports": "The practice's numbers as of any day, and all of its money for a warehouse of its own.",
            "histories": "A practice's past, read from its old files: what was lost, and what can still be had.",
            **PATIENT_RECORDS_TAG,
        },
        database=components.dependencies.database,
        routers=ROUTERS,
        dependencies=[components.dependencies],
        limits=RequestLimits.of(settings),
        metrics_token=token,
        verifier=remote_verifier(settings, components.http, "claims"),
        wall_clock=components.dependencies.wall_clock,
        on_close=[components.http.close, components.clearinghouse_http.close],
    )
