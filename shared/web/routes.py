"""The routes of a service, with what all of them share said where they are made.

FastAPI analyses a route when it is declared, and once more for every app that includes its router. Routes that need
nothing from the app are analysed once a process, and a service is ready sooner.
"""

import inspect
from collections.abc import Callable
from enum import Enum
from functools import wraps
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute

from shared.audit import acted_by
from shared.contracts.common import Command
from shared.errors import (
    Forbidden,
    Malformed,
    Problem,
    TooLarge,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    responses,
)
from shared.web.answers import ContractResponse
from shared.web.bodies import BoundedRoute
from shared.web.query import refuse_unknown_query


class Routes(APIRouter):
    """A router for `create_service`. With `tokens` its routes declare what a refused token answers."""

    def __init__(self, *, prefix: str = "", tags: list[str | Enum] | None = None, tokens: bool = True) -> None:
        refused = (Unauthorized, Forbidden, TooManyRequests) if tokens else ()
        super().__init__(
            prefix=prefix,
            tags=tags,
            default_response_class=ContractResponse,
            route_class=BoundedRoute,
            generate_unique_id_function=_operation_id,
            dependencies=[Depends(refuse_unknown_query)],
            responses=responses(Malformed, TooLarge, Problem, Unavailable, *refused),
        )

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Like FastAPI's; the audit trail learns from every body who acts."""
        super().add_api_route(path, _telling_who_acts(endpoint), **options)


def _telling_who_acts(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint of a route, telling first on whose behalf it is called, so that a refusal's entry says so too."""

    @wraps(endpoint)
    def told(**values: Any) -> Any:
        _tell(values)
        return endpoint(**values)

    @wraps(endpoint)
    async def told_before_waiting(**values: Any) -> Any:
        _tell(values)
        return await endpoint(**values)

    return told_before_waiting if inspect.iscoroutinefunction(endpoint) else told


def _tell(values: dict[str, Any]) -> None:
    for value in values.values():
        if isinstance(value, Command):
            acted_by(getattr(value, "actor", None), getattr(value, "reason", None))


def _operation_id(route: APIRoute) -> str:
    return route.name
