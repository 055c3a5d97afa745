"""What became of an appeal: the payer's answer, or that a person gives up waiting for one."""

from sqlmodel import Session

from services.claims.domain.appeals.lifecycle import LOST, AppealEvent
from services.claims.domain.appeals.refusal import Refusal
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.appeals.appeal_act import Acted, Moment, act_on_appeal, refuse_future, refused, step
from services.claims.flows.dependencies import Dependencies
from services.claims.store.tables import ClaimRow
from services.claims.store.work_tables import AppealRow
from shared.contracts.appeals import Appeal, AppealDecision, AppealOutcome
from shared.database import UnitOfWork
from shared.security.caller import Caller


def record_outcome(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, appeal_id: str, command: AppealOutcome
) -> Appeal:
    """Raises NotFound, and Conflict where it was not sent, was decided before, or the day cannot be."""

    def decide(_session: Session, row: ClaimRow, appeal: AppealRow, at: Moment) -> Acted:
        step(appeal, AppealEvent(command.outcome))
        refuse_future(appeal, command.decided_on, at.today, "/body/decided_on")
        if appeal.sent_on is not None and command.decided_on < appeal.sent_on:
            text = f"It was sent on {appeal.sent_on}, after {command.decided_on}."
            why = Refusal("day_out_of_bounds", text, "Give the day of the payer's notice.")
            raise refused(appeal.version, why, "/body/decided_on")
        appeal.decided_on = command.decided_on
        if appeal.state in LOST:
            # A payment by now is a part of what was decided; one that comes later is something new.
            appeal.answers = len(row.document.responses.payments)
        decision = AppealDecision(
            outcome=command.outcome,
            decided_on=command.decided_on,
            reference=command.reference,
            reason=command.reason,
            actor=command.actor,
        )
        appeal.body = appeal.body.model_copy(update={"decision": decision})
        words = command.outcome.replace("_", " ")
        summary = f"The appeal (level {appeal.level}) is {words} as of {command.decided_on}: {command.reason}"
        return Acted(TimelineKind.APPEAL_DECIDED, summary, command.actor, "appeal.decided", command.reason)

    return act_on_appeal(deps, unit_of_work, caller, claim_id, appeal_id, decide)
