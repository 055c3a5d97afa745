"""An appeal is given up: a draft that is not wanted, or one that the payer has and need not decide any more."""

from sqlmodel import Session

from services.claims.domain.appeals.lifecycle import AppealEvent
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.appeals.appeal_act import Acted, Moment, act_on_appeal, step
from services.claims.flows.appeals.appeal_views import packed_body
from services.claims.flows.dependencies import Dependencies
from services.claims.store.tables import ClaimRow
from services.claims.store.work_tables import AppealRow
from shared.contracts.appeals import Appeal, AppealWithdraw
from shared.database import UnitOfWork
from shared.security.caller import Caller


def withdraw_appeal(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, appeal_id: str, command: AppealWithdraw
) -> Appeal:
    """Raises NotFound, and Conflict where it is over."""

    def withdraw(session: Session, row: ClaimRow, appeal: AppealRow, at: Moment) -> Acted:
        body = packed_body(session, row, appeal, at.now)
        step(appeal, AppealEvent.WITHDRAW)
        appeal.body = body.model_copy(update={"withdrawn_because": command.reason})
        summary = f"The appeal (level {appeal.level}) was withdrawn: {command.reason}"
        return Acted(TimelineKind.APPEAL_WITHDRAWN, summary, command.actor, "appeal.withdrawn", command.reason)

    return act_on_appeal(deps, unit_of_work, caller, claim_id, appeal_id, withdraw)
