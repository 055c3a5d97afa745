"""Appeals as callers read them. What was won is always the difference of the ledger's sums."""

from datetime import datetime

from sqlmodel import Session

from services.claims.domain.appeals.lifecycle import AppealState
from services.claims.domain.ledger import balances
from services.claims.flows.appeals.assemble_packet import packet_files, packet_findings
from services.claims.flows.appeals.gather_case import Gathered, gather
from services.claims.flows.claim.transition_claim import local_today
from services.claims.store import appeals
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow
from services.claims.store.work_tables import AppealRow
from shared.contracts.appeals import (
    Appeal,
    AppealBody,
    AppealFile,
    AppealFileBody,
    AppealInterest,
    AppealPacket,
    AppealSummary,
)


def summary_view(session: Session, row: ClaimRow, appeal: AppealRow) -> AppealSummary:
    """One level without its letter and packet."""
    before = appeal.paid_before_cents
    return AppealSummary(
        id=appeal.id,
        claim_id=row.id,
        version=appeal.version,
        level=appeal.level,
        kind=appeal.kind,
        state=appeal.state,
        opened_at=appeal.opened_at,
        notice_on=appeal.notice_on,
        last_day_to_send=appeal.last_day_to_send,
        last_day_source=appeal.last_day_source,
        sent_on=appeal.sent_on,
        answer_due_on=appeal.answer_due_on,
        answer_due_source=appeal.answer_due_source,
        decided_on=appeal.decided_on,
        paid_before_cents=before,
        won_cents=_paid_after(session, row, appeal) - before if before is not None else None,
    )


def appeal_view(session: Session, row: ClaimRow, appeal: AppealRow, now: datetime) -> Appeal:
    """One level with its letter and its packet: as it would be sent now, or as it was sent."""
    body = packed_body(session, row, appeal, now)
    return Appeal(
        **summary_view(session, row, appeal).model_dump(),
        causes=body.causes,
        letter=body.letter,
        claim_note_ids=body.claim_note_ids,
        packet=AppealPacket(files=[_file_view(row, appeal, one) for one in body.files], findings=body.findings),
        interest=body.interest,
        sending=body.sending,
        escalations=body.escalations,
        decision=body.decision,
        withdrawn_because=body.withdrawn_because,
    )


def packed_body(session: Session, row: ClaimRow, appeal: AppealRow, now: datetime) -> AppealBody:
    """What there is of an appeal, with its packet: a draft's is made from what is on file now."""
    if appeal.state != AppealState.DRAFT:
        return appeal.body
    return packed(row, appeal, gather(session, row, appeal, now), now)


def packed(row: ClaimRow, appeal: AppealRow, found: Gathered, now: datetime) -> AppealBody:
    """The body of a draft with the packet of what was gathered."""
    due = found.interest
    return appeal.body.model_copy(
        update={
            "causes": [cause.value for cause in found.case.causes],
            "interest": AppealInterest(
                amount_cents=due.amount_cents, months=due.months, overdue_from=due.overdue_from, source=due.source
            )
            if due is not None
            else None,
            "files": packet_files(row, appeal, found),
            "findings": packet_findings(row, appeal, found, local_today(row, now)),
        }
    )


def paid_cents(session: Session, row: ClaimRow) -> int:
    """What the payer has paid on the claim, less what it has taken back."""
    return balances(store.entries(session, row.organization_id, [row.id])[row.id]).paid_cents


def _paid_after(session: Session, row: ClaimRow, appeal: AppealRow) -> int:
    """What had been paid when the next appeal was sent, or by now."""
    later = appeals.paid_before_next(session, row.organization_id, row.id, appeal.id)
    return paid_cents(session, row) if later is None else later


def _file_view(row: ClaimRow, appeal: AppealRow, one: AppealFileBody) -> AppealFile:
    path = f"/v1/claims/{row.id}/appeals/{appeal.id}/files/{one.name}"
    return AppealFile.model_validate(one.model_dump() | {"path": path})
