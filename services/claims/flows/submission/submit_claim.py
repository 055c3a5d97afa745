"""Submit a ready claim: its 837P is checked as it would be sent, and the claim is queued for the next file.

A claim to a payer that accepts only paper is checked in the same way and never queued: a person prints it.
"""

from datetime import datetime

from sqlmodel import Session

from services.claims.domain.lifecycle import NOT_SUBMITTED, ClaimEvent, ClaimState
from services.claims.domain.sending import decided_meanwhile
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.claim.act_on_claim import Trace, act_on_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.submission.queue_claim import queue_claim
from services.claims.store.tables import ClaimRow
from shared.contracts.claims import Claim, ClaimAction
from shared.database import UnitOfWork
from shared.errors import Conflict, Fault, RuleBroken
from shared.plural import counted
from shared.security.caller import Caller


def submit_claim(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: ClaimAction
) -> Claim:
    """Queue a ready claim for the next file, unless its payer accepts only paper.

    Raises RuleBroken while it is blocked or held, Conflict in any other state.
    """
    queued_at = deps.wall_clock.now()

    def act(session: Session, row: ClaimRow, now: datetime) -> Trace:
        _refuse_duplicate(row)
        _refuse_stopped(row)
        printed = queue_claim(session, deps, row, ClaimEvent.SUBMIT, now=now, queued_at=queued_at)
        summary = "Submitted; it is printed and mailed." if printed else "Submitted; it waits for the next file."
        return Trace(TimelineKind.CLAIM_SUBMITTED, summary)

    return act_on_claim(deps, unit_of_work, caller, claim_id, command.actor, act)


def _refuse_duplicate(row: ClaimRow) -> None:
    if row.state not in NOT_SUBMITTED or not decided_meanwhile(row.document.claim, row.document.responses):
        return
    fault = Fault(
        "/body",
        "decided_meanwhile",
        "The payer has decided the submission before this one after all.",
        "Withdraw this one (`withdraw-correction`); correct the decided claim if that is wanted.",
    )
    detail = "the payer has decided the earlier submission, so this one would be a duplicate"
    raise Conflict(detail, code="decided_meanwhile", errors=[fault], current_version=row.version)


def _refuse_stopped(row: ClaimRow) -> None:
    if row.state not in (ClaimState.BLOCKED, ClaimState.HELD):
        return
    stopping = row.document.stopping_findings()
    faults = [Fault(one.pointer, one.code, one.message, one.fix) for one in stopping]
    if row.state == ClaimState.BLOCKED:
        detail = (
            f"{counted(len(stopping), 'rule stops', 'rules stop')} this claim; fix what `errors` name and refresh it"
        )
    else:
        holds = counted(len(stopping), "rule holds", "rules hold")
        detail = f"{holds} this claim until a person lets it go: override each with a reason"
    raise RuleBroken(detail, code=stopping[0].code, errors=faults, current_version=row.version)
