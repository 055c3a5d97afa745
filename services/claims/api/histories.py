"""Routes of a practice's past: its old files are taken one by one, and a report says what became of the claims."""

from typing import Annotated

from fastapi import Query, Response

from services.claims.api.parameters import Deps, Reader, ThingId, Writer
from services.claims.domain.histories.finding_kinds import FindingKind
from services.claims.flows.histories import keep_history as keeping
from services.claims.flows.histories import read_history as reading
from shared.contracts.histories import (
    MAX_PART_CHARACTERS,
    History,
    HistoryAction,
    HistoryClaimPage,
    HistoryCreate,
    HistoryFileReceipt,
    HistoryFileUpload,
    HistoryFindingPage,
    HistoryPage,
)
from shared.errors import BadRequest, Conflict, NotFound, RuleBroken, responses
from shared.roles import Permission
from shared.web.bodies import limited
from shared.web.idempotency import UnitOfWorkDep
from shared.web.paging import After, Limit
from shared.web.persons import permitted
from shared.web.routes import Routes

router = Routes(prefix="/v1", tags=["histories"])
POST = responses(BadRequest, NotFound, RuleBroken, Conflict)


@router.post("/histories", response_model=History, status_code=201, responses=POST)
@limited(max_body_bytes=600_000, max_values=25_000, cost=5)
@permitted(Permission.SET_UP_BILLING)
def create_history(body: HistoryCreate, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep) -> History:
    """Begin a history of the practice's past, with what is known of its payers and of its own books."""
    return keeping.create_history(deps, unit_of_work, caller, body)


@router.get("/histories", response_model=HistoryPage)
def list_histories(deps: Deps, caller: Reader, after: After = None, limit: Limit = 50) -> HistoryPage:
    """Histories in the order of their making, without their reports."""
    return reading.list_histories(deps, caller, after=after, limit=limit)


@router.get("/histories/{history_id}", response_model=History, responses=responses(NotFound))
def get_history(history_id: ThingId, deps: Deps, caller: Reader) -> History:
    """A history, and once it is `reported` the totals of each kind of finding, the files that have problems, under
    which profile each payer was looked at, and how far each rule could judge."""
    return reading.get_history(deps, caller, history_id)


@router.post("/histories/{history_id}/files", response_model=HistoryFileReceipt, status_code=201, responses=POST)
@limited(max_body_bytes=MAX_PART_CHARACTERS + 10_000, max_values=1_000, cost=5)
@permitted(Permission.SET_UP_BILLING)
def add_history_file(
    history_id: ThingId, body: HistoryFileUpload, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> HistoryFileReceipt:
    """Add an old 837P, 835, 277CA, 277, 999 or TA1, or the next part of one: parts have the same name. It is stored
    before the answer and read with the report; what is wrong with it is said there."""
    return keeping.add_history_file(deps, unit_of_work, caller, history_id, body)


@router.post("/histories/{history_id}/report", response_model=History, status_code=202, responses=POST)
@permitted(Permission.SET_UP_BILLING)
def ask_history_report(
    history_id: ThingId, body: HistoryAction, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> History:
    """Ask for the report, which the worker makes; the files are removed with it. `history.reported` of the feed says
    when it is there."""
    return keeping.ask_history_report(deps, unit_of_work, caller, history_id, body)


@router.get("/histories/{history_id}/findings", response_model=HistoryFindingPage, responses=POST)
def list_history_findings(
    history_id: ThingId,
    deps: Deps,
    caller: Reader,
    kind: Annotated[FindingKind | None, Query(description="only of this kind")] = None,
    after: After = None,
    limit: Limit = 50,
) -> HistoryFindingPage:
    """What was found, kind by kind, the largest amount first."""
    return reading.list_history_findings(deps, caller, history_id, kind=kind, after=after, limit=limit)


@router.get("/histories/{history_id}/claims", response_model=HistoryClaimPage, responses=POST)
def list_history_claims(
    history_id: ThingId, deps: Deps, caller: Reader, after: After = None, limit: Limit = 50
) -> HistoryClaimPage:
    """Every claim of the files with its money and what is to be done about it: no claim is made of it, and its balances
    are what an opening balance can be entered with."""
    return reading.list_history_claims(deps, caller, history_id, after=after, limit=limit)


@router.delete("/histories/{history_id}", status_code=204, responses=responses(NotFound, Conflict))
@permitted(Permission.SET_UP_BILLING)
def discard_history(history_id: ThingId, deps: Deps, caller: Writer) -> Response:
    """Remove a history with its files and its report."""
    keeping.discard_history(deps, caller, history_id)
    return Response(status_code=204)
