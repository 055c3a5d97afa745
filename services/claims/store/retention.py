"""Rows of patients whose records are over, and what is shared with the records of others."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, and_, col, func, select

from services.claims.domain.message_lifecycle import MessageState
from services.claims.domain.timeline import SourceType
from services.claims.store.attachment_tables import AttachmentPieceRow, AttachmentRow
from services.claims.store.claims import SUMMARY_COLUMNS
from services.claims.store.disclosure_tables import DisclosureRow
from services.claims.store.opening_tables import OpeningBalanceRow, OpeningVisitsRow
from services.claims.store.remittance_tables import RemittancePaymentRow, RemittanceRow
from services.claims.store.rows import Row
from services.claims.store.tables import (
    ClaimNumberRow,
    ClaimRow,
    ClaimSubmissionRow,
    DestroyedTotalsRow,
    FileRow,
    LedgerRow,
    MessageRow,
    PostingRow,
    ReceivedMessageRow,
    TimelineRow,
    UnroutedPartRow,
)
from services.claims.store.visit_tables import ClaimVisitRow
from services.claims.store.work_tables import AppealRow, ClaimNoteRow
from shared.tenancy import INSTALLATION_ID

CONTENT_OF_MESSAGE: Any = MessageRow.content


@dataclass(frozen=True, slots=True)
class BilledPatient:
    """When a patient was last treated as far as claims know, and the last money or disclosure."""

    last_service_on: date
    last_activity: datetime


def billed(session: Session, organization_id: str, patient_ids: Collection[str]) -> dict[str, BilledPatient]:
    """Of some patients; who has no claim is left out."""
    own = (ClaimRow.organization_id == organization_id, col(ClaimRow.patient_id).in_(patient_ids))
    claims = session.exec(
        select(ClaimRow.patient_id, func.max(ClaimRow.date_of_service), func.max(ClaimRow.created_at))
        .where(*own)
        .group_by(ClaimRow.patient_id)
    ).all()
    posted = session.exec(
        select(ClaimRow.patient_id, func.max(LedgerRow.posted_at))
        .join(LedgerRow, and_(LedgerRow.organization_id == ClaimRow.organization_id, LedgerRow.claim_id == ClaimRow.id))
        .where(*own)
        .group_by(ClaimRow.patient_id)
    ).all()
    disclosed = session.exec(
        select(DisclosureRow.patient_id, func.max(DisclosureRow.disclosed_at))
        .where(DisclosureRow.organization_id == organization_id, col(DisclosureRow.patient_id).in_(patient_ids))
        .group_by(DisclosureRow.patient_id)
    ).all()
    later: dict[str, list[datetime]] = {}
    for patient_id, at in (*posted, *disclosed):
        if at is not None:
            later.setdefault(patient_id, []).append(at)
    return {
        patient_id: BilledPatient(day, max([created, *later.get(patient_id, ())]))
        for patient_id, day, created in claims
        if day is not None and created is not None
    }


def patients(session: Session, organization_id: str) -> set[str]:
    """Everyone who has a claim."""
    return set(session.exec(select(ClaimRow.patient_id).where(ClaimRow.organization_id == organization_id).distinct()))


def claims_of_patient(session: Session, organization_id: str, patient_id: str, count: int) -> Sequence[ClaimRow]:
    """At most `count` claims of a patient, oldest first, their documents not loaded."""
    query = select(ClaimRow).where(ClaimRow.organization_id == organization_id, ClaimRow.patient_id == patient_id)
    query = query.options(*SUMMARY_COLUMNS).order_by(col(ClaimRow.date_of_service), col(ClaimRow.id))
    return session.exec(query.limit(count)).all()


def disclosures_of_patient(
    session: Session, organization_id: str, patient_id: str, count: int
) -> Sequence[DisclosureRow]:
    """At most `count` disclosures of a patient's data, also those that never came about."""
    query = select(DisclosureRow).where(
        DisclosureRow.organization_id == organization_id, DisclosureRow.patient_id == patient_id
    )
    return session.exec(query.order_by(col(DisclosureRow.id)).limit(count)).all()


def opening_visits_of_patient(
    session: Session, organization_id: str, patient_id: str, count: int
) -> Sequence[OpeningVisitsRow]:
    """At most `count` counts of what a patient had used before the practice moved in."""
    query = select(OpeningVisitsRow).where(
        OpeningVisitsRow.organization_id == organization_id, OpeningVisitsRow.patient_id == patient_id
    )
    return session.exec(query.order_by(col(OpeningVisitsRow.id)).limit(count)).all()


