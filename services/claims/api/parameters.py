"""Parameters of the routes: the caller, the flows' dependencies, the ids in the path."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request

from services.claims.flows import Dependencies
from shared.contracts.common import NO_CONTROL_MAX_LENGTH, Id
from shared.security.caller import Caller
from shared.web.auth import requires
from shared.web.service import dependency


def _dependencies(request: Request) -> Dependencies:
    """What the composition root provided, with the code sets in force now."""
    found = dependency(Dependencies)(request)
    found.code_sets.look()
    return found


Deps = Annotated[Dependencies, Depends(_dependencies)]
Reader = Annotated[Caller, Depends(requires("claims:read"))]
Writer = Annotated[Caller, Depends(requires("claims:write"))]
ThingId = Annotated[Id, Path(description="an opaque id; never anything about a person")]
OfPayer = Annotated[
    str | None,
    Query(max_length=80, pattern=NO_CONTROL_MAX_LENGTH, description="only with this payer, by its `payer_identifier`"),
]
