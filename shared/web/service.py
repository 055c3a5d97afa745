"""`create_service()`: what every Handbill service has before its first route.

Problems, request ids, size limits, security headers, health and readiness, token checks, idempotency, the event
feed, and API docs whose scripts and styles come from this process, so that no browser calls a third party.
"""

import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from typing import Annotated, Any, TypeVar

from fastapi import Depends, FastAPI, Query, Request
from prometheus_client import CollectorRegistry

from shared.clocks import Clock, WallClock
from shared.contracts.common import EventPage, View
from shared.database import Database
from shared.database.audit_recorder import AuditRecorder
from shared.database.operations import events_after
from shared.database.rate_windows import RateWindows
from shared.errors import Unavailable
from shared.ids import random_ids
from shared.paging import MAX_PAGE
from shared.security.caller import Caller
from shared.startup import CannotStart
from shared.telemetry.metrics import AgeReadings, DatabaseReadings, RecorderReadings, RequestMetrics, process_registry
from shared.web.answers import install
from shared.web.audit_entries import router as audit_entries_router
from shared.web.audit_trail import AuditTrail
from shared.web.auth import Verifier, authenticated_caller
from shared.web.authentication import Authentication
from shared.web.docs import add_docs
from shared.web.etags import NotModified
from shared.web.fair_share import FairShare
from shared.web.guards import Guards
from shared.web.idempotency import AnsweredBefore
from shared.web.limits import OrganizationLimits, RequestLimits
from shared.web.metrics import add_metrics
from shared.web.observing import Observed
from shared.web.openapi import complete_openapi
from shared.web.rates import Rates
from shared.web.routes import Routes

T = TypeVar("T")
MAX_BODY_BYTES = 1_000_000
COMMON_TAGS = {
    "health": "Whether the process runs and can serve.",
    "events": "The organization's feed of what happened: ordered, gap-free, without PHI.",
    "audit": "Who did what, when, on whose behalf and why: reads and refusals too.",
}
MAX_SEQUENCE = 2**31 - 1
"""What PostgreSQL's integer, the column of a sequence, can be compared with."""


class Health(View):
    """Which service this is, and its `status`: `ok` from the health route, `ready` from the readiness route."""

    status: str
    service: str


def dependency(kind: type[T]) -> Callable[[Request], T]:
    """A dependency that answers what the composition root provided under its type."""

    def find(request: Request) -> T:
        found: T = request.app.state.dependencies[kind]
        return found

    return find


def create_service(
    *,
    name: str,
    summary: str,
    database: Database,
    routers: Sequence[Routes],
    tags: Mapping[str, str],
    dependencies: Sequence[object],
    verifier: Callable[[str], Any] | None = None,
    wall_clock: Clock | None = None,
    max_body_bytes: int = MAX_BODY_BYTES,
    on_close: Sequence[Callable[[], None]] = (),
    tokens: bool = True,
    limits: RequestLimits | None = None,
    metrics_token: str | None = None,
) -> FastAPI:
    """A service with its routes. `tags` describes the tags of its routes; `dependencies` are found again by
    `dependency(TheirType)`; `on_close` runs at shutdown. Without a `metrics_token` nobody reads the metrics."""
    wall_clock = wall_clock or WallClock()
    recorder = AuditRecorder(database, random_ids, wall_clock)
    app = FastAPI(
        title=f"Handbill {name}",
        summary=summary,
        version="1",
        docs_url=None,
        redoc_url=None,
        # One schema a model: with two, every generated client has a `...-Input` beside a `...-Output` class.
        separate_input_output_schemas=False,
        lifespan=_closing((recorder.close, *on_close, database.close)),
    )
    app.state.name = name
    app.state.database = database
    app.state.wall_clock = wall_clock
    app.state.dependencies = {type(thing): thing for thing in (*dependencies, recorder)}
    install(app)
    app.add_exception_handler(AnsweredBefore, lambda _request, answered: answered.response)
    for router in (*routers, *_common(tokens)):
        app.router.routes.extend(router.included)
    add_docs(app)
    complete_openapi(app, {**COMMON_TAGS, **tags})
    # The last one that is added is the outermost: the guards see every answer, a 304 too.
    if verifier is not None:
        _add_callers(app, recorder, verifier, limits or RequestLimits())
    app.add_middleware(NotModified)
    app.add_middleware(Guards, max_body_bytes=max_body_bytes)
    _add_metrics(app, _registry(database, recorder, verifier), metrics_token)
    return app


