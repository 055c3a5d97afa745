"""The routes of a service, with what all of them share said where they are made.

FastAPI analyses a route when it is declared, and once more for every app that includes its router. Routes that need
nothing from the app are analysed once a process, and a service is ready sooner.
"""

from enum import Enum

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute

from shared.errors import Forbidden, Malformed, Problem, TooLarge, Unauthorized, Unavailable, responses
from shared.web.answers import ContractResponse
from shared.web.query import refuse_unknown_query


class Routes(APIRouter):
    """A router for `create_service`. With `tokens` its routes declare what a refused token answers."""

    def __init__(self, *, prefix: str = "", tags: list[str | Enum] | None = None, tokens: bool = True) -> None:
        refused = (Unauthorized, Forbidden) if tokens else ()
        super().__init__(
            prefix=prefix,
            tags=tags,
            default_response_class=ContractResponse,
            generate_unique_id_function=_operation_id,
            dependencies=[Depends(refuse_unknown_query)],
            responses=responses(Malformed, TooLarge, Problem, Unavailable, *refused),
        )


def _operation_id(route: APIRoute) -> str:
    return route.name
