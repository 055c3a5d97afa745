"""Legal holds: place, release, read. They have a scope of their own, since their reasons may be confidential."""

from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import Response

from services.eligibility.api.common import Deps, RecordId
from services.eligibility.flows import legal_holds as flows
from shared.contracts.common import Id
from shared.contracts.legal_holds import LegalHold, LegalHoldPage, LegalHoldPut, LegalHoldRelease
from shared.errors import BadRequest, Conflict, NotFound, RuleBroken, responses
from shared.roles import Permission
from shared.security.caller import Caller
from shared.web.auth import requires_itself
from shared.web.etags import WriteCondition, set_etag
from shared.web.idempotency import UnitOfWorkDep
from shared.web.paging import After, Limit
from shared.web.persons import permitted
from shared.web.puts import put_responses, set_put_status
from shared.web.routes import Routes

router = Routes(prefix="/v1/legal-holds", tags=["legal holds"])
Keeper = Annotated[Caller, Depends(requires_itself("records:hold"))]


@router.put(
    "/{record_id}", response_model=LegalHold, responses=put_responses(LegalHold, NotFound, RuleBroken, Conflict)
)
@permitted(Permission.HOLD_RECORDS)
def put_legal_hold(
    *,
    record_id: RecordId,
    body: LegalHoldPut,
    response: Response,
    deps: Deps,
    caller: Keeper,
    precondition: WriteCondition,
) -> LegalHold:
    """Place a hold on all records of a patient, or of the organization. Once it is answered, nothing that it binds is
    destroyed in any service until it is released; 503 `disposal_under_way` says that it is placed and that a
    destruction which had begun before is not over: send it again."""
    result = flows.put_hold(deps, caller, record_id, body, precondition=precondition)
    set_put_status(response, result)
    return result.record


@router.post("/{record_id}/release", response_model=LegalHold, responses=responses(BadRequest, NotFound, Conflict))
@permitted(Permission.HOLD_RECORDS)
def release_legal_hold(
    record_id: RecordId, body: LegalHoldRelease, deps: Deps, caller: Keeper, unit_of_work: UnitOfWorkDep
) -> LegalHold:
    """End a hold; it is kept, with who ended it and why."""
    return flows.release_hold(deps, unit_of_work, caller, record_id, body)


@router.get("/{record_id}", response_model=LegalHold, responses=responses(NotFound))
def get_legal_hold(record_id: RecordId, response: Response, deps: Deps, caller: Keeper) -> LegalHold:
    """One hold."""
    hold = flows.get_hold(deps, caller, record_id)
    set_etag(response, hold.version)
    return hold


@router.get("", response_model=LegalHoldPage)
def list_legal_holds(
    deps: Deps,
    caller: Keeper,
    patient_id: Annotated[Id | None, Query(description="on this patient alone")] = None,
    after: After = None,
    limit: Limit = 50,
) -> LegalHoldPage:
    """Holds by id, released ones too."""
    return flows.list_holds(deps, caller, patient_id, after, limit)
