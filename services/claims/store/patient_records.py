"""Which rows of claims, files and messages are a patient's."""

from collections.abc import Collection

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

from services.claims.domain.message_lifecycle import MessageState
from services.claims.domain.sanitize import can_be_ours
from services.claims.domain.timeline import SourceType
from services.claims.store.claims import NUMBERS_AT_ONCE
from services.claims.store.opening_tables import OpeningBalanceRow
from services.claims.store.tables import ClaimNumberRow, ClaimRow, FileRow, MessageRow, TimelineRow


def claim_is_hers(organization_id: str, patient_id: str) -> ColumnElement[bool]:
    """A claim of this patient."""
    return and_(ClaimRow.organization_id == organization_id, ClaimRow.patient_id == patient_id)


def timeline_is_hers(organization_id: str, patient_id: str) -> ColumnElement[bool]:
    """An entry of one of her claims; those of a file tell of several patients' claims."""
    claims = select(ClaimRow.id).where(claim_is_hers(organization_id, patient_id))
    return and_(TimelineRow.organization_id == organization_id, col(TimelineRow.subject_id).in_(claims))


def file_is_hers(organization_id: str, patient_id: str) -> ColumnElement[bool]:
    """A file that one of her claims went out in, under any of its numbers."""
    claims = select(ClaimRow.id).where(claim_is_hers(organization_id, patient_id))
    files = select(ClaimNumberRow.file_id).where(
        ClaimNumberRow.organization_id == organization_id, col(ClaimNumberRow.claim_id).in_(claims)
    )
    return col(FileRow.id).in_(files)


def message_may_be_hers(organization_id: str, patient_id: str) -> ColumnElement[bool]:
    """A message that her claims' timelines name, or one that no timeline names yet."""
    named = select(TimelineRow.source_id).where(
        timeline_is_hers(organization_id, patient_id), TimelineRow.source_type == SourceType.MESSAGE
    )
    return or_(MessageRow.state != MessageState.APPLIED, col(MessageRow.id).in_(named))


def numbers_of_patient(
    session: Session, organization_id: str, patient_id: str, claim_numbers: Collection[str]
) -> set[str]:
    """Which of these claim numbers are or were those of the patient's claims."""
    found: set[str] = set()
    numbers = sorted({one for one in claim_numbers if can_be_ours(one)})
    claims = select(ClaimRow.id).where(claim_is_hers(organization_id, patient_id))
    own = (ClaimNumberRow.organization_id == organization_id, col(ClaimNumberRow.claim_id).in_(claims))
    for start in range(0, len(numbers), NUMBERS_AT_ONCE):
        some = numbers[start : start + NUMBERS_AT_ONCE]
        found.update(session.exec(select(ClaimNumberRow.id).where(*own, col(ClaimNumberRow.id).in_(some))))
    # Those of claims that were sent elsewhere, which no file of ours has.
    query = select(OpeningBalanceRow).where(OpeningBalanceRow.organization_id == organization_id)
    elsewhere = session.exec(query.where(col(OpeningBalanceRow.claim_id).in_(claims)))
    return found | {row.claim_number for row in elsewhere if row.claim_number in claim_numbers}


def numbers_in_file(session: Session, organization_id: str, patient_id: str, file_id: str) -> set[str]:
    """The numbers under which the patient's claims are in a file."""
    claims = select(ClaimRow.id).where(claim_is_hers(organization_id, patient_id))
    query = select(ClaimNumberRow.id).where(
        ClaimNumberRow.organization_id == organization_id,
        ClaimNumberRow.file_id == file_id,
        col(ClaimNumberRow.claim_id).in_(claims),
    )
    return set(session.exec(query))