def _closing(closings: Sequence[Callable[[], None]]) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """A life of a service at whose end all these are called, in this order."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        for close in closings:
            close()

    return lifespan


def _add_metrics(app: FastAPI, registry: CollectorRegistry, token: str | None) -> None:
    """The route of the metrics, and what counts requests, outermost."""
    add_metrics(app, registry, token)
    app.add_middleware(Observed, metrics=RequestMetrics(registry))


def _registry(database: Database, recorder: AuditRecorder, verifier: Callable[[str], Any] | None) -> CollectorRegistry:
    """The metrics of a service, but for those of its requests."""
    registry = process_registry()
    registry.register(DatabaseReadings(database))
    registry.register(RecorderReadings(recorder))
    if isinstance(verifier, Verifier):
        registry.register(AgeReadings(verifier.ages))
    return registry


def _add_callers(app: FastAPI, recorder: AuditRecorder, verifier: Callable[[str], Any], limits: RequestLimits) -> None:
    """Who calls, whether that is too much, and the entry of it in the trail, from outside to inside."""
    app.add_middleware(AuditTrail, recorder=recorder, monotonic=time.monotonic)
    # Outside of the trail: what is refused for being too much leaves no entry, or entries would be the next flood.
    _add_limits(app, app.state.database, limits)
    app.add_middleware(Authentication, verifier=verifier)


def _add_limits(app: FastAPI, database: Database, limits: RequestLimits) -> None:
    """Counts that all processes share where the database is one that they share."""
    storage = RateWindows(database.engine) if database.engine.dialect.name == "postgresql" else None
    share = FairShare(limits.shares, time.monotonic)
    app.add_middleware(OrganizationLimits, rates=Rates(limits.rates, storage), share=share)


def verifier_of(keys: Any, issuer: str, name: str) -> Verifier:
    """The token check of a service: its name is the audience that tokens must have."""
    return Verifier(keys=keys, issuer=issuer, audience=name)


@cache
def _common(tokens: bool) -> tuple[Routes, ...]:
    """What every service has beside its own routes."""
    return (_health(tokens), *([_events(), audit_entries_router] if tokens else []))


def _health(tokens: bool) -> Routes:
    router = Routes(tags=["health"], tokens=tokens)

    @router.get("/health", response_model=Health)
    def health(request: Request) -> Health:
        """The process runs."""
        return Health(status="ok", service=request.app.state.name)

    @router.get("/ready", response_model=Health)
    def ready(request: Request) -> Health:
        """The process can serve: its database answers, and the keys that it was sealed with are here."""
        database: Database = request.app.state.database
        database.ping()
        try:
            database.confirm_keys()
        except CannotStart as unusable:
            # The sentence names files, and this route is open to all.
            raise Unavailable(
                "the master keys that the database was sealed with are not in the keyring", code="keys_unavailable"
            ) from unusable
        return Health(status="ready", service=request.app.state.name)

    return router


def _events() -> Routes:
    router = Routes(tags=["events"])

    @router.get("/v1/events", response_model=EventPage)
    def list_events(
        request: Request,
        caller: Annotated[Caller, Depends(authenticated_caller)],
        after: Annotated[int, Query(ge=0, le=MAX_SEQUENCE, description="the last sequence you have seen")] = 0,
        limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100,
    ) -> EventPage:
        """The organization's feed: ordered, gap-free, replayable; it holds ids and codes, never PHI."""
        with request.app.state.database.reading() as session:
            items = events_after(session, caller.organization_id, after, limit)
        return EventPage(items=items, next=items[-1].sequence if items else after)

    return router
