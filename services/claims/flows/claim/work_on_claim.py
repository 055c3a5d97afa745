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
from services.claims.flows.audit import audit
from services.claims.flows.claim.build_claim import found_claim
from services.claims.flows.claim.claim_notes import note_claim
from services.claims.flows.claim.transition_claim import situation, transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.views import claim_view
from services.claims.flows.record_timeline import record_act
from services.claims.store import claims as store
from services.claims.store import remittances
from services.claims.store.tables import ClaimRow
from shared.contracts.claim_work import ClaimNoteBody, NextActionAssign, NextActionDone, NextActionSnooze
from shared.contracts.claims import Claim
from shared.contracts.common import Actor
from shared.database import UnitOfWork
from shared.database.operations import add_event
from shared.errors import Conflict, Fault
from shared.security.caller import Caller

Command = TypeVar("Command", NextActionDone, NextActionSnooze, NextActionAssign)
Act = Callable[[Session, Dependencies, Caller, ClaimRow, Command, datetime], None]


def work_on_claim(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, act: Act[Command], command: Command
) -> Claim:
    """One of the acts below in a transaction of its own. Raises NotFound, and the act's Conflict."""
    now = deps.clock.now()

    def write(session: Session) -> Claim:
        row = found_claim(store.claim(session, caller.organization_id, claim_id))
        act(session, deps, caller, row, command, now)
        return claim_view(session, row)

    return unit_of_work.run(write)


def complete(
    session: Session, deps: Dependencies, caller: Caller, row: ClaimRow, command: NextActionDone, now: datetime
) -> None:
    """Within a transaction: what was done, and what comes next. Raises Conflict."""
    _refuse_another(row, command.kind)
    if not is_reported(command.kind):
        raise _conflict(row, f"{command.kind} is not reported; `next_action.operation` does it", "not_reported")
    facts = facts_of(session, row, now)
    done_on = command.done_on or facts.today
    if done_on > facts.today:
        raise _conflict(row, f"{done_on} has not come yet; today is {facts.today}", "done_in_future")
    if command.follow_up_on is not None:
        _refuse_day(row, facts, command.follow_up_on)
    done = completed(facts, command.kind, done_on, command.follow_up_on)
    row.progress = replace(row.progress or NO_PROGRESS, done=done)
    if command.note is not None:
        note_claim(session, deps, row, ClaimNoteBody(text=command.note, author=command.actor), now)
    by, reference = (f" by {command.by}" if command.by else ""), command.reference
    named = f"; reference {reference}" if reference else ""
    words = f"{KINDS[command.kind].done} on {done_on}{by}{named}."
    _moved(session, deps, caller, row, TimelineKind.NEXT_ACTION_DONE, words, now, command.actor, command.kind)


def snooze(
    session: Session, deps: Dependencies, caller: Caller, row: ClaimRow, command: NextActionSnooze, now: datetime
) -> None:
    """Within a transaction: another day for the present next action. Raises Conflict."""
    _refuse_another(row, command.kind)
    if not is_for_a_person(command.kind):
        raise _conflict(row, f"{command.kind} waits for others, so there is nothing to put off", "not_put_off")
    _refuse_day(row, facts_of(session, row, now), command.until)
    later = Snooze(row.next_kind, row.next_rule, command.until)
    row.progress = replace(row.progress or NO_PROGRESS, snooze=later)
    words = f"Put off to {command.until}: {command.reason}"
    kind = TimelineKind.NEXT_ACTION_PUT_OFF
    _moved(session, deps, caller, row, kind, words, now, command.actor, command.kind, command.reason)


def assign(
    session: Session, deps: Dependencies, caller: Caller, row: ClaimRow, command: NextActionAssign, now: datetime
) -> None:
    """Within a transaction: who works on the claim from now on."""
    row.assignee_id = command.assignee_id
    words = f"Assigned to {command.assignee_id}." if command.assignee_id else "Assigned to nobody."
    _moved(session, deps, caller, row, TimelineKind.CLAIM_ASSIGNED, words, now, command.actor, row.next_kind)


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


def _refuse_day(row: ClaimRow, facts: Situation, day: date) -> None:
    last = last_day_to_wait(facts, row.next_kind)
    if not facts.today < day <= last:
        detail = f"{day} is out of bounds: it must be after {facts.today} and no later than {last}"
        raise _conflict(row, detail, "day_out_of_bounds")


def _conflict(row: ClaimRow, detail: str, code: str) -> Conflict:
    return Conflict(detail, code=code, current_version=row.version)


def _moved(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    row: ClaimRow,
    kind: TimelineKind,
    summary: str,
    now: datetime,
    actor: Actor,
    action: str,
    reason: str | None = None,
) -> None:
    """Work the next action out anew, and leave the traces that every act leaves."""
    transition_claim(session, deps.ids, row, now)
    audit(
        session,
        deps,
        caller,
        at=now,
        action=kind.value,
        subject_id=row.id,
        actor=actor,
        patient_id=row.patient_id,
        reason=reason,
    )
    record_act(session, deps, caller, row, kind, summary, at=now, actor=actor, codes=[action])
    data = {"next_action": row.next_kind, "due_on": row.next_due_on.isoformat(), "assignee_id": row.assignee_id}
    add_event(
        session,
        deps.ids,
        organization_id=row.organization_id,
        at=now,
        kind=f"claim.{kind.value}".replace("claim.claim_", "claim."),
        subject_id=row.id,
        data=data,
    )
