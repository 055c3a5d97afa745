"""`GET /metrics` for Prometheus: there for whoever has the token of `HANDBILL_METRICS_TOKEN_FILE`, and for nobody
without one. The peer's address decides nothing: behind a proxy every request comes from this machine.
"""

from hmac import compare_digest
from typing import Any

from fastapi import FastAPI, Request
from prometheus_client import CollectorRegistry
from starlette.responses import Response

from shared.errors import NotFound, Unauthorized
from shared.telemetry.metrics import TEXT, exposed
from shared.telemetry.metrics_token import MAX_TOKEN
from shared.web.answers import install
from shared.web.guards import Guards
from shared.web.routes import Routes

router = Routes(tokens=False)


def add_metrics(app: Any, registry: CollectorRegistry, token: str | None) -> None:
    """Serve the registry to whoever shows the token."""
    app.state.metrics = registry
    app.state.metrics_token = token
    app.include_router(router)


def metrics_app(registry: CollectorRegistry, token: str) -> FastAPI:
    """An app of nothing else, for a process that is no service."""
    app = FastAPI(title="Handbill metrics", openapi_url=None, docs_url=None, redoc_url=None)
    install(app)
    add_metrics(app, registry, token)
    app.add_middleware(Guards, max_body_bytes=MAX_TOKEN)
    return app


# Not in the OpenAPI document: it is for whoever runs the service, and no caller of the API has its token.
@router.get("/metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """The metrics of this process, in the text format of Prometheus."""
    token: str | None = request.app.state.metrics_token
    if token is None:
        raise NotFound("no route of this service has that path; see /docs", code="no_such_route")
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not compare_digest(shown.strip().encode(), token.encode()):
        raise Unauthorized("the metrics are for whoever has their own token", code="metrics_token_wrong")
    return Response(exposed(request.app.state.metrics), media_type=TEXT)
