"""What the routes share: who may read and write, ids in paths, and how a put is answered."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query
from fastapi.responses import Response

from services.eligibility.flows.dependencies import Dependencies
from services.eligibility.flows.keeping import Put
from shared.contracts.common import Id
from shared.contracts.eligibility import Authorization, Coverage, Patient, Payer, Referral
from shared.errors import NotFound, PreconditionFailed, RuleBroken, responses
from shared.security.caller import Caller
from shared.web.auth import requires
from shared.web.etags import set_etag
from shared.web.service import dependency

Deps = Annotated[Dependencies, Depends(dependency(Dependencies))]
Reader = Annotated[Caller, Depends(requires("eligibility:read"))]
Writer = Annotated[Caller, Depends(requires("eligibility:write"))]
RecordId = Annotated[Id, Path(description="made by the caller; never anything about a person")]
OfCoverage = Annotated[Id | None, Query(description="of this coverage only")]
V = Patient | Payer | Coverage | Authorization | Referral


def put_responses(model: type[V]) -> dict[int | str, dict[str, Any]]:
    """What a put can answer beside 200."""
    created: dict[int | str, dict[str, Any]] = {201: {"model": model, "description": "A new record"}}
    return created | responses(NotFound, RuleBroken, PreconditionFailed)


def answer_put(response: Response, put: Put[Any]) -> None:
    """201 for what is new, and the version as an ETag."""
    response.status_code = 201 if put.created else 200
    set_etag(response, put.version)
