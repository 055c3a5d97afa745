"""The patient is billed: that a statement went out, and when, so that her payment is waited for and asked for again."""

from datetime import datetime

from msgspec.structs import replace
from sqlmodel import Session

from services.claims.domain.ledger import balances
from services.claims.domain.next_action_kinds import PATIENT_IS_ASKED
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.claim.act_on_claim import Trace, act_on_claim
from services.claims.flows.claim.transition_claim import local_today, transition_claim
from services.claims.flows.dependencies import Dependencies
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

    def act(session: Session, row: ClaimRow, now: datetime) -> Trace:
        owed = balances(store.entries(session, caller.organization_id, [row.id])[row.id]).patient_cents
        _refuse_not_due(row, owed)
        today = local_today(row, now)
        row.document = replace(row.document, statements=(*row.document.statements, today))
        transition_claim(session, deps.ids, row, now)
        summary = f"Statement {len(row.document.statements)} to the patient: {format_dollars(owed)}."
        return Trace(TimelineKind.PATIENT_BILLED, summary)

    return act_on_claim(deps, unit_of_work, caller, claim_id, command.actor, act)


def _refuse_not_due(row: ClaimRow, owed_cents: int) -> None:
    """She is billed once every payer has answered, and what is open is hers."""
    if row.next_kind in PATIENT_IS_ASKED:
        return
    text = f"{format_dollars(owed_cents)} is the patient's, and the next action is {row.next_kind}: {row.next_reason}"
    fault = Fault("/claim_id", "patient_not_due", text, "Do that first; the patient comes last.")
    detail = "the patient is billed once every payer has answered"
    raise Conflict(detail, code="patient_not_due", errors=[fault], current_version=row.version)
