"""Create a claim from a signed note and a coverage; depending on its findings it is blocked, held or ready.

The note and the coverage are fetched before the transaction begins, and are stored complete as the claim's source.
A claim that cannot bill all of the visit is split as it is made (`split_claim`); the answer is the first of the claims,
and names the others.
"""

from msgspec.structs import replace
from sqlmodel import Session

from services.claims.document import new_document
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.audit import audit
from services.claims.flows.claim.add_claim import add_claim, refuse_second
from services.claims.flows.claim.build_claim import biller_options
from services.claims.flows.claim.claim_visits import named_notes, refuse_joining, refuse_second_of_day
from services.claims.flows.claim.split_claim import add_parts, of_visit, refuse_billed, scrub_first, shares_named
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.views import claim_view
from services.claims.flows.record_timeline import record_next_payer, record_scrubbed
from services.claims.flows.scrub.read_source import fetch, read_source
from shared.contracts.claims import Claim, ClaimCreate
from shared.database import UnitOfWork
from shared.security.caller import Caller


def create_claim(deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, command: ClaimCreate) -> Claim:
    """Create a claim. Raises NotFound (note, coverage, therapist, practice), Conflict (it exists), Unavailable."""
    note_ids = named_notes(command.note_id, command.same_day_note_ids)
    notes, file = fetch(deps, caller.organization_id, note_ids, command.coverage_id)
    # Before the transaction, which may run twice; the calls to notes and eligibility above must not be inside it at
    # all.
    claim_id, claim_number = command.id or deps.ids("clm"), deps.ids.claim_number()
    now, given = deps.clock.now(), replace(biller_options(command), here=shares_named(command.lines))

    def write(session: Session) -> Claim:
        refuse_second(session, caller.organization_id, command.note_id, command.coverage_id, claim_id, given.here)
        source = read_source(session, caller.organization_id, notes, file)
        refuse_joining(session, caller.organization_id, source, claim_id)
        if not given.prior_payments:
            refuse_second_of_day(session, caller.organization_id, source, claim_id)
        refuse_billed(session, deps, caller, source, given)
        options = of_visit(session, caller.organization_id, command.note_id, given)
        options, scrubbed, parts = scrub_first(session, deps, caller, source, options, claim_id, claim_number)
        document = new_document(source, options, scrubbed)
        row, earlier = add_claim(session, deps.ids, caller.organization_id, document, now)
        transition_claim(session, deps.ids, row, now, new=True)
        audit(session, deps, caller, at=now, action="create_claim", subject_id=row.id, actor=command.actor)
        record_scrubbed(session, deps, caller, row, TimelineKind.CLAIM_CREATED, at=now, actor=command.actor)
        if earlier is not None:
            record_next_payer(session, deps, caller, earlier, row, at=now, actor=command.actor)
        add_parts(session, deps, caller, source, options, parts, now, actor=command.actor)
        return claim_view(session, row)

    return unit_of_work.run(write)
