"""One act on many things of the worklist: each is done or refused by itself, and all that is done is one transaction.

What an act may do to a claim is decided where it is done to one (`flows.claim.work_on_claim`); an act on a task is
bounded in the same way, but for its window: what is no claim has none.
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from services.claims.domain.next_action_kinds import KINDS
from services.claims.domain.worked_action import MAX_SNOOZE_DAYS
from services.claims.flows.audit import audit
from services.claims.flows.claim.act_on_claim import leave_trace
from services.claims.flows.claim.build_claim import found_claim
from services.claims.flows.claim.work_on_claim import assign, complete, snooze, worked
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.next_actions import next_action_view, task_action_views
from services.claims.store import claims as store
from services.claims.store import practice as practice_store
from services.claims.store import worklist
from services.claims.store.work_tables import TaskRow
from shared.contracts.claim_work import NextActionAssign, NextActionDone, NextActionSnooze
from shared.contracts.claims import NextAction
from shared.contracts.worklist import WorklistBulk, WorklistResult, WorklistResults, WorklistSubject
from shared.database import UnitOfWork
from shared.dates import local_date
from shared.errors import Conflict, Fault, Malformed, NotFound
from shared.security.caller import Caller

CLAIM = "claim"


def work_in_bulk(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, command: WorklistBulk
) -> WorklistResults:
    """Do one act to each item. Raises Malformed (what the act needs is missing)."""
    _refuse_incomplete(command)
    now = deps.clock.now()

    def write(session: Session) -> WorklistResults:
        return WorklistResults(items=[_result(session, deps, caller, one, command, now) for one in command.items])

    return unit_of_work.run(write)


def _refuse_incomplete(command: WorklistBulk) -> None:
    """What puts off is sent to put off, and nothing else is."""
    for name in ("until", "reason"):
        if (getattr(command, name) is not None) != (command.act == "snooze"):
            words, fix = ("needs it", "Send it.") if command.act == "snooze" else ("does not take it", "Leave it out.")
            fault = Fault(f"/body/{name}", "not_of_this_act", f"{command.act} {words}.", fix)
            raise Malformed(f"{name} goes with snooze", errors=[fault])


def _result(
    session: Session, deps: Dependencies, caller: Caller, one: WorklistSubject, command: WorklistBulk, now: datetime
) -> WorklistResult:
    act = _act_on_claim if one.subject_type == CLAIM else _act_on_task
    try:
        left = act(session, deps, caller, one, command, now)
    except (Conflict, NotFound) as refused:
        return WorklistResult(
            subject_type=one.subject_type,
            subject_id=one.subject_id,
            result="refused",
            code=refused.problem_code,
            detail=refused.detail,
        )
    return WorklistResult(subject_type=one.subject_type, subject_id=one.subject_id, result="done", next_action=left)


def _act_on_claim(
    session: Session, deps: Dependencies, caller: Caller, one: WorklistSubject, command: WorklistBulk, now: datetime
) -> NextAction:
    row = found_claim(store.claim(session, caller.organization_id, one.subject_id))
    if command.act == "assign":
        given = NextActionAssign(assignee_id=command.assignee_id, actor=command.actor)
        trace = worked(session, deps, row, assign, given, now)
    elif command.until is not None and command.reason is not None:
        later = NextActionSnooze(kind=one.kind, until=command.until, reason=command.reason, actor=command.actor)
        trace = worked(session, deps, row, snooze, later, now)
    else:
        reported = command.model_dump(include={"by", "reference", "note"})
        done = NextActionDone(kind=one.kind, actor=command.actor, **reported)
        trace = worked(session, deps, row, complete, done, now)
    leave_trace(session, deps, caller, row, trace, at=now, actor=command.actor)
    return next_action_view(row)


def _act_on_task(
    session: Session, deps: Dependencies, caller: Caller, one: WorklistSubject, command: WorklistBulk, now: datetime
) -> NextAction | None:
    row = worklist.task_of(session, caller.organization_id, one.kind, one.subject_id)
    if row is None:
        raise NotFound("there is no such thing to do", code="task_not_found")
    if command.act == "done":
        _report_task(session, row)
    elif command.act == "assign":
        row.assignee_id = command.assignee_id
    else:
        _snooze_task(session, row, command, now)
    action, why = f"task_{command.act}", command.reason or command.note
    audit(session, deps, caller, at=now, action=action, subject_id=row.id, actor=command.actor, reason=why)
    if command.act == "done":
        return None
    return task_action_views(session, row.organization_id, [row])[row.id]


def _report_task(session: Session, row: TaskRow) -> None:
    """What a person has decided outside is over. Raises Conflict for what an operation does."""
    if not KINDS[row.kind].done:
        raise Conflict(
            f"{row.kind} is not reported; `next_action.operation` does it",
            code="not_reported",
            pointer="/body/items",
            fix="Do the `operation` of its `next_action`.",
        )
    session.delete(row)


def _snooze_task(session: Session, row: TaskRow, command: WorklistBulk, now: datetime) -> None:
    practice = practice_store.practice(session, row.organization_id)
    today = local_date(now, practice.time_zone) if practice is not None else now.date()
    last = today + timedelta(days=MAX_SNOOZE_DAYS)
    if command.until is None or not today < command.until <= last:
        detail = f"{command.until} is out of bounds: it must be after {today} and no later than {last}"
        raise Conflict(detail, code="day_out_of_bounds", pointer="/body/until", fix="Choose a day within these bounds.")
    row.due_on = command.until
