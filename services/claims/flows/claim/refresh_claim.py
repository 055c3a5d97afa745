"""Note and coverage are read again and the claim is rebuilt; after a rejection it gets a new claim number.

Refused once the claim is submitted: a claim that the payer has is corrected by another submission (`correct_claim`).
"""

from datetime import datetime

from sqlmodel import Session

from services.claims.domain.lifecycle import EDITABLE, REJECTED
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.claim.act_on_claim import Trace, act_on_claim
from services.claims.flows.claim.build_claim import biller_options, found_claim
from services.claims.flows.claim.claim_visits import changed_notes, refuse_joining
from services.claims.flows.claim.rebuild_claim import rebuild_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.record_timeline import scrubbed_summary
from services.claims.flows.scrub.read_source import fetch, read_source
from services.claims.store.tables import ClaimRow
from services.claims.store.visits import notes_and_coverage
from shared.contracts.claims import Claim, ClaimRefresh
from shared.database import UnitOfWork
from shared.errors import Conflict
from shared.security.caller import Caller


def refresh_claim(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: ClaimRefresh
) -> Claim:
    """Rebuild a claim from its note and coverage. Raises Conflict (`claim_already_submitted`) once it is submitted."""
    with deps.database.reading() as session:
        note_ids, coverage_id = found_claim(notes_and_coverage(session, caller.organization_id, claim_id))
    notes, file = fetch(deps, caller.organization_id, changed_notes(note_ids, command), coverage_id)
    new_number = deps.ids.claim_number()

    def act(session: Session, row: ClaimRow, now: datetime) -> Trace:
        # It may have been submitted while note and coverage were fetched.
        if row.state not in EDITABLE:
            raise Conflict(
                "the claim has been submitted and can no longer be changed",
                code="claim_already_submitted",
                current_version=row.version,
                pointer="/claim_id",
                fix="Wait for its answer, and correct it then (`correct`).",
            )
        source = read_source(session, caller.organization_id, notes, file)
        if command.same_day_note_ids is not None:
            refuse_joining(session, caller.organization_id, source, claim_id)
        rebuild_claim(
            session,
            deps,
            caller,
            row,
            source,
            biller_options(command, row.document.options),
            now,
            new_number=new_number if row.state in REJECTED else None,
            correction=row.document.correction,
            actor=command.actor,
        )
        kind, reason = TimelineKind.CLAIM_REFRESHED, command.reason
        summary, codes = scrubbed_summary(row, kind, reason=reason)
        return Trace(kind, summary, reason, codes)

    return act_on_claim(deps, unit_of_work, caller, claim_id, command.actor, act)
