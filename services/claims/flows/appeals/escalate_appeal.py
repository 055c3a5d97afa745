"""A payer that does not answer an appeal is pressed, or reported to who regulates it."""

from sqlmodel import Session

from services.claims.domain.appeals.escalation import EscalateTo, why_not
from services.claims.domain.appeals.levels import follow_up_days_of
from services.claims.domain.appeals.lifecycle import AppealEvent
from services.claims.domain.appeals.refusal import Refusal
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.appeals.appeal_act import Acted, Moment, act_on_appeal, refuse_future, refused, step
from services.claims.flows.appeals.send_appeal import BY_PERSON, SILENCE
from services.claims.flows.dependencies import Dependencies
from services.claims.store.tables import ClaimRow
from services.claims.store.work_tables import AppealRow
from shared.contracts.appeals import Appeal, AppealEscalate, AppealEscalation
from shared.database import UnitOfWork
from shared.dates import add_days
from shared.security.caller import Caller


def escalate_appeal(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, appeal_id: str, command: AppealEscalate
) -> Appeal:
    """Raises NotFound, and Conflict where it was not sent, where the payer still has time, or where this one regulates
    no such plan."""

    def escalate(_session: Session, row: ClaimRow, appeal: AppealRow, at: Moment) -> Acted:
        step(appeal, AppealEvent.ESCALATE)
        on = command.escalated_on or at.today
        refuse_future(appeal, on, at.today, "/body/escalated_on")
        source = row.document.source
        assert appeal.answer_due_on is not None, "what was sent has a day by which its answer is due"
        why = why_not(
            EscalateTo(command.to),
            source.profile,
            self_insured=source.coverage_bundle.coverage.self_insured,
            answer_due_on=appeal.answer_due_on,
            received_on=row.document.responses.accepted_on,
            today=on,
        )
        if why is not None:
            raise refused(appeal.version, why, "/body/to")
        appeal.answer_due_on = command.answer_due_on or add_days(on, max(follow_up_days_of(source.profile)))
        appeal.answer_due_source = BY_PERSON if command.answer_due_on else SILENCE
        if appeal.answer_due_on <= on:
            text = f"{appeal.answer_due_on} is not after {on}."
            day = Refusal("day_out_of_bounds", text, "Leave it out, or give a later day.")
            raise refused(appeal.version, day, "/body/answer_due_on")
        one = AppealEscalation(
            to=command.to,
            by=command.by,
            recipient=command.recipient,
            escalated_on=on,
            reference=command.reference,
            actor=command.actor,
        )
        appeal.body = appeal.body.model_copy(update={"escalations": [*appeal.body.escalations, one]})
        whom = command.to.replace("_", " ")
        summary = f"The payer's silence was taken to the {whom} by {command.by} on {on} ({command.recipient})."
        return Acted(TimelineKind.APPEAL_ESCALATED, summary, command.actor, "appeal.escalated")

    return act_on_appeal(deps, unit_of_work, caller, claim_id, appeal_id, escalate)
