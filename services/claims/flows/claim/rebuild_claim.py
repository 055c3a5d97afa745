"""A claim is built again from its note and coverage: when it is refreshed, and when it is corrected."""

from datetime import datetime

from msgspec.structs import replace
from sqlmodel import Session

from services.claims.document import BillerOptions, ClaimSource, Correction, lapse, new_document
from services.claims.flows.authorization_tasks import find_renewals
from services.claims.flows.claim.build_claim import book_charge, keep_document
from services.claims.flows.claim.claim_visits import keep_visits
from services.claims.flows.claim.split_claim import add_parts, of_visit, scrub_first
from services.claims.flows.claim.submissions import begin_submission
from services.claims.flows.claim.transition_claim import scrubbed_event, transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.store.tables import ClaimRow
from shared.contracts.common import Actor
from shared.security.caller import Caller


def rebuild_claim(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    row: ClaimRow,
    source: ClaimSource,
    options: BillerOptions,
    now: datetime,
    *,
    new_number: str | None,
    correction: Correction | None,
    actor: Actor,
) -> None:
    """Scrub the claim again and let the rules say whether it is blocked, held or ready. With `new_number` it is another
    submission: messages that still arrive for the number before are about the claim as it was then. What cannot go on
    this claim goes on claims of its own."""
    responses, before = row.document.responses, row.document.source
    options = of_visit(session, row.organization_id, row.note_id, options)
    if new_number is not None:
        begin_submission(session, row, new_number)
        responses = responses.of_next_submission()
    options, scrubbed, parts = scrub_first(
        session, deps, caller, source, options, row.id, row.claim_number, row.created_at
    )
    overrides = lapse(row.document.overrides, scrubbed.findings, now)
    document = new_document(
        source,
        options,
        scrubbed,
        overrides=overrides,
        responses=responses,
        chain=row.document.chain,
        correction=correction,
    )
    # The patient was billed for the visit, whatever becomes of this version of its claim.
    keep_document(row, replace(document, statements=row.document.statements))
    keep_visits(session, deps.ids, row, now, before)
    book_charge(session, deps.ids, row, now)
    find_renewals(session, deps.ids, row, now)
    transition_claim(session, deps.ids, row, now, scrubbed_event(row.document))
    add_parts(session, deps, caller, source, options, parts, now, actor=actor)
