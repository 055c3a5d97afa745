"""What every act on an appeal has in common: the claim and the appeal are found, the act is done, the claim's next
action follows, and the act leaves its traces."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from services.claims.domain.appeals.levels import AppealLevel, level_of
from services.claims.domain.appeals.lifecycle import APPEAL_LIFECYCLE, AppealEvent, AppealState
from services.claims.domain.appeals.refusal import Refusal
from services.claims.domain.appeals.standing import AppealStanding
from services.claims.domain.next_action_progress import NO_PROGRESS
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.appeals.appeal_views import appeal_view
from services.claims.flows.audit import audit
from services.claims.flows.claim.build_claim import found_claim
from services.claims.flows.claim.transition_claim import local_today, transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.record_timeline import record_act
from services.claims.store import appeals
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow
from services.claims.store.work_tables import AppealRow
from shared.contracts.appeals import Appeal
from shared.contracts.common import Actor
from shared.database import UnitOfWork
from shared.database.operations import add_event
from shared.errors import Conflict, Fault, NotFound
from shared.security.caller import Caller


@dataclass(frozen=True, slots=True)
class Acted:
    """What an act did: its kind and summary for the timeline, who did it, and the reason that was given. `event` is the
    type in the feed; None where it is not told."""

    kind: TimelineKind
    summary: str
    actor: Actor
    event: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment of an act, and its day in the practice's zone."""

    now: datetime
    today: date


Act = Callable[[Session, ClaimRow, AppealRow, Moment], Acted | None]
"""What an act did; None where it changed nothing."""


def act_on_appeal(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, appeal_id: str, act: Act
) -> Appeal:
    """One act on an appeal that there is, in a transaction of its own. Raises NotFound, and the act's Conflict."""
    now = deps.clock.now()

    def write(session: Session) -> Appeal:
        row = found_claim(store.claim(session, caller.organization_id, claim_id))
        appeal = found_appeal(appeals.appeal(session, caller.organization_id, claim_id, appeal_id))
        acted = act(session, row, appeal, Moment(now, local_today(row, now)))
        if acted is not None:
            appeal.version += 1
            session.add(appeal)
            session.flush()
            finish(session, deps, caller, row, appeal, acted, now)
        return appeal_view(session, row, appeal, now)

    return unit_of_work.run(write)


def finish(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    row: ClaimRow,
    appeal: AppealRow,
    acted: Acted,
    now: datetime,
) -> None:
    """Within a transaction: where the claim stands after the act, and the act's traces."""
    row.progress = replace(row.progress or NO_PROGRESS, appeal=standing_of_claim(session, row))
    transition_claim(session, deps.ids, row, now)
    action, actor = acted.kind.value, acted.actor
    audit(session, deps, caller, at=now, action=action, subject_id=appeal.id, actor=actor, reason=acted.reason)
    record_act(session, deps, caller, row, acted.kind, acted.summary, at=now, actor=actor, codes=[appeal.kind])
    if acted.event is not None:
        data = {"claim_id": row.id, "level": appeal.level, "kind": appeal.kind, "state": appeal.state}
        add_event(
            session,
            deps.ids,
            organization_id=row.organization_id,
            at=now,
            kind=acted.event,
            subject_id=appeal.id,
            data=data,
        )


def step(appeal: AppealRow, event: AppealEvent) -> None:
    """Move an appeal. Raises Conflict with the reason where its table has no such move."""
    state = AppealState(appeal.state)
    if not APPEAL_LIFECYCLE.allows(state, event):
        first = (
            "Send it first." if state is AppealState.DRAFT else "Read the appeal; open the next level if there is one."
        )
        raise refused(appeal.version, Refusal("appeal_state", f"The appeal is {state}, so this cannot be done.", first))
    appeal.state = APPEAL_LIFECYCLE.step(state, event)


def refused(version: int, why: Refusal, pointer: str = "/body") -> Conflict:
    """Why not, as callers read it."""
    detail = why.message.rstrip(".")
    fault = Fault(pointer, why.code, why.message, why.fix)
    return Conflict(detail[0].lower() + detail[1:], code=why.code, errors=[fault], current_version=version)


def refuse_future(appeal: AppealRow, day: date, today: date, pointer: str) -> None:
    """Nothing was done on a day that has not come. Raises Conflict."""
    if day > today:
        why = Refusal(
            "day_in_future", f"{day} has not come yet; today is {today}.", "Give the day on which it was done."
        )
        raise refused(appeal.version, why, pointer)


def found_appeal(found: AppealRow | None) -> AppealRow:
    """The appeal. Raises NotFound."""
    if found is None:
        raise NotFound("the claim has no such appeal", code="appeal_not_found")
    return found


def level_after(row: ClaimRow, appeal: AppealRow) -> AppealLevel | None:
    """The level that follows an appeal which the payer has decided, counted from its notice."""
    notice_on = appeal.decided_on or appeal.notice_on
    profile = row.document.source.profile
    return level_of(profile, appeal.level + 1, notice_on=notice_on, date_of_service=row.date_of_service)


def standing_of_claim(session: Session, row: ClaimRow) -> AppealStanding | None:
    """Within a transaction: where the newest appeal stands that was not withdrawn."""
    newest = appeals.newest_appeal(session, row.organization_id, row.id)
    if newest is None:
        return None
    state = AppealState(newest.state)
    after = level_after(row, newest) if newest.decided_on else None
    zone_day = local_today(row, newest.opened_at)
    return AppealStanding(
        newest.id,
        newest.level,
        newest.kind,
        state,
        on=newest.decided_on or newest.sent_on or zone_day,
        answers=newest.answers,
        due_on=newest.last_day_to_send if state is AppealState.DRAFT else newest.answer_due_on,
        next_level=after is not None and bool(row.document.source.profile.disputes),
        next_due_on=after.last_day if after is not None else None,
    )
