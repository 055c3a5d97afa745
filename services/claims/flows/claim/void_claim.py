"""Void a claim that no payer has received, and remove its charge from the ledger's balance."""

from sqlmodel import Session

from services.claims.domain.hand_entries import PATIENT_PAYMENT, REFUND
from services.claims.domain.ledger import balances, charge
from services.claims.domain.lifecycle import ClaimEvent
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.audit import audit
from services.claims.flows.claim.build_claim import booked_charges, found_claim
from services.claims.flows.claim.payer_chain import leave_chain
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.views import claim_view
from services.claims.flows.record_timeline import record_act
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow
from shared.contracts.claims import Claim, ClaimAction
from shared.database import UnitOfWork
from shared.errors import Conflict, Fault
from shared.money import format_dollars
from shared.security.caller import Caller
from shared.transition_table import NotAllowed


def void_claim(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: ClaimAction
) -> Claim:
    """Void a claim that is not yet submitted; its charge is reversed in the ledger. Raises Conflict."""
    now = deps.clock.now()

    def write(session: Session) -> Claim:
        row = found_claim(store.claim(session, caller.organization_id, claim_id))
        _refuse_paid(session, row)
        leave_chain(session, deps.ids, row, now)
        booked = booked_charges(session, row)
        store.book(session, deps.ids, row, charge({}, booked), posted_at=now, source_id=row.id)
        try:
            transition_claim(session, deps.ids, row, now, ClaimEvent.VOID)
        except NotAllowed:
            raise Conflict(
                "the claim has been submitted and can no longer be voided",
                code="claim_already_submitted",
                current_version=row.version,
            ) from None
        audit(session, deps, caller, at=now, action="void_claim", subject_id=row.id, actor=command.actor)
        summary = "Voided; its charge was reversed in the ledger."
        record_act(session, deps, caller, row, TimelineKind.CLAIM_VOIDED, summary, at=now, actor=command.actor)
        return claim_view(session, row)

    return unit_of_work.run(write)


def _refuse_paid(session: Session, row: ClaimRow) -> None:
    entries = store.entries(session, row.organization_id, [row.id])[row.id]
    paid = balances(one for one in entries if one.reason in (PATIENT_PAYMENT, REFUND)).patient_paid_cents
    if paid:
        fault = Fault(
            "/claim/money/patient_paid_cents",
            "patient_payment_on_claim",
            f"The patient has paid {format_dollars(paid)} on it.",
            "Refund it, or reverse its entry, first.",
        )
        raise Conflict(
            "a claim with a patient's payment is not voided",
            code="patient_payment_on_claim",
            errors=[fault],
            current_version=row.version,
        )
