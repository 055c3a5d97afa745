"""Create a claim from a signed note and a coverage; depending on its findings it is blocked, held or ready.

The note and the coverage are fetched before the transaction begins, and are stored complete as the claim's source.
"""

from datetime import datetime

from sqlmodel import Session

from services.claims.document import ClaimDocument, new_document, visit_of
from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.audit import audit
from services.claims.flows.claim.build_claim import biller_options, book_charge, scrub_source
from services.claims.flows.claim.payer_chain import earlier_claim, pass_share_on
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.views import claim_view
from services.claims.flows.record_timeline import record_next_payer, record_scrubbed
from services.claims.flows.scrub.read_source import fetch, read_source
from services.claims.flows.tasks import NOTE, close_tasks
from services.claims.store import claims as store
from services.claims.store.tables import ClaimNumberRow, ClaimRow
from shared.contracts.claims import Claim, ClaimCreate
from shared.database import UnitOfWork
from shared.errors import Conflict, Fault
from shared.ids import Ids
from shared.security.caller import Caller


def create_claim(deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, command: ClaimCreate) -> Claim:
    """Create a claim. Raises NotFound (note, coverage, therapist, practice), Conflict (it exists), Unavailable."""
    note, file = fetch(deps, caller.organization_id, command.note_id, command.coverage_id)
    # Before the transaction, which may run twice; the calls to notes and eligibility above must not be inside it at
    # all.
    claim_id, claim_number = command.id or deps.ids("clm"), deps.ids.claim_number()
    now, options = deps.clock.now(), biller_options(command)

    def write(session: Session) -> Claim:
        refuse_second(session, caller.organization_id, command.note_id, command.coverage_id, claim_id)
        source = read_source(session, caller.organization_id, note, file)
        scrubbed = scrub_source(session, deps, caller, source, options, claim_id, claim_number)
        document = new_document(source, options, scrubbed)
        row, earlier = add_claim(session, deps.ids, caller.organization_id, document, now)
        transition_claim(session, deps.ids, row, now, new=True)
        audit(session, deps, caller, at=now, action="create_claim", subject_id=row.id, actor=command.actor)
        record_scrubbed(session, deps, caller, row, TimelineKind.CLAIM_CREATED, at=now, actor=command.actor)
        if earlier is not None:
            record_next_payer(session, deps, caller, earlier, row, at=now, actor=command.actor)
        return claim_view(session, row)

    return unit_of_work.run(write)


def add_claim(
    session: Session, ids: Ids, organization_id: str, document: ClaimDocument, now: datetime
) -> tuple[ClaimRow, ClaimRow | None]:
    """The row of a new claim with its number and its money, not yet in the feed (`transition_claim` with `new`), and
    the claim to the payer before that it follows, if any."""
    row = _new_row(organization_id, document, now)
    session.add(row)
    session.add(ClaimNumberRow(organization_id=organization_id, id=row.claim_number, claim_id=row.id))
    session.flush()
    close_tasks(session, organization_id, NOTE, row.note_id)
    earlier = earlier_claim(session, row)
    if earlier is not None:
        row.document = row.document.with_chain(previous_claim_id=earlier.id)
    book_charge(session, ids, row, now)
    if earlier is not None:
        pass_share_on(session, ids, earlier, row, now)
    return row, earlier


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


def refuse_second(session: Session, organization_id: str, note_id: str, coverage_id: str, claim_id: str) -> None:
    """Raises Conflict if the note and the coverage have a claim that is not voided, or the id is taken."""
    there = store.claim_of(session, organization_id, note_id, coverage_id)
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
