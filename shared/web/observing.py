"""Counts and times every request for `/metrics`. Outermost, so that it sees every answer as it leaves.

A request is known by its method and its route's template; nothing of its path, query, headers or body is read.
"""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.telemetry.metrics import RequestMetrics

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
        began, status = time.monotonic(), 0

        async def observed_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._metrics.begins()
        try:
            await self._app(scope, receive, observed_send)
        finally:
            seconds = time.monotonic() - began
            self._metrics.ends(scope["method"], route_of(scope), status, seconds, scope.get(OVER_LIMIT))


def route_of(scope: Scope) -> str:
    """The template of the route that a request went to, or `unknown`."""
    return str(getattr(scope.get("route"), "path", "unknown"))
