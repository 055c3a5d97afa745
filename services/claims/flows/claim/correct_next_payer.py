"""The payer has changed its decision after the next payer was billed: that payer is told, and the share follows.

The claim to the next payer is made again with what the payer before says now: as its replacement where the next payer
has it, in place where it is not sent yet. One that the payer before forwards is told by that payer, so that only the
money follows here.
"""

from datetime import datetime

from msgspec.structs import replace
from sqlmodel import Session

from services.claims.document import Correction
from services.claims.domain.lifecycle import EDITABLE, REJECTED, ClaimState
from services.claims.domain.next_payer import answer_of
from services.claims.domain.sending import IllegalMove, correction
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.audit import audit
from services.claims.flows.claim.bill_secondary import options_after
from services.claims.flows.claim.build_claim import found_claim
from services.claims.flows.claim.correct_claim import options_of, refused
from services.claims.flows.claim.payer_chain import pass_share_on
from services.claims.flows.claim.rebuild_claim import rebuild_claim
from services.claims.flows.claim.submissions import standing_of
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.views import claim_view
from services.claims.flows.record_timeline import record_next_payer, record_scrubbed
from services.claims.flows.scrub.read_source import Notes, fetch, read_source
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow
from shared.contracts.claims import Claim
from shared.contracts.eligibility import CoverageBundle
from shared.contracts.next_payers import NextPayerCorrection
from shared.database import UnitOfWork
from shared.security.caller import Caller


def correct_next_payer(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: NextPayerCorrection
) -> Claim:
    """The claim to the next payer as it is then. Raises NotFound, Unavailable, and Conflict where no payer was billed,
    the payer before has not decided again, or the next payer's answer is awaited."""
    with deps.database.reading() as session:
        later = _later(session, found_claim(store.claim(session, caller.organization_id, claim_id)))
        note_ids, coverage_id = later.document.source.note_ids, later.coverage_id
    notes, bundle = fetch(deps, caller.organization_id, note_ids, coverage_id)
    now, new_number = deps.clock.now(), deps.ids.claim_number()

    def write(session: Session) -> Claim:
        earlier = found_claim(store.claim(session, caller.organization_id, claim_id))
        later = _later(session, earlier)
        if not (command.only_money or later.document.chain.sent_by_earlier_payer):
            _make_again(session, deps, caller, earlier, later, notes, bundle, command, now, new_number)
        # Charged as it is now; what has changed of the share is on its way.
        pass_share_on(session, deps.ids, earlier, later, now)
        transition_claim(session, deps.ids, later, now)
        action, reason = "correct_next_payer", command.reason
        audit(session, deps, caller, at=now, action=action, subject_id=earlier.id, actor=command.actor, reason=reason)
        record_next_payer(session, deps, caller, earlier, later, at=now, actor=command.actor)
        return claim_view(session, later)

    return unit_of_work.run(write)


def _later(session: Session, earlier: ClaimRow) -> ClaimRow:
    """The claim to the next payer. Raises Conflict where there is none, or nothing to tell it."""
    next_id = earlier.document.chain.next_claim_id
    later = store.claim(session, earlier.organization_id, next_id) if next_id else None
    if later is None:
        message = "No claim to a next payer follows this one."
        raise refused(earlier, IllegalMove("next_payer_not_billed", message, "Bill the next payer (`bill-secondary`)."))
    if earlier.state != ClaimState.ADJUDICATED or answer_of(earlier.document.responses) is None:
        message = "The payer before has taken its decision back and made no other."
        fix = "Wait for its remittance, or void the claim to the next payer."
        raise refused(earlier, IllegalMove("claim_not_adjudicated", message, fix))
    return later


def _make_again(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    earlier: ClaimRow,
    later: ClaimRow,
    notes: Notes,
    bundle: CoverageBundle,
    command: NextPayerCorrection,
    now: datetime,
    new_number: str,
) -> None:
    told = options_after(earlier)
    options = replace(later.document.options, prior_payments=told.prior_payments, earlier_lines=told.earlier_lines)
    made_again, number = later.document.correction, new_number if later.state in REJECTED else None
    if later.state not in EDITABLE:
        try:
            sending = correction(standing_of(session, later, command.payer_claim_number))
        except IllegalMove as illegal:
            raise refused(later, illegal) from None
        options, number = options_of(later, options, sending), new_number
        made_again = Correction(command.reason, sending.why)
    rebuild_claim(
        session,
        deps,
        caller,
        later,
        read_source(session, caller.organization_id, notes, bundle),
        options,
        now,
        new_number=number,
        correction=made_again,
        actor=command.actor,
    )
    kind = TimelineKind.CLAIM_CORRECTED
    why = made_again.why if made_again else ""
    record_scrubbed(session, deps, caller, later, kind, at=now, actor=command.actor, reason=command.reason, why=why)
