"""Eligibility checks: ask a payer, and read what was asked before."""

from typing import Annotated

from fastapi import Depends, Request

from services.eligibility.api.common import Deps, OfCoverage, Reader, RecordId, Writer
from services.eligibility.flows import checking
from shared.contracts.eligibility_checks import CheckCreate, EligibilityCheck, EligibilityCheckPage
from shared.errors import BadRequest, Conflict, NotFound, RuleBroken, Unavailable, responses
from shared.roles import Permission
from shared.web.bodies import limited
from shared.web.idempotency import UnitOfWorkDep
from shared.web.outside_calls import OutsideCalls
from shared.web.paging import After, Limit
from shared.web.persons import permitted
from shared.web.routes import Routes
from shared.web.service import dependency

PayerCalls = Annotated[OutsideCalls, Depends(dependency(OutsideCalls))]
router = Routes(prefix="/v1/eligibility-checks", tags=["eligibility checks"])


@router.post(
    "",
    response_model=EligibilityCheck,
    status_code=201,
    responses=responses(BadRequest, NotFound, Conflict, RuleBroken, Unavailable),
)
@limited(max_body_bytes=16_000, cost=5)
@permitted(Permission.CHECK_ELIGIBILITY)
async def create_eligibility_check(
    request: Request, body: CheckCreate, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep, calls: PayerCalls
) -> EligibilityCheck:
    """Ask the payer by 270 and keep what its 271 says of massage. `status` is `answered`, `rejected` (the payer would
    not answer; `rejections` say why) or `not_available` (the payer takes no such questions)."""
    return await calls.run(request, caller, checking.check_eligibility, deps, unit_of_work, caller, body)


@router.get("/{record_id}", response_model=EligibilityCheck, responses=responses(NotFound))
def get_eligibility_check(record_id: RecordId, deps: Deps, caller: Reader) -> EligibilityCheck:
    """One check as it was answered."""
    return checking.get_check(deps, caller, record_id)


@router.get("", response_model=EligibilityCheckPage)
def list_eligibility_checks(
    deps: Deps, caller: Reader, coverage_id: OfCoverage = None, after: After = None, limit: Limit = 50
) -> EligibilityCheckPage:
    """Checks, the oldest first, of one coverage or of all."""
    return checking.list_checks(deps, caller, coverage_id, after, limit)
