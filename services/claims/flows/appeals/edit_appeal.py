"""The biller's own words: the letter of a draft, and which notes on the claim go with it."""

from collections.abc import Sequence

from sqlmodel import Session

from services.claims.domain.appeals.lifecycle import AppealState
from services.claims.domain.appeals.refusal import Refusal
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.appeals.appeal_act import Acted, Moment, act_on_appeal, refused
from services.claims.flows.dependencies import Dependencies
from services.claims.store import appeals
from services.claims.store.tables import ClaimRow
from services.claims.store.work_tables import AppealRow
from shared.contracts.appeals import Appeal, AppealEdit
from shared.database import UnitOfWork
from shared.security.caller import Caller
from shared.versions import Precondition


def edit_appeal(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    claim_id: str,
    appeal_id: str,
    command: AppealEdit,
    precondition: Precondition,
) -> Appeal:
    """What changes nothing leaves the version as it is. Raises NotFound, PreconditionFailed, Conflict once the appeal
    was sent."""

    def edit(session: Session, row: ClaimRow, appeal: AppealRow, _at: Moment) -> Acted | None:
        precondition.check(appeal.version)
        if appeal.state != AppealState.DRAFT:
            text = f"The appeal is {appeal.state}: its letter is kept as it was sent."
            raise refused(appeal.version, Refusal("appeal_state", text, "Open the next level if there is one."))
        refuse_foreign_notes(session, row, appeal, command.claim_note_ids or [])
        given = command.model_dump(include={"letter", "claim_note_ids"}, exclude_none=True)
        body = appeal.body.model_copy(update=given)
        if body == appeal.body:
            return None
        appeal.body = body
        return Acted(TimelineKind.APPEAL_EDITED, "The draft of the appeal was edited.", command.actor, None)

    return act_on_appeal(deps, unit_of_work, caller, claim_id, appeal_id, edit)


def refuse_foreign_notes(session: Session, row: ClaimRow, appeal: AppealRow, note_ids: Sequence[str]) -> None:
    """Only notes on this claim go with its appeal. Raises Conflict."""
    found = {one.id for one in appeals.chosen_notes(session, row.organization_id, row.id, note_ids)}
    missing = [one for one in note_ids if one not in found]
    if missing:
        text = f"The claim has no note {missing[0]}."
        why = Refusal("claim_note_not_found", text, "Take ids of `GET /v1/claims/{claim_id}/notes`.")
        raise refused(appeal.version, why, f"/body/claim_note_ids/{note_ids.index(missing[0])}")
