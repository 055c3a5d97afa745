"""A dry run for a note and a coverage or for a stored claim: findings and expected payment; nothing is stored.

A stored claim is scrubbed from its stored source, so no other service is asked: differences come only from the
rules, the history and the date, never from a changed note or coverage.
"""

from services.claims.document import lapse
from services.claims.flows.claim.build_claim import biller_options, found_claim, scrub_source
from services.claims.flows.claim.claim_visits import named_notes
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.views import draft_view
from services.claims.flows.scrub.expected_payment import expected_of
from services.claims.flows.scrub.read_source import fetch, read_source
from services.claims.flows.scrub.same_day_visits import refuse_unwanted
from services.claims.store import claims as store
from shared.contracts.claims import ClaimCheck, ClaimDraft
from shared.errors import Fault, Malformed
from shared.security.caller import Caller


def check_claim(deps: Dependencies, caller: Caller, command: ClaimCheck) -> ClaimDraft:
    """Raises Malformed (neither or both named), NotFound, Conflict, Unavailable."""
    if command.claim_id is not None and command.note_id is None and command.coverage_id is None:
        return _check_stored(deps, caller, command.claim_id, command)
    if command.claim_id is not None or command.note_id is None or command.coverage_id is None:
        fault = Fault(
            "/body", "subject_unclear", "It is not clear what to check.", "Name a note and a coverage, or a claim."
        )
        raise Malformed("a check is of a note_id and a coverage_id, or of a claim_id", errors=[fault])
    note_ids = named_notes(command.note_id, command.same_day_note_ids)
    notes, file = fetch(deps, caller.organization_id, note_ids, command.coverage_id)
    with deps.database.reading() as session:
        source = read_source(session, caller.organization_id, notes, file)
        refuse_unwanted(source)
        scrubbed = scrub_source(session, deps, caller, source, biller_options(command), "clm_dry_run", "DRYRUN")
        return draft_view(scrubbed, expected_of(session, deps, caller, source, scrubbed.claim), source.profile)


def _check_stored(deps: Dependencies, caller: Caller, claim_id: str, command: ClaimCheck) -> ClaimDraft:
    with deps.database.reading() as session:
        row = found_claim(store.claim(session, caller.organization_id, claim_id))
        source, options = row.document.source, biller_options(command, row.document.options)
        scrubbed = scrub_source(session, deps, caller, source, options, row.id, row.claim_number, row.created_at)
        overrides = lapse(row.document.overrides, scrubbed.findings, deps.clock.now())
        return draft_view(
            scrubbed, expected_of(session, deps, caller, source, scrubbed.claim), source.profile, overrides
        )
