"""Note and coverage are read again and the claim is rebuilt; after a rejection it gets a new claim number.

Refused once the claim is submitted: a claim that the payer has is corrected by another claim.
"""

from sqlmodel import Session

from services.claims.document import lapse, new_document
from services.claims.domain.lifecycle import EDITABLE, REJECTED
from services.claims.domain.payer_responses import PayerResponses
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.audit import audit
from services.claims.flows.claim.build_claim import (
    biller_options,
    book_charge,
    found_claim,
    keep_document,
    scrub_source,
)
from services.claims.flows.claim.transition_claim import scrubbed_event, transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.views import claim_view
from services.claims.flows.record_timeline import record_scrubbed
from services.claims.flows.scrub.read_source import fetch, read_source
from services.claims.store import claims as store
from services.claims.store.tables import ClaimNumberRow, ClaimRow
from shared.contracts.claims import Claim, ClaimRefresh
from shared.database import UnitOfWork
from shared.errors import Conflict
from shared.security.caller import Caller


def refresh_claim(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: ClaimRefresh
) -> Claim:
    """Rebuild a claim from its note and coverage. Raises Conflict (`claim_already_submitted`) once it is submitted."""
    with deps.database.reading() as session:
        note_id, coverage_id = found_claim(store.note_and_coverage(session, caller.organization_id, claim_id))
    note, file = fetch(deps, caller.organization_id, note_id, coverage_id)
    now, new_number = deps.clock.now(), deps.ids.claim_number()

    def write(session: Session) -> Claim:
        # Found again: it may have been submitted while note and coverage were fetched.
        row = found_claim(store.claim(session, caller.organization_id, claim_id))
        if row.state not in EDITABLE:
            raise Conflict(
                "the claim has been submitted and can no longer be changed",
                code="claim_already_submitted",
                current_version=row.version,
            )
        source = read_source(session, caller.organization_id, note, file)
        renumbered = row.state in REJECTED
        if renumbered:
            _give_new_number(session, row, new_number)
        options = biller_options(command, row.document.options)
        scrubbed = scrub_source(session, deps, caller, source, options, row.id, row.claim_number, row.created_at)
        overrides = lapse(row.document.overrides, scrubbed.findings, now)
        # Answers are about a claim number, and the new one has none yet.
        responses = PayerResponses() if renumbered else row.document.responses
        chain = row.document.chain
        rebuilt = new_document(source, options, scrubbed, overrides=overrides, responses=responses, chain=chain)
        keep_document(row, rebuilt)
        book_charge(session, deps.ids, row, now)
        transition_claim(session, deps.ids, row, now, scrubbed_event(row.document))
        audit(session, deps, caller, at=now, action="refresh_claim", subject_id=row.id, actor=command.actor)
        record_scrubbed(session, deps, caller, row, TimelineKind.CLAIM_REFRESHED, at=now, actor=command.actor)
        return claim_view(session, row)

    return unit_of_work.run(write)


def _give_new_number(session: Session, row: ClaimRow, claim_number: str) -> None:
    """A fixed claim gets a new claim number: messages that still arrive for the old number change nothing."""
    session.add(ClaimNumberRow(organization_id=row.organization_id, id=claim_number, claim_id=row.id))
    row.claim_number, row.file_id = claim_number, None
    row.submitted_at, row.queued_at = None, None