def rows_of_claim(session: Session, organization_id: str, claim_id: str) -> list[Row]:
    """What belongs to a claim alone: its numbers, submissions, visits, money, notes, files, appeals, opening
    balance, timeline."""
    found: list[Row] = []
    for kind, column in (
        (ClaimNumberRow, ClaimNumberRow.claim_id),
        (ClaimSubmissionRow, ClaimSubmissionRow.claim_id),
        (ClaimVisitRow, ClaimVisitRow.claim_id),
        (LedgerRow, LedgerRow.claim_id),
        (PostingRow, PostingRow.claim_id),
        (RemittancePaymentRow, RemittancePaymentRow.claim_id),
        (ClaimNoteRow, ClaimNoteRow.claim_id),
        (AttachmentRow, AttachmentRow.claim_id),
        (AttachmentPieceRow, AttachmentPieceRow.claim_id),
        (AppealRow, AppealRow.claim_id),
        (OpeningBalanceRow, OpeningBalanceRow.claim_id),
        (TimelineRow, TimelineRow.subject_id),
    ):
        found += session.exec(select(kind).where(kind.organization_id == organization_id, column == claim_id)).all()
    return found


def files_without_claims(session: Session, organization_id: str, file_ids: Iterable[str]) -> list[Row]:
    """Those of some files that no claim is in any more, with their timelines."""
    found: list[Row] = []
    for file_id in sorted(set(file_ids)):
        named = select(ClaimNumberRow.id).where(
            ClaimNumberRow.organization_id == organization_id, ClaimNumberRow.file_id == file_id
        )
        file = session.get(FileRow, (organization_id, file_id))
        if file is not None and session.exec(named.limit(1)).first() is None:
            entries = select(TimelineRow).where(
                TimelineRow.organization_id == organization_id, TimelineRow.subject_id == file_id
            )
            found += [file, *session.exec(entries).all()]
    return found


def message_ids_of(rows: Iterable[Row]) -> set[str]:
    """The messages that entries of timelines name."""
    return {row.source_id for row in rows if isinstance(row, TimelineRow) and row.source_type == SourceType.MESSAGE}


def messages_about_nothing(session: Session, organization_id: str, message_ids: Iterable[str]) -> list[MessageRow]:
    """Those of some messages that were applied and that no timeline names any more."""
    found = []
    for message_id in sorted(set(message_ids)):
        named = select(TimelineRow.id).where(
            TimelineRow.organization_id == organization_id,
            TimelineRow.source_id == message_id,
            TimelineRow.source_type == SourceType.MESSAGE,
        )
        message = session.get(MessageRow, (organization_id, message_id), options=[defer(CONTENT_OF_MESSAGE)])
        if message is None or message.state != MessageState.APPLIED:
            continue
        if session.exec(named.limit(1)).first() is None:
            found.append(message)
    return found


def remittances_of_messages(session: Session, organization_id: str, message_ids: Collection[str]) -> list[Row]:
    """The remittances that came in these messages, with their payments that waited."""
    own = (RemittanceRow.organization_id == organization_id, col(RemittanceRow.message_id).in_(message_ids))
    remittances = session.exec(select(RemittanceRow).where(*own)).all()
    payments = select(RemittancePaymentRow).where(
        RemittancePaymentRow.organization_id == organization_id,
        col(RemittancePaymentRow.remittance_id).in_([row.id for row in remittances]),
    )
    return [*remittances, *session.exec(payments)]


def received_of_nobody(session: Session, message_ids: Iterable[str]) -> list[ReceivedMessageRow]:
    """Those of some messages of which no organization has a part any more, and the operator none that waits."""
    found = []
    for message_id in sorted(set(message_ids)):
        received = session.get(ReceivedMessageRow, (INSTALLATION_ID, message_id))
        parts = session.exec(select(MessageRow.id).where(MessageRow.id == message_id).limit(1)).first()
        waiting = session.exec(
            select(UnroutedPartRow.id).where(UnroutedPartRow.received_id == message_id).limit(1)
        ).first()
        if received is not None and parts is None and waiting is None:
            found.append(received)
    return found


def totals_of_year(session: Session, organization_id: str, year: int) -> DestroyedTotalsRow:
    """The row of a year of service, new where nothing of that year was destroyed yet."""
    found = session.get(DestroyedTotalsRow, (organization_id, str(year)))
    return found or DestroyedTotalsRow(organization_id=organization_id, id=str(year))


def totals(session: Session, organization_id: str) -> Sequence[DestroyedTotalsRow]:
    """All years."""
    query = select(DestroyedTotalsRow).where(DestroyedTotalsRow.organization_id == organization_id)
    return session.exec(query.order_by(col(DestroyedTotalsRow.id))).all()
