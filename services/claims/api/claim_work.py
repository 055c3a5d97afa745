"""Routes of the work on claims: a next action done, put off or assigned, and notes on a claim."""

from services.claims.api.parameters import Deps, Reader, ThingId, Writer
from services.claims.flows.claim import check_file as file_asking
from services.claims.flows.claim import check_status as asking
from services.claims.flows.claim import claim_notes as noting
from services.claims.flows.claim import work_on_claim as flows
from shared.contracts.claim_work import (
    ClaimNoteCreate,
    ClaimNoteEntry,
    ClaimNotePage,
    NextActionAssign,
    NextActionDone,
    NextActionSnooze,
)
from shared.contracts.claims import Claim, ClaimAction
from shared.errors import BadRequest, Conflict, NotFound, Unavailable, responses
from shared.roles import Permission
from shared.web.idempotency import UnitOfWorkDep
from shared.web.paging import After, Limit
from shared.web.persons import permitted
from shared.web.routes import Routes

router = Routes(prefix="/v1/claims", tags=["claims"])
POST = responses(BadRequest, NotFound, Conflict)


@router.post("/{claim_id}/next-action/done", response_model=Claim, responses=POST)
@permitted(Permission.WORK_ON_CLAIMS)
def complete_next_action(
    claim_id: ThingId, body: NextActionDone, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Claim:
    """Report that the present next action was done outside (mailed, telephoned, sent by a portal); the claim then waits
    for the answer, and what comes without one is the next action after that."""
    return flows.work_on_claim(deps, unit_of_work, caller, claim_id, flows.complete, body)


@router.post("/{claim_id}/next-action/snooze", response_model=Claim, responses=POST)
@permitted(Permission.WORK_ON_CLAIMS)
def snooze_next_action(
    claim_id: ThingId, body: NextActionSnooze, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Claim:
    """Put the present next action off with a reason, within the filing limit or the dispute window."""
    return flows.work_on_claim(deps, unit_of_work, caller, claim_id, flows.snooze, body)


@router.post("/{claim_id}/next-action/assign", response_model=Claim, responses=POST)
@permitted(Permission.WORK_ON_CLAIMS)
def assign_next_action(
    claim_id: ThingId, body: NextActionAssign, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Claim:
    """Give the claim to a person, or with null to nobody."""
    return flows.work_on_claim(deps, unit_of_work, caller, claim_id, flows.assign, body)


@router.post(
    "/{claim_id}/check-status",
    response_model=Claim,
    responses=responses(BadRequest, NotFound, Conflict, Unavailable),
)
@permitted(Permission.WORK_ON_CLAIMS)
def check_claim_status(
    claim_id: ThingId, body: ClaimAction, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Claim:
    """Ask the payer now where it has the claim (276). Its answer (277) is kept as a message and applied: the category
    becomes state and next action. Without an answer it is a 503, and the claim is unchanged."""
    return asking.check_claim_status(deps, unit_of_work, caller, claim_id, body)


@router.post(
    "/{claim_id}/check-file",
    response_model=Claim,
    responses=responses(BadRequest, NotFound, Conflict, Unavailable),
)
@permitted(Permission.WORK_ON_CLAIMS)
def check_file_status(
    claim_id: ThingId, body: ClaimAction, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Claim:
    """Ask the clearinghouse whether it has the claim's file, which nothing has acknowledged. One that it does not have
    was lost, and the same bytes go again. Without an answer it is a 503, and the claim is unchanged."""
    return file_asking.check_file_status(deps, unit_of_work, caller, claim_id, body)


@router.post("/{claim_id}/notes", response_model=ClaimNoteEntry, status_code=201, responses=POST)
@permitted(Permission.WORK_ON_CLAIMS)
def add_claim_note(
    claim_id: ThingId, body: ClaimNoteCreate, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> ClaimNoteEntry:
    """Note something about the work on a claim, with what belongs to it and is kept elsewhere. A
    payer sees it only where an appeal names it."""
    return noting.add_claim_note(deps, unit_of_work, caller, claim_id, body)


@router.get("/{claim_id}/notes", response_model=ClaimNotePage, responses=responses(NotFound))
def list_claim_notes(
    claim_id: ThingId, deps: Deps, caller: Reader, after: After = None, limit: Limit = 50
) -> ClaimNotePage:
    """The notes on a claim, oldest first."""
    return noting.list_claim_notes(deps, caller, claim_id, after=after, limit=limit)
