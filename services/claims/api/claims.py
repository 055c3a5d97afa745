"""Routes of claims: dry run, create, submit, refresh, correct, void, read, worklist, submissions, ledger."""

from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import Response

from services.claims.api.claim_filter import claim_filter
from services.claims.api.parameters import Deps, Reader, ThingId, Writer
from services.claims.flows.claim import bill_secondary as billing_next
from services.claims.flows.claim import check_claim as checking
from services.claims.flows.claim import correct_claim as correcting
from services.claims.flows.claim import correct_next_payer as correcting_next
from services.claims.flows.claim import create_claim as creating
from services.claims.flows.claim import move_lines as moving
from services.claims.flows.claim import refresh_claim as refreshing
from services.claims.flows.claim import void_claim as voiding
from services.claims.flows.queries import claims as queries
from services.claims.flows.queries import submissions
from services.claims.flows.submission import submit_claim as submission
from services.claims.store.claim_filter import ClaimFilter
from shared.contracts.claims import (
    Claim,
    ClaimAction,
    ClaimCheck,
    ClaimCorrect,
    ClaimCreate,
    ClaimDraft,
    ClaimPage,
    ClaimRefresh,
    ClaimVoid,
    ClaimWithdraw,
)
from shared.contracts.common import IsoDate
from shared.contracts.ledger import LedgerPage
from shared.contracts.next_payers import LinesMove, NextPayerBill, NextPayerCorrection
from shared.contracts.submissions import ClaimSubmissionList
from shared.contracts.timeline import TimelinePage
from shared.errors import BadRequest, Conflict, NotFound, RuleBroken, responses
from shared.roles import Permission
from shared.web.bodies import limited
from shared.web.etags import set_etag
from shared.web.idempotency import UnitOfWorkDep
from shared.web.paging import After, Limit
from shared.web.persons import permitted
from shared.web.routes import Routes

router = Routes(prefix="/v1/claims", tags=["claims"])
POST = responses(BadRequest, NotFound, Conflict)


@router.post("/check", response_model=ClaimDraft, responses=responses(NotFound, Conflict))
@limited(max_body_bytes=16_000, max_values=1_000, cost=3)
def check_claim(body: ClaimCheck, deps: Deps, caller: Reader) -> ClaimDraft:
    """A dry run: lines, units with their arithmetic, charges, findings, expected payment. Nothing is stored, so no
    idempotency key is needed. It takes a note and a coverage, or a stored claim, which is checked from its snapshot."""
    return checking.check_claim(deps, caller, body)


@router.post("", response_model=Claim, status_code=201, responses=POST)
@limited(max_body_bytes=16_000, max_values=1_000, cost=3)
@permitted(Permission.PREPARE_CLAIMS)
def create_claim(body: ClaimCreate, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep) -> Claim:
    """Create a claim from a note and a coverage; depending on its findings it is `blocked`, `held` or `ready`."""
    return creating.create_claim(deps, unit_of_work, caller, body)


@router.get("", response_model=ClaimPage)
def list_claims(
    *,
    deps: Deps,
    caller: Reader,
    only: Annotated[ClaimFilter, Depends(claim_filter)],
    due_by: Annotated[IsoDate | None, Query(description="only with something to do by this day: the worklist")] = None,
    after: After = None,
    limit: Limit = 50,
) -> ClaimPage:
    """Claims in order of id; with `due_by` the worklist, the most urgent first. Every parameter that is given narrows
    the list."""
    if due_by is None:
        return queries.list_claims(deps, caller, only=only, after=after, limit=limit)
    return queries.list_work(deps, caller, due_by=due_by, only=only, after=after, limit=limit)


@router.get("/{claim_id}", response_model=Claim, responses=responses(NotFound))
def get_claim(claim_id: ThingId, response: Response, deps: Deps, caller: Reader) -> Claim:
    """One claim with its findings, money and next action."""
    claim = queries.get_claim(deps, caller, claim_id)
    set_etag(response, claim.version)
    return claim


@router.get("/{claim_id}/submissions", response_model=ClaimSubmissionList, responses=responses(NotFound))
def list_submissions(claim_id: ThingId, deps: Deps, caller: Reader) -> ClaimSubmissionList:
    """Every sending of the claim, the first first: its number and frequency, what it replaces or voids, the lines that
    it bills, and what became of it."""
    return submissions.list_submissions(deps, caller, claim_id)


@router.get("/{claim_id}/ledger", response_model=LedgerPage, responses=responses(NotFound))
def list_ledger(claim_id: ThingId, deps: Deps, caller: Reader, after: After = None, limit: Limit = 100) -> LedgerPage:
    """Every movement of the claim's money."""
    return queries.list_ledger(deps, caller, claim_id, after=after, limit=limit)


