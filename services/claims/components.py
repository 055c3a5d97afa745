"""What the API and the worker of the claims service are made of. The worker has it from here, and so holds none of the
API's routes in memory."""

import time
from dataclasses import dataclass
from datetime import timedelta

import httpx

from services.claims.clients import RestClearinghouse
from services.claims.code_files import code_sets
from services.claims.flows import Dependencies
from services.claims.flows.code_sets.installed import InstalledCodeSets
from services.claims.flows.scrub.rule_set import RuleSet
from shared.clients import EligibilityClient, NotesClient, ServiceHttp, ServiceTokens
from shared.clocks import Clock, SimulatorClock, WallClock
from shared.database.opening import open_database
from shared.ids import random_ids
from shared.outgoing import http_client, service_client
from shared.settings import Settings
from shared.wire.trading_partner import trading_partners


@dataclass(frozen=True, slots=True)
class Components:
    """What API and worker share, and how to close it."""

    dependencies: Dependencies
    http: httpx.Client
    clearinghouse_http: httpx.Client

    def close(self) -> None:
        """Closes the HTTP connections and the database pool. Nothing of it may be used afterwards."""
        self.http.close()
        self.clearinghouse_http.close()
        self.dependencies.database.close()


def compose(settings: Settings, clock: Clock | None = None) -> Components:
    """The service's components, with its database migrated. `clock` is business time, by default the settings'."""
    database = open_database(settings, "claims")
    ca_file = settings.tls_file("ca")
    http, clearinghouse_http = service_client(ca_file=ca_file), http_client(ca_file=ca_file)
    wall = WallClock()
    if clock is None:
        clock = SimulatorClock(settings.clock_url, http) if settings.clock_url else wall
    installed = InstalledCodeSets(code_sets(settings.codes_dir), database)
    tokens = ServiceTokens(settings.access_url, settings.credentials_of("claims"), http, time.monotonic)
    dependencies = Dependencies(
        database=database,
        clock=clock,
        wall_clock=wall,
        ids=random_ids,
        notes=NotesClient(ServiceHttp("notes", settings.notes_url, http), tokens),
        eligibility=EligibilityClient(ServiceHttp("eligibility", settings.eligibility_url, http), tokens),
        clearinghouse=RestClearinghouse(settings.clearinghouse_url, clearinghouse_http),
        trading_partners=trading_partners(settings),
        resend_after=timedelta(seconds=settings.resend_after_seconds),
        code_sets=installed,
        rule_set=RuleSet(installed),
        batch_window=timedelta(seconds=settings.batch_window_seconds),
    )
    return Components(dependencies, http, clearinghouse_http)
