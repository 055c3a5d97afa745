"""A person disputes an underpayment with the payer, or accepts it. A new answer of the payer is judged anew."""

from datetime import date, datetime

from msgspec.structs import replace
from sqlmodel import Session

from services.claims.domain.timeline import TimelineKind
from services.claims.domain.underpayment import UnderpaymentDecision
from services.claims.flows.claim.act_on_claim import Trace, act_on_claim
from services.claims.flows.claim.transition_claim import local_today, transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.store.tables import ClaimRow
from shared.contracts.claim_money import UnderpaymentDispute
from shared.contracts.claims import Claim
from shared.database import UnitOfWork
from shared.errors import Conflict, Fault
from shared.money import format_dollars
from shared.security.caller import Caller


def dispute_underpayment(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: UnderpaymentDispute
) -> Claim:
    """Record the decision. Raises NotFound, Conflict (`not_underpaid`)."""

    def act(session: Session, row: ClaimRow, now: datetime) -> Trace:
        underpayment = row.document.underpayment
        short = sum(line.short_cents for line in underpayment.lines)
        if not short:
            text = "No line was allowed less than the payer's fees say."
            fault = Fault("/claim_id", "not_underpaid", text, "Put what the payer should allow (/v1/payer-fees) first.")
            raise Conflict(text, code="not_underpaid", errors=[fault], current_version=row.version)
        decision = UnderpaymentDecision(command.decision)
        decide_lines(row, decision, local_today(row, now))
        transition_claim(session, deps.ids, row, now)
        summary = f"{format_dollars(short)} too little was allowed, and is {decision}: {command.reason}"
        return Trace(TimelineKind.UNDERPAYMENT_DECIDED, summary, reason=summary)

    return act_on_claim(deps, unit_of_work, caller, claim_id, command.actor, act)


def dispute_lines(row: ClaimRow, today: date) -> None:
    """Within a transaction: the lines that were allowed too little are disputed, where nobody has decided it yet."""
    if row.document.underpayment.lines and row.document.underpayment.decision is None:
        decide_lines(row, UnderpaymentDecision.DISPUTED, today)


def decide_lines(row: ClaimRow, decision: UnderpaymentDecision, today: date) -> None:
    """Within a transaction: what a person has done about the lines that were allowed too little."""
    decided = replace(row.document.underpayment, decision=decision, decided_on=today)
    row.document = replace(row.document, underpayment=decided)
