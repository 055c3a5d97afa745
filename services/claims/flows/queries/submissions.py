"""The chain of a claim's submissions as callers read it."""

from dataclasses import replace

from services.claims.flows.claim.build_claim import found_claim
from services.claims.flows.claim.submissions import Submission, submission_of
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.views import line_views
from services.claims.store import claims as store
from services.claims.store.tables import ClaimNumberRow, ClaimRow
from shared.contracts.submissions import ClaimSubmission, ClaimSubmissionList
from shared.security.caller import Caller


def list_submissions(deps: Dependencies, caller: Caller, claim_id: str) -> ClaimSubmissionList:
    """Every sending of a claim, and the one that is being prepared, the first first. Raises NotFound."""
    with deps.database.reading() as session:
        row = found_claim(store.claim(session, caller.organization_id, claim_id))
        numbers = store.numbers_of_claim(session, row.organization_id, row.id)
        found = [(number, submission_of(session, row, number.id)) for number in numbers]
        shown = [(number, one) for number, one in found if one.sent or number.id == row.claim_number]
        in_order = sorted(shown, key=lambda pair: pair[1].place)
        return ClaimSubmissionList(items=[_view(row, number, one) for number, one in in_order])


def _view(row: ClaimRow, number: ClaimNumberRow, one: Submission) -> ClaimSubmission:
    """Payments are known of the claim as a whole; those of one submission are picked by its place."""
    document, present = one.document, number.id == row.claim_number
    claim, (state, by) = document.claim, one.state.wire
    kept_at = one.kept.submitted_at if one.kept is not None else None
    payments = tuple(paid for paid in row.document.responses.payments if paid.submission == one.place)
    answers = replace(document.responses, payments=payments)
    return ClaimSubmission(
        claim_number=number.id,
        place=one.place,
        present=present,
        frequency=claim.frequency,
        refers_to=claim.payer_claim_number or None,
        reason=document.correction.reason if document.correction else None,
        why=document.correction.why if document.correction else None,
        file_id=number.file_id,
        submitted_at=row.submitted_at if present else kept_at,
        state=state,
        state_by=by,
        payer_claim_number=answers.payer_claim_number,
        remitted_on=answers.remitted_on,
        paid_cents=sum(paid.paid_cents for paid in payments),
        reversed=answers.reversed,
        lines=line_views(claim, claim.billed_lines, {}),
    )
