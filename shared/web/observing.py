"""Counts and times every request for `/metrics`, and makes its span. Outermost, so that it sees every answer leave.

A request is known by its method and its route's template; nothing of its path, query or body is read, and of its
headers `traceparent` alone.
"""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.telemetry.metrics import RequestMetrics
from shared.telemetry.spans import Span, work_span

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OVER_LIMIT = "handbill.over_limit"
"""Where a request's scope has the code of the limit that refused it."""


class Observed:
    """Tells `metrics` of every request."""

    def __init__(self, app: ASGIApp, metrics: RequestMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with work_span("request", "server", _traceparent(scope)) as span:
            await self._observe(scope, receive, send, span)

    async def _observe(self, scope: Scope, receive: Receive, send: Send, span: Span) -> None:
        began, status = time.monotonic(), 0

        async def observed_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                span.set("handbill.request_id", _request_id(message))
            await send(message)

        self._metrics.begins()
        try:
            await self._app(scope, receive, observed_send)
        finally:
            seconds = time.monotonic() - began
            method, route = method_of(scope), route_of(scope)
            self._metrics.ends(method, route, status, seconds, scope.get(OVER_LIMIT))
            span.rename(f"{method} {route}")
            span.set("http.response.status_code", status)
            if status >= 500 or not status:
                span.fail()


def method_of(scope: Scope) -> str:
    """A method that HTTP has, or `other`: a client may send any word."""
    return str(scope["method"]) if scope["method"] in METHODS else "other"


def route_of(scope: Scope) -> str:
    """The template of the route that a request went to, or `unknown`."""
    return str(getattr(scope.get("route"), "path", "unknown"))


def _traceparent(scope: Scope) -> str | None:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"traceparent"), None)


def _request_id(answer: Message) -> str:
    """The one that `Guards` has sent with the answer."""
    return next((value.decode("latin-1") for name, value in answer["headers"] if name == b"x-request-id"), "")
