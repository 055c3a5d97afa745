"""A new claim is put in the store: its row, its number, its money, and its place among the claims of its visit."""

from datetime import datetime

from sqlmodel import Session

from services.claims.document import (
    BillerOptions,
    ClaimDocument,
    ClaimSource,
    ScrubbedClaim,
    new_document,
    visit_of,
)
from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.visit_lines import Shares
from services.claims.flows.authorization_tasks import find_renewals
from services.claims.flows.claim.build_claim import book_charge
from services.claims.flows.claim.claim_visits import keep_visits
from services.claims.flows.claim.payer_chain import earlier_claim, pass_share_on
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.scrub.claim_after import claim_after
from services.claims.flows.tasks import NOTE, close_tasks
from services.claims.store import claims as store
from services.claims.store import visits
from services.claims.store.tables import ClaimNumberRow, ClaimRow
from shared.errors import Conflict, Fault
from shared.ids import Ids


def add_claim(
    session: Session, ids: Ids, organization_id: str, document: ClaimDocument, now: datetime, *, alone: bool = False
) -> tuple[ClaimRow, ClaimRow | None]:
    """The row of a new claim with its number and its money, not yet in the feed (`transition_claim` with `new`), and
    the claim to the payer before that it follows, if any; it follows none where it is billed in another's place
    (`alone`)."""
    row = _new_row(organization_id, document, now)
    session.add(row)
    session.add(ClaimNumberRow(organization_id=organization_id, id=row.claim_number, claim_id=row.id))
    session.flush()
    close_tasks(session, organization_id, NOTE, row.note_id)
    keep_visits(session, ids, row, now)
    earlier = None if alone else earlier_claim(session, row)
    if earlier is not None:
        row.document = row.document.with_chain(previous_claim_id=earlier.id)
    book_charge(session, ids, row, now)
    find_renewals(session, ids, row, now)
    if earlier is not None:
        pass_share_on(session, ids, earlier, row, now)
    return row, earlier


def add_sent_claim(
    session: Session,
    deps: Dependencies,
    earlier: ClaimRow,
    source: ClaimSource,
    options: BillerOptions,
    now: datetime,
) -> ClaimRow:
    """The claim that the payer before has forwarded to this source's payer: it is submitted, in no file of ours."""
    claim = claim_after(
        earlier.document.claim, source, options, claim_id=deps.ids("clm"), claim_number=deps.ids.claim_number()
    )
    # No rule is asked: the claim is not ours to send.
    scrubbed = ScrubbedClaim(claim=claim, units=earlier.document.scrubbed.units, findings=(), scrubbed_at=now)
    row, _ = add_claim(session, deps.ids, earlier.organization_id, new_document(source, options, scrubbed), now)
    row.state, row.submitted_at = ClaimState.SUBMITTED, now
    row.document = row.document.with_chain(sent_by_earlier_payer=True)
    transition_claim(session, deps.ids, row, now, new=True)
    return row


def _new_row(organization_id: str, document: ClaimDocument, now: datetime) -> ClaimRow:
    claim, note = document.claim, document.source.note
    return ClaimRow(
        organization_id=organization_id,
        id=claim.claim_id,
        note_id=note.id,
        coverage_id=document.source.coverage_bundle.coverage.id,
        patient_id=note.patient_id,
        therapist_id=note.therapist_id,
        payer_id=claim.payer_id,
        claim_number=claim.claim_number,
        date_of_service=note.date_of_service,
        state=ClaimState(document.scrub_result()),
        document=document,
        past_visit=visit_of(document),
        next_kind="review",
        next_owner="handbill",
        next_due_on=note.date_of_service,
        next_reason="",
        next_rule="",
        created_at=now,
    )


def refuse_second(
    session: Session, organization_id: str, note_id: str, coverage_id: str, claim_id: str, here: Shares
) -> None:
    """Raises Conflict if the note and the coverage have a claim of the same lines that is not voided, or the id is
    taken."""
    there = visits.claim_of(session, organization_id, note_id, coverage_id, here)
    same_id = store.claim(session, organization_id, claim_id)
    found = there or same_id
    if found is None:
        return
    fault = Fault(
        "/note_id" if there else "/id",
        "claim_exists",
        f"It has the claim {found.id}.",
        "Read that claim; refresh it when note or coverage have changed.",
    )
    detail = "this note and coverage have a claim" if there else "there is a claim of this id"
    raise Conflict(detail, code="claim_exists", errors=[fault], current_version=found.version)
