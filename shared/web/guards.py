"""Guards around every request: an id, a size limit, security headers, one log line, and problems for what breaks.

Pure ASGI, so that they see a request before FastAPI reads it and an answer as it leaves. A body is counted while it
arrives, whatever its Content-Length says.
"""

import json
import re
import secrets
import time
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import Problem
from shared.plural import counted

log = structlog.get_logger()
REQUEST_ID = re.compile(r"^[A-Za-z0-9_-]{8,64}$")
BODY_LIMIT = "handbill.body_limit"
"""Where a request's scope has its BodyLimit."""
SECURITY_HEADERS = {
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
}


@dataclass(slots=True)
class BodyLimit:
    """How much of a request's body is read; its route sets it once it is known who asks."""

    max_bytes: int


class _BodyTooLarge(HTTPException):
    """Of Starlette's own class, since FastAPI turns any other exception while a body is read into a 400."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, f"this route takes at most {counted(limit, 'byte')}; send less, or in several requests")


class Guards:
    """`max_body_bytes` is how much of a body is read of a request whose route does not say otherwise."""

    def __init__(self, app: ASGIApp, max_body_bytes: int) -> None:
        self._app = app
        self._max = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await self._guard(scope, receive, send, request_id)

    async def _guard(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        started, sent = time.monotonic(), {"status": 0}
        limit = scope[BODY_LIMIT] = BodyLimit(self._max)

        async def guarded_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent["status"] = message["status"]
                _add_headers(message, request_id)
            await send(message)

        try:
            await self._app(scope, _counted(receive, limit), guarded_send)
        except Exception:
            log.exception("request_failed")
            if sent["status"] == 0:
                await _answer(Problem("the request failed; nothing was written"), request_id, guarded_send)
            else:
                # The answer has begun, so no other can be sent; a connection that breaks tells the client that it is
                # not whole.
                raise
        finally:
            route = scope.get("route")
            log.info(
                "request",
                method=scope["method"],
                route=getattr(route, "path", "unknown"),
                status=sent["status"],
                milliseconds=round((time.monotonic() - started) * 1000, 1),
            )


def _counted(receive: Receive, limit: BodyLimit) -> Receive:
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit.max_bytes:
            raise _BodyTooLarge(limit.max_bytes)
        return message

    return counted


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        text = value.decode("latin-1")
        # A caller's own id is logged and sent back, so it is taken in this form alone.
        if name == b"x-request-id" and REQUEST_ID.match(text):
            return str(text)
    return secrets.token_hex(12)


def _add_headers(message: Message, request_id: str) -> None:
    present = {name.lower() for name, _ in message["headers"]}
    extra = [(b"x-request-id", request_id.encode())]
    extra += [(name, value) for name, value in SECURITY_HEADERS.items() if name not in present]
    message["headers"] = [*message["headers"], *extra]


async def _answer(problem: Problem, request_id: str, send: Send) -> None:
    body: dict[str, Any] = problem.body(f"urn:handbill:request:{request_id}")
    headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
