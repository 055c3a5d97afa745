"""Parameters of the routes: the caller, the flows' dependencies, the ids in the path."""

from typing import Annotated

from fastapi import Depends, Path

from services.claims.flows import Dependencies
from shared.contracts.common import Id
from shared.security.caller import Caller
from shared.web.auth import requires
from shared.web.service import dependency

Deps = Annotated[Dependencies, Depends(dependency(Dependencies))]
Reader = Annotated[Caller, Depends(requires("claims:read"))]
Writer = Annotated[Caller, Depends(requires("claims:write"))]
ThingId = Annotated[Id, Path(description="an opaque id; never anything about a person")]
