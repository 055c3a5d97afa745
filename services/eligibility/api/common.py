"""What the routes share: who may read and write, and ids in paths and queries."""

from typing import Annotated

from fastapi import Depends, Path, Query

from services.eligibility.flows.dependencies import Dependencies
from shared.contracts.common import Id
from shared.security.caller import Caller
from shared.web.auth import requires
from shared.web.service import dependency

Deps = Annotated[Dependencies, Depends(dependency(Dependencies))]
Reader = Annotated[Caller, Depends(requires("eligibility:read"))]
Writer = Annotated[Caller, Depends(requires("eligibility:write"))]
RecordId = Annotated[Id, Path(description="made by the caller; never anything about a person")]
OfCoverage = Annotated[Id | None, Query(description="of this coverage only")]
