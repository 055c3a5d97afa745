"""Routes of appeals: open a level, edit its letter, send it, record its outcome, press the payer, withdraw it."""

from typing import Annotated, Any

from fastapi import Path
from fastapi.responses import Response

from services.claims.api.parameters import Deps, Reader, ThingId, Writer
from services.claims.flows.appeals import edit_appeal as editing
from services.claims.flows.appeals import escalate_appeal as escalating
from services.claims.flows.appeals import open_appeal as opening
from services.claims.flows.appeals import read_appeals, record_outcome
from services.claims.flows.appeals import send_appeal as sending
from services.claims.flows.appeals import withdraw_appeal as withdrawing
from shared.contracts.appeals import (
    Appeal,
    AppealEdit,
    AppealEscalate,
    AppealList,
    AppealOpen,
    AppealOutcome,
    AppealSend,
    AppealWithdraw,
)
from shared.errors import BadRequest, Conflict, NotFound, PreconditionFailed, responses
from shared.roles import Permission
from shared.web.etags import WriteCondition, set_etag
from shared.web.idempotency import UnitOfWorkDep
from shared.web.paging import After, Limit
from shared.web.persons import permitted
from shared.web.routes import Routes

router = Routes(prefix="/v1/claims/{claim_id}/appeals", tags=["appeals"])
POST = responses(BadRequest, NotFound, Conflict)
FileName = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,40}\.(txt|x12)$", description="of the packet's list of files")]
FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {}, "application/edi-x12": {}}, "description": "The file's bytes"}
}


@router.post("", response_model=Appeal, status_code=201, responses=POST)
@permitted(Permission.WORK_ON_CLAIMS)
def open_appeal(claim_id: ThingId, body: AppealOpen, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep) -> Appeal:
    """Open the next level of appeal against what the payer has decided: a draft, with a letter by cause and a packet of
    what is on file. What is missing is in the packet's findings."""
    return opening.open_appeal(deps, unit_of_work, caller, claim_id, body)


@router.get("", response_model=AppealList, responses=responses(NotFound))
def list_appeals(claim_id: ThingId, deps: Deps, caller: Reader, after: After = None, limit: Limit = 50) -> AppealList:
    """The appeals of a claim, the first first, with what each has won by the ledger."""
    return read_appeals.list_appeals(deps, caller, claim_id, after=after, limit=limit)


@router.get("/{appeal_id}", response_model=Appeal, responses=responses(NotFound))
def get_appeal(claim_id: ThingId, appeal_id: ThingId, response: Response, deps: Deps, caller: Reader) -> Appeal:
    """One appeal with its letter and packet: of a draft as it would be sent now, else as it was sent."""
    found = read_appeals.get_appeal(deps, caller, claim_id, appeal_id)
    set_etag(response, found.version)
    return found


@router.get("/{appeal_id}/files/{name}", response_class=Response, responses={**FILE, **responses(NotFound)})
def get_appeal_file(claim_id: ThingId, appeal_id: ThingId, name: FileName, deps: Deps, caller: Reader) -> Response:
    """The bytes of one file of the packet."""
    found = read_appeals.get_appeal_file(deps, caller, claim_id, appeal_id, name)
    return Response(found.content.encode(), media_type=found.media_type)


@router.patch("/{appeal_id}", response_model=Appeal, responses=responses(NotFound, Conflict, PreconditionFailed))
@permitted(Permission.WORK_ON_CLAIMS)
def edit_appeal(
    *,
    claim_id: ThingId,
    appeal_id: ThingId,
    body: AppealEdit,
    response: Response,
    deps: Deps,
    caller: Writer,
    precondition: WriteCondition,
) -> Appeal:
    """Write the letter of a draft anew, and name the notes on the claim that go with it."""
    edited = editing.edit_appeal(deps, deps.database, caller, claim_id, appeal_id, body, precondition)
    set_etag(response, edited.version)
    return edited


@router.post("/{appeal_id}/send", response_model=Appeal, responses=POST)
@permitted(Permission.WORK_ON_CLAIMS)
def send_appeal(
    claim_id: ThingId, appeal_id: ThingId, body: AppealSend, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Appeal:
    """Record that the appeal was sent, by portal, fax or mail. Its packet is kept as it is now."""
    return sending.send_appeal(deps, unit_of_work, caller, claim_id, appeal_id, body)


@router.post("/{appeal_id}/outcome", response_model=Appeal, responses=POST)
@permitted(Permission.WORK_ON_CLAIMS)
def record_appeal_outcome(
    claim_id: ThingId, appeal_id: ThingId, body: AppealOutcome, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Appeal:
    """Record the payer's answer. What was won is not typed: it is what the ledger says was paid since."""
    return record_outcome.record_outcome(deps, unit_of_work, caller, claim_id, appeal_id, body)


@router.post("/{appeal_id}/escalate", response_model=Appeal, responses=POST)
@permitted(Permission.WORK_ON_CLAIMS)
def escalate_appeal(
    claim_id: ThingId, appeal_id: ThingId, body: AppealEscalate, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Appeal:
    """Record that a payer which has not answered in its days was pressed, or reported to who regulates it."""
    return escalating.escalate_appeal(deps, unit_of_work, caller, claim_id, appeal_id, body)


@router.post("/{appeal_id}/withdraw", response_model=Appeal, responses=POST)
@permitted(Permission.WORK_ON_CLAIMS)
def withdraw_appeal(
    claim_id: ThingId, appeal_id: ThingId, body: AppealWithdraw, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Appeal:
    """Give an appeal up."""
    return withdrawing.withdraw_appeal(deps, unit_of_work, caller, claim_id, appeal_id, body)
