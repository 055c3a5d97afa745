"""The patient is billed: that a statement went out, and when, so that her payment is waited for and asked for again."""

from msgspec.structs import replace
from sqlmodel import Session

from services.claims.domain.ledger import balances
from services.claims.domain.next_action_kinds import PATIENT_IS_ASKED
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.audit import audit
from services.claims.flows.claim.build_claim import found_claim
from services.claims.flows.claim.transition_claim import local_today, transition_claim
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


def bill_patient(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: ClaimAction
) -> Claim:
    """Record that a statement went to the patient today. Raises NotFound, Conflict (`patient_not_due`)."""
    now = deps.clock.now()

    def write(session: Session) -> Claim:
        row = found_claim(store.claim(session, caller.organization_id, claim_id))
        owed = balances(store.entries(session, caller.organization_id, [row.id])[row.id]).patient_cents
        _refuse_not_due(row, owed)
        today = local_today(row, now)
        row.document = replace(row.document, statements=(*row.document.statements, today))
        transition_claim(session, deps.ids, row, now)
        kind = TimelineKind.PATIENT_BILLED
        audit(session, deps, caller, at=now, action="bill_patient", subject_id=row.id, actor=command.actor)
        summary = f"Statement {len(row.document.statements)} to the patient: {format_dollars(owed)}."
        record_act(session, deps, caller, row, kind, summary, at=now, actor=command.actor)
        return claim_view(session, row)

    return unit_of_work.run(write)


def _refuse_not_due(row: ClaimRow, owed_cents: int) -> None:
    """She is billed once every payer has answered, and what is open is hers."""
    if row.next_kind in PATIENT_IS_ASKED:
        return
    text = f"{format_dollars(owed_cents)} is the patient's, and the next action is {row.next_kind}: {row.next_reason}"
    fault = Fault("/claim_id", "patient_not_due", text, "Do that first; the patient comes last.")
    detail = "the patient is billed once every payer has answered"
    raise Conflict(detail, code="patient_not_due", errors=[fault], current_version=row.version)
