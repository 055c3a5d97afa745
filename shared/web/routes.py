"""The routes of a service, with what all of them share said where they are made.

FastAPI analyses a route when it is declared, and once more for every app that includes its router, at the app's first
request. These routes need nothing from the app, so they are analysed once a process, and a second app answers at once.
"""

import inspect
from collections.abc import Callable
from enum import Enum
from functools import cached_property, wraps
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

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
from shared.roles import Permission, roles_with
from shared.web.answers import ContractResponse
from shared.web.bodies import OVERRIDES, BoundedRoute
from shared.web.persons import permission_of, with_the_actor
from shared.web.query import refuse_unknown_query

ROLES = "x-handbill-roles"
"""Where an operation of an OpenAPI document names the roles that may call it."""


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

    @cached_property
    def included(self) -> list[BaseRoute]:
        """What an app has once it includes this router, the same for every app. To be asked for when all routes are
        declared."""
        parent = APIRouter(dependency_overrides_provider=_OverridesOfTheApp())
        parent.include_router(self)
        return parent.routes

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Like FastAPI's; of every body it is known who acts, and checked whether she may."""
        permission = permission_of(endpoint)
        if permission is not None:
            said = {ROLES: [role.value for role in roles_with(permission)]}
            options["openapi_extra"] = {**(options.get("openapi_extra") or {}), **said}
        super().add_api_route(path, _by_whom(endpoint, permission), **options)


class _OverridesOfTheApp:
    """What FastAPI asks for `dependency_overrides` in the place of an app."""

    @property
    def dependency_overrides(self) -> dict[Callable[..., Any], Callable[..., Any]]:
        return OVERRIDES.get()


def _by_whom(endpoint: Callable[..., Any], permission: Permission | None) -> Callable[..., Any]:
    """The endpoint of a route, called only for who may, so that a refusal's entry in the trail says who it was too."""

    @wraps(endpoint)
    def checked(**values: Any) -> Any:
        return endpoint(**with_the_actor(values, permission))

    @wraps(endpoint)
    async def checked_before_waiting(**values: Any) -> Any:
        return await endpoint(**with_the_actor(values, permission))

    return checked_before_waiting if inspect.iscoroutinefunction(endpoint) else checked


def _operation_id(route: APIRoute) -> str:
    return route.name
