"""Open the next level of appeal against what a payer has decided: a draft with a letter that the claim's file fills."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from services.claims.domain.appeals.letter import write_letter
from services.claims.domain.appeals.levels import level_of
from services.claims.domain.appeals.lifecycle import AppealState
from services.claims.domain.appeals.opening import FIRST, next_level, no_such_level, why_not_open
from services.claims.domain.appeals.standing import AppealStanding
from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.appeals.appeal_act import Acted, finish, refused, standing_of_claim
from services.claims.flows.appeals.appeal_views import appeal_view
from services.claims.flows.appeals.edit_appeal import refuse_foreign_notes
from services.claims.flows.appeals.gather_case import disputable_cents, gather
from services.claims.flows.claim.build_claim import found_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.store import appeals
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow
from services.claims.store.work_tables import AppealRow
from shared.contracts.appeals import Appeal, AppealBody, AppealOpen
from shared.database import UnitOfWork
from shared.security.caller import Caller


@dataclass(frozen=True, slots=True)
class AppealStart:
    """What an appeal begins with."""

    appeal_id: str
    at: datetime
    body: AppealBody


def open_appeal(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: AppealOpen
) -> Appeal:
    """Raises NotFound, and Conflict with the reason where the claim cannot be appealed."""
    now, appeal_id = deps.clock.now(), deps.ids("apl")

    def write(session: Session) -> Appeal:
        row = found_claim(store.claim(session, caller.organization_id, claim_id))
        newest = standing_of_claim(session, row)
        _refuse(session, row, newest)
        body = AppealBody(letter="", claim_note_ids=command.claim_note_ids, opened_by=command.actor)
        appeal = _next_appeal(session, row, newest, AppealStart(appeal_id, now, body))
        refuse_foreign_notes(session, row, appeal, command.claim_note_ids)
        found = gather(session, row, appeal, now)
        appeal.body = body.model_copy(update={"letter": write_letter(found.case)})
        session.add(appeal)
        session.flush()
        summary = f"Level {appeal.level} of dispute was opened ({appeal.kind.replace('_', ' ')})."
        acted = Acted(TimelineKind.APPEAL_OPENED, summary, command.actor, "appeal.opened")
        finish(session, deps, caller, row, appeal, acted, now)
        return appeal_view(session, row, appeal, now)

    return unit_of_work.run(write)


def _refuse(session: Session, row: ClaimRow, newest: AppealStanding | None) -> None:
    responses = row.document.responses
    why = why_not_open(
        ClaimState(row.state),
        decided=bool(responses.payments_in_force),
        unprocessable=responses.unprocessable,
        disputable_cents=disputable_cents(session, row),
        newest=newest,
    )
    if why is not None:
        raise refused(row.version, why)


def _next_appeal(session: Session, row: ClaimRow, newest: AppealStanding | None, start: AppealStart) -> AppealRow:
    """The row of the next level. Raises Conflict where the payer has none."""
    responses = row.document.responses
    level = next_level(newest, len(responses.payments))
    before = appeals.newest_appeal(session, row.organization_id, row.id) if level > FIRST else None
    decided_on = before.decided_on if before is not None else responses.remitted_on
    assert decided_on is not None, "what is appealed was decided on a day"
    profile = row.document.source.profile
    found = level_of(profile, level, notice_on=decided_on, date_of_service=row.date_of_service)
    if found is None:
        raise refused(row.version, no_such_level(level))
    return AppealRow(
        organization_id=row.organization_id,
        id=start.appeal_id,
        claim_id=row.id,
        level=level,
        kind=found.kind,
        state=AppealState.DRAFT,
        answers=len(responses.payments),
        opened_at=start.at,
        notice_on=decided_on,
        last_day_to_send=found.last_day,
        last_day_source=found.source,
        body=start.body,
    )