@router.get("/{claim_id}/timeline", response_model=TimelinePage, responses=responses(NotFound))
def get_timeline(
    claim_id: ThingId, deps: Deps, caller: Reader, after: After = None, limit: Limit = 100
) -> TimelinePage:
    """Everything that happened to the claim and to the files it went out in, oldest first, each with its source: who
    caused it, the file, the message, or the rule that became due."""
    return queries.get_timeline(deps, caller, claim_id, after=after, limit=limit)


@router.post(
    "/{claim_id}/submit",
    response_model=Claim,
    status_code=202,
    responses=responses(BadRequest, NotFound, RuleBroken, Conflict),
)
@permitted(Permission.SUBMIT_CLAIMS)
def submit_claim(
    claim_id: ThingId, body: ClaimAction, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Claim:
    """Queue a ready claim for the next file. 202 means that it is stored and will be sent, even after a restart."""
    return submission.submit_claim(deps, unit_of_work, caller, claim_id, body)


@router.post("/{claim_id}/refresh", response_model=Claim, responses=POST)
@limited(max_body_bytes=16_000, max_values=1_000, cost=3)
@permitted(Permission.PREPARE_CLAIMS)
def refresh_claim(
    claim_id: ThingId, body: ClaimRefresh, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Claim:
    """Read note and coverage again, and rebuild and check the claim; after a rejection it gets a new claim number."""
    return refreshing.refresh_claim(deps, unit_of_work, caller, claim_id, body)


@router.post("/{claim_id}/bill-secondary", response_model=Claim, status_code=201, responses=POST)
@limited(max_body_bytes=16_000, max_values=1_000, cost=3)
@permitted(Permission.PREPARE_CLAIMS)
def bill_secondary(
    claim_id: ThingId, body: NextPayerBill, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Claim:
    """Make the claim to the next payer of an adjudicated claim, with what the payers before paid and adjusted; the
    answer is the new claim."""
    return billing_next.bill_secondary(deps, unit_of_work, caller, claim_id, body)


@router.post("/{claim_id}/move-lines", response_model=Claim, status_code=201, responses=POST)
@limited(max_body_bytes=16_000, max_values=1_000, cost=3)
@permitted(Permission.PREPARE_CLAIMS)
def move_lines(claim_id: ThingId, body: LinesMove, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep) -> Claim:
    """Bill lines of a claim under another of the patient's coverages, with a reason: of a claim that is still to be
    sent, or lines that its payer has denied. The answer is their new claim."""
    return moving.move_lines(deps, unit_of_work, caller, claim_id, body)


@router.post("/{claim_id}/correct-next-payer", response_model=Claim, responses=POST)
@limited(max_body_bytes=16_000, max_values=1_000, cost=3)
@permitted(Permission.PREPARE_CLAIMS)
def correct_next_payer(
    claim_id: ThingId, body: NextPayerCorrection, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Claim:
    """Tell the next payer what this payer has changed since: the claim to it is made again with the new amounts, as its
    replacement where it has been sent, and the patient's share follows. The answer is that claim; submit it."""
    return correcting_next.correct_next_payer(deps, unit_of_work, caller, claim_id, body)


@router.post("/{claim_id}/correct", response_model=Claim, responses=POST)
@limited(max_body_bytes=16_000, max_values=1_000, cost=3)
@permitted(Permission.PREPARE_CLAIMS)
def correct_claim(
    claim_id: ThingId, body: ClaimCorrect, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Claim:
    """Correct a claim that its payer has accepted, decided or rejected. It goes back to the rules under a new claim
    number, to replace what the payer has (frequency 7) or as new (1): the answer says which and why. Then submit it."""
    return correcting.correct_claim(deps, unit_of_work, caller, claim_id, body)


@router.post("/{claim_id}/withdraw-correction", response_model=Claim, responses=POST)
@permitted(Permission.PREPARE_CLAIMS)
def withdraw_correction(
    claim_id: ThingId, body: ClaimWithdraw, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Claim:
    """Give up a correction that has not been sent, or that was rejected: the claim is again as the payer has it."""
    return correcting.withdraw_correction(deps, unit_of_work, caller, claim_id, body)


@router.post("/{claim_id}/void", response_model=Claim, responses=POST)
@permitted(Permission.VOID_CLAIMS)
def void_claim(claim_id: ThingId, body: ClaimVoid, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep) -> Claim:
    """Void a claim. One that no payer has is voided at once; for one that its payer has a void is sent (frequency 8),
    and the claim is voided when the payer's reversal has taken its money back."""
    return voiding.void_claim(deps, unit_of_work, caller, claim_id, body)
