"""What a JSON body may be before it is read as JSON: how many bytes and how many values.

Reading JSON and checking it against a model holds the interpreter, in a thread as well as on the event loop, so no
other request of the process goes on meanwhile. What helps is that no body takes long: a route takes as many bytes and
values as its largest honest request has, and whoever has no valid token is refused before anything is read.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute

from shared.errors import Fault, Malformed, TooLarge
from shared.plural import counted
from shared.web.answers import MAX_FAULTS
from shared.web.auth import authenticated_caller
from shared.web.guards import BODY_LIMIT
from shared.web.limits import SMALL_BODY_BYTES, charge, turn_left

F = TypeVar("F", bound=Callable[..., Any])
LIMITS = "handbill_limits"
TOO_MANY_VALUES = "too_many_values"
PAUSE_SECONDS = 0.25
"""How long a refusal that costs much keeps its organization's turn, so that few of them come in a second."""
STRUCTURE = (b":", b",", b"[", b"{")
"""Each value of a JSON text but the first follows one of these."""
OVERRIDES: ContextVar[dict[Callable[..., Any], Callable[..., Any]]] = ContextVar("overrides")
"""The `dependency_overrides` of the app that has the request, for routes that several apps share."""


@dataclass(frozen=True, slots=True)
class RouteLimits:
    """What one request may have, and how many it counts for in its organization's rate."""

    max_body_bytes: int = 64_000
    max_values: int = 2_000
    cost: int = 1


def limited(max_body_bytes: int = 64_000, max_values: int = 2_000, cost: int = 1) -> Callable[[F], F]:
    """Gives an endpoint other limits than most have. Put it below the route's own decorator."""

    def mark(endpoint: F) -> F:
        setattr(endpoint, LIMITS, RouteLimits(max_body_bytes, max_values, cost))
        return endpoint

    return mark


class BoundedRoute(APIRoute):
    """A route that looks at a request's size before FastAPI reads it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        own: RouteLimits | None = getattr(self.endpoint, LIMITS, None)
        limits = own or RouteLimits()
        takes_json = self.body_field is not None
        wants_caller = _wants_caller(self.dependant)

        async def bounded(request: Request) -> Response:
            OVERRIDES.set(request.app.dependency_overrides)
            if limits.cost > 1:
                await charge(request.scope, limits.cost - 1)
            if takes_json:
                # FastAPI would read the body as JSON before it asks who the caller is.
                if wants_caller and authenticated_caller not in request.app.dependency_overrides:
                    await authenticated_caller(request, None)
                if own is not None:
                    request.scope[BODY_LIMIT].max_bytes = own.max_body_bytes
                await _check_body(request, limits)
            return await handle(request)

        async def paused(request: Request) -> Response:
            try:
                return await bounded(request)
            except (TooLarge, RequestValidationError, Malformed) as refusal:
                if _is_dear(refusal):
                    await asyncio.sleep(PAUSE_SECONDS)
                raise

        return paused


def _is_dear(refusal: Exception) -> bool:
    """Whether no honest request is refused like this: for its size, or for more faults than are told."""
    if isinstance(refusal, RequestValidationError):
        return len(refusal.errors()) > MAX_FAULTS
    return isinstance(refusal, TooLarge) or any(one.code == TOO_MANY_VALUES for one in getattr(refusal, "errors", ()))


async def _check_body(request: Request, limits: RouteLimits) -> None:
    """Raises TooLarge, and Malformed for more values than the route takes."""
    declared = request.headers.get("content-length", "")
    length = int(declared) if declared.isdecimal() else 0
    if length > limits.max_body_bytes:
        raise _too_large(limits)
    # A large one has not been read yet, and a phone with a bad connection may take its time.
    async with turn_left(request.scope) if length > SMALL_BODY_BYTES else nullcontext():
        body = await request.body()
    if len(body) > limits.max_body_bytes:
        raise _too_large(limits)
    # Signs within text are counted too: the number is one that prose stays far below.
    if sum(map(body.count, STRUCTURE)) > limits.max_values:
        fault = Fault(
            "/body",
            TOO_MANY_VALUES,
            f"The body has more than {counted(limits.max_values, 'value')}.",
            "Send fewer, in several requests.",
        )
        raise Malformed("the body has more values than this route takes", errors=[fault])


def _too_large(limits: RouteLimits) -> TooLarge:
    most = counted(limits.max_body_bytes, "byte")
    return TooLarge(f"this route takes at most {most}; send less, or in several requests")


def _wants_caller(dependant: Dependant) -> bool:
    return dependant.call is authenticated_caller or any(map(_wants_caller, dependant.dependencies))
