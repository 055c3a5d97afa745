"""Work on a claim's next action: done outside and reported, put off with a reason, given to somebody.

Whoever acts names the next action that she saw; if the claim has another one by now, nothing is written and the present
one is told. The reason of a delay is kept in the timeline and in the audit trail, both sealed.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from sqlmodel import Session

from services.claims.domain.ledger import balances
from services.claims.domain.next_action import Situation
from services.claims.domain.next_action_kinds import KINDS
from services.claims.domain.next_action_progress import NO_PROGRESS, Snooze
from services.claims.domain.timeline import TimelineKind
from services.claims.domain.worked_action import completed, is_for_a_person, is_reported, last_day_to_wait
from services.claims.flows.claim.act_on_claim import Trace, act_on_claim
from services.claims.flows.claim.claim_notes import note_claim
from services.claims.flows.claim.transition_claim import situation, transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.store import claims as store
from services.claims.store import remittances
from services.claims.store.tables import ClaimRow
from shared.contracts.claim_work import ClaimNoteBody, NextActionAssign, NextActionDone, NextActionSnooze
from shared.contracts.claims import Claim
from shared.database import UnitOfWork
from shared.database.operations import add_event
from shared.errors import Conflict, Fault
from shared.security.caller import Caller

Command = TypeVar("Command", NextActionDone, NextActionSnooze, NextActionAssign)
Work = Callable[[Session, Dependencies, ClaimRow, Command, datetime], Trace]


def work_on_claim(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, work: Work[Command], command: Command
) -> Claim:
    """`complete`, `snooze` or `assign` in a transaction of its own. Raises NotFound, and the work's Conflict."""

    def act(session: Session, row: ClaimRow, now: datetime) -> Trace:
        return worked(session, deps, row, work, command, now)

    return act_on_claim(deps, unit_of_work, caller, claim_id, command.actor, act)


def worked(
    session: Session, deps: Dependencies, row: ClaimRow, work: Work[Command], command: Command, now: datetime
) -> Trace:
    """Within a transaction: one of the works below, the next action worked out anew, and its event."""
    trace = work(session, deps, row, command, now)
    transition_claim(session, deps.ids, row, now)
    data = {"next_action": row.next_kind, "due_on": row.next_due_on.isoformat(), "assignee_id": row.assignee_id}
    add_event(
        session,
        deps.ids,
        organization_id=row.organization_id,
        at=now,
        kind=f"claim.{trace.kind.value}".replace("claim.claim_", "claim."),
        subject_id=row.id,
        data=data,
    )
    return trace


def complete(session: Session, deps: Dependencies, row: ClaimRow, command: NextActionDone, now: datetime) -> Trace:
    """What was done, and what comes next. Raises Conflict."""
    _refuse_another(row, command.kind)
    if not is_reported(command.kind):
        detail = f"{command.kind} is not reported; `next_action.operation` does it"
        raise _conflict(row, detail, "not_reported", "/body/kind", "Do the `operation` of the claim's `next_action`.")
    facts = facts_of(session, row, now)
    done_on = command.done_on or facts.today
    if done_on > facts.today:
        detail = f"{done_on} has not come yet; today is {facts.today}"
        raise _conflict(row, detail, "done_in_future", "/body/done_on", "Report it once it is done.")
    if command.follow_up_on is not None:
        _refuse_day(row, facts, command.follow_up_on, "/body/follow_up_on")
    done = completed(facts, command.kind, done_on, command.follow_up_on)
    row.progress = replace(row.progress or NO_PROGRESS, done=done)
    if command.note is not None:
        note_claim(session, deps, row, ClaimNoteBody(text=command.note, author=command.actor), now)
    by, reference = (f" by {command.by}" if command.by else ""), command.reference
    named = f"; reference {reference}" if reference else ""
    words = f"{KINDS[command.kind].done} on {done_on}{by}{named}."
    return Trace(TimelineKind.NEXT_ACTION_DONE, words, codes=[command.kind])


def snooze(session: Session, _deps: Dependencies, row: ClaimRow, command: NextActionSnooze, now: datetime) -> Trace:
    """Another day for the present next action. Raises Conflict."""
    _refuse_another(row, command.kind)
    if not is_for_a_person(command.kind):
        detail = f"{command.kind} waits for others, so there is nothing to put off"
        raise _conflict(row, detail, "not_put_off", "/body/kind", "Nothing to do: it is looked at again on its day.")
    _refuse_day(row, facts_of(session, row, now), command.until, "/body/until")
    later = Snooze(row.next_kind, row.next_rule, command.until)
    row.progress = replace(row.progress or NO_PROGRESS, snooze=later)
    words = f"Put off to {command.until}: {command.reason}"
    return Trace(TimelineKind.NEXT_ACTION_PUT_OFF, words, command.reason, [command.kind])


def assign(_session: Session, _deps: Dependencies, row: ClaimRow, command: NextActionAssign, _now: datetime) -> Trace:
    """Who works on the claim from now on."""
    row.assignee_id = command.assignee_id
    words = f"Assigned to {command.assignee_id}." if command.assignee_id else "Assigned to nobody."
    return Trace(TimelineKind.CLAIM_ASSIGNED, words, codes=[row.next_kind])


def facts_of(session: Session, row: ClaimRow, now: datetime) -> Situation:
    """Within a transaction: all that the claim's next action depends on."""
    money = balances(store.entries(session, row.organization_id, [row.id])[row.id])
    waits = remittances.waits_since(session, row.organization_id, [row.id])
    return situation(row, money, now, waits.get(row.id))


def _refuse_another(row: ClaimRow, kind: str) -> None:
    if kind != row.next_kind:
        detail = f"the claim's next action is {row.next_kind} now, due {row.next_due_on}: {row.next_reason}"
        message = f"{kind} is not what the claim needs now: {row.next_kind} is."
        fix = (
            "Read the claim, and do the `operation` of its `next_action`; what was done already needs no second report."
        )
        fault = Fault("/body/kind", "next_action_changed", message, fix)
        raise Conflict(detail, code="next_action_changed", errors=[fault], current_version=row.version)


def _refuse_day(row: ClaimRow, facts: Situation, day: date, pointer: str) -> None:
    last = last_day_to_wait(facts, row.next_kind)
    if not facts.today < day <= last:
        detail = f"{day} is out of bounds: it must be after {facts.today} and no later than {last}"
        raise _conflict(row, detail, "day_out_of_bounds", pointer, "Choose a day within these bounds.")


def _conflict(row: ClaimRow, detail: str, code: str, pointer: str, fix: str) -> Conflict:
    return Conflict(detail, code=code, pointer=pointer, fix=fix, current_version=row.version)
