"""An appeal was sent outside, by portal, fax or mail: an act that is recorded, with the packet as it left."""

from datetime import date

from sqlmodel import Session

from services.claims.domain.appeals.levels import AppealLevel, answer_due, follow_up_days_of, level_of
from services.claims.domain.appeals.lifecycle import AppealEvent
from services.claims.domain.appeals.refusal import Refusal
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.appeals.appeal_act import Acted, Moment, act_on_appeal, refuse_future, refused, step
from services.claims.flows.appeals.appeal_views import packed_body, paid_cents
from services.claims.flows.claim.dispute_underpayment import dispute_lines
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.disclosures import disclose_appeal
from services.claims.store.tables import ClaimRow
from services.claims.store.work_tables import AppealRow
from shared.contracts.appeals import Appeal, AppealSend, AppealSending
from shared.database import UnitOfWork
from shared.security.caller import Caller

SILENCE = "The longest silence of the payer's profile: no document at hand says how long it has to decide"
BY_PERSON = "The person who sent it"


def send_appeal(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, appeal_id: str, command: AppealSend
) -> Appeal:
    """Raises NotFound, and Conflict where it was sent before, too late, or on a day to come."""

    def send(session: Session, row: ClaimRow, appeal: AppealRow, at: Moment) -> Acted:
        body = packed_body(session, row, appeal, at.now)
        step(appeal, AppealEvent.SEND)
        sent_on = command.sent_on or at.today
        refuse_future(appeal, sent_on, at.today, "/body/sent_on")
        if appeal.last_day_to_send is not None and sent_on > appeal.last_day_to_send and not command.late_reason:
            text = f"The last day to send it was {appeal.last_day_to_send} ({appeal.last_day_source})."
            fix = "Give the good cause as `late_reason`, or write the amount off."
            raise refused(appeal.version, Refusal("window_closed", text, fix), "/body/sent_on")
        _date_answer(row, appeal, command, at)
        appeal.sent_on, appeal.paid_before_cents = sent_on, paid_cents(session, row)
        appeal.answers = len(row.document.responses.payments)
        dispute_lines(row, at.today)
        appeal.body = body.model_copy(update={"sending": _sending(command, sent_on)})
        disclose_appeal(session, deps.ids, row, f"{command.recipient} ({command.by})", at.now)
        reference = f"; reference {command.reference}" if command.reference else ""
        summary = f"The appeal was sent by {command.by} to {command.recipient} on {sent_on}{reference}."
        return Acted(TimelineKind.APPEAL_SENT, summary, command.actor, "appeal.sent", command.late_reason)

    return act_on_appeal(deps, unit_of_work, caller, claim_id, appeal_id, send)


def _date_answer(row: ClaimRow, appeal: AppealRow, command: AppealSend, at: Moment) -> None:
    """When the answer is due, and who says so."""
    sent_on = command.sent_on or at.today
    if command.answer_due_on is not None:
        if command.answer_due_on <= sent_on:
            text = f"{command.answer_due_on} is not after {sent_on}, the day it was sent."
            why = Refusal("day_out_of_bounds", text, "Leave it out, or give a later day.")
            raise refused(appeal.version, why, "/body/answer_due_on")
        appeal.answer_due_on, appeal.answer_due_source = command.answer_due_on, BY_PERSON
        return
    profile = row.document.source.profile
    found = level_of(
        profile, appeal.level, notice_on=appeal.notice_on, date_of_service=row.date_of_service
    ) or AppealLevel(appeal.level, appeal.kind, appeal.last_day_to_send, appeal.last_day_source)
    appeal.answer_due_on = answer_due(found, sent_on, max(follow_up_days_of(profile)))
    appeal.answer_due_source = SILENCE if found.answer_days is None else found.answer_source or found.source


def _sending(command: AppealSend, sent_on: date) -> AppealSending:
    return AppealSending(
        by=command.by,
        recipient=command.recipient,
        sent_on=sent_on,
        reference=command.reference,
        late_reason=command.late_reason,
        actor=command.actor,
    )
