"""The composition root of the access service: organizations, API clients, users, tokens, and the keys to check
them with.

It is the one service that stores no PHI. It calls nobody but the OIDC issuers of persons, for their keys, so that
tokens of clients never depend on anything else running.
"""

import time

from fastapi import FastAPI

from services.access.api import ROUTERS
from services.access.failed_logins import FailedLogins, SlowAnswers
from services.access.flows.dependencies import Dependencies
from services.access.flows.login_trail import LoginTrail
from services.access.flows.revocations import StoredRevocations
from services.access.issuers import IssuerKeys
from services.access.secrets import ClientSecrets
from services.access.signing import load_signer, pin_keys
from shared.clocks import Clock, Monotonic, WallClock
from shared.database.opening import open_database
from shared.ids import random_ids
from shared.outgoing import http_client
from shared.settings import Settings
from shared.telemetry.metrics_token import metrics_token
from shared.web.auth import Verifier
from shared.web.limits import RequestLimits
from shared.web.service import create_service

NAME = "access"
MAX_BODY_BYTES = 20_000


def connect(
    settings: Settings,
    *,
    clock: Clock | None = None,
    wall_clock: Clock | None = None,
    monotonic: Monotonic = time.monotonic,
) -> Dependencies:
    """Keys made, database migrated, flows ready; whoever calls this closes `database`."""
    database = open_database(settings, NAME)
    wall_clock = wall_clock or WallClock()
    signer = load_signer(settings.signing_key_file, settings.issuer, wall_clock, monotonic)
    # Also for a key that was put there by hand: what is beside the keys is trusted as they are.
    pin_keys(settings.signing_key_file)
    return Dependencies(
        database=database,
        clock=clock or wall_clock,
        wall_clock=wall_clock,
        ids=random_ids,
        secrets=ClientSecrets(),
        signer=signer,
        failed_logins=FailedLogins(monotonic),
        slow_answers=SlowAnswers(),
        token_seconds=settings.token_seconds,
        token_endpoints=(settings.token_endpoint or f"{settings.access_url}/oauth/token",),
        issuer_keys=IssuerKeys(lambda: http_client(ca_file=settings.tls_file("ca")), monotonic),
    )


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    wall_clock: Clock | None = None,
    monotonic: Monotonic = time.monotonic,
) -> FastAPI:
    """The service. `clock` dates rows and events, `wall_clock` tokens; `monotonic` measures the windows of logins."""
    token = metrics_token(settings)
    deps = connect(settings, clock=clock, wall_clock=wall_clock, monotonic=monotonic)
    return create_service(
        name=NAME,
        summary="Organizations, API clients, users and tokens",
        tags={
            "organizations": "The organization that a token belongs to.",
            "clients": "API clients of an organization, and their secrets.",
            "users": "Persons of an organization: their roles, licenses and identities.",
            "emergency access": "Who has read beyond her roles, and why.",
            "tokens": "OAuth 2 tokens and the keys that they are signed with.",
        },
        database=deps.database,
        routers=ROUTERS,
        dependencies=[deps, LoginTrail(deps.database, monotonic)],
        limits=RequestLimits.of(settings),
        metrics_token=token,
        verifier=Verifier(deps.signer, settings.issuer, NAME, StoredRevocations(deps.database)),
        wall_clock=deps.wall_clock,
        max_body_bytes=MAX_BODY_BYTES,
        on_close=[deps.issuer_keys.close],
    )
