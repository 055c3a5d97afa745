"""Reading the audit trail of an organization, page by page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from shared.database.operations import AuditEntry


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What narrows a list of entries; None does not. `start` is included, `end` is not, both of wall time."""

    subject_id: str | None = None
    patient_id: str | None = None
    client_id: str | None = None
    start: datetime | None = None
    end: datetime | None = None


def audit_page(
    session: Session, organization_id: str, wanted: AuditFilter, *, after: int, count: int
) -> Sequence[AuditEntry]:
    """At most `count` entries in order of their sequence, from `after` (exclusive) on."""
    query = select(AuditEntry).where(AuditEntry.organization_id == organization_id, AuditEntry.sequence > after)
    for column in ("subject_id", "patient_id", "client_id"):
        value = getattr(wanted, column)
        if value is not None:
            query = query.where(getattr(AuditEntry, column) == value)
    if wanted.start is not None:
        query = query.where(AuditEntry.wall_at >= wanted.start)
    if wanted.end is not None:
        query = query.where(AuditEntry.wall_at < wanted.end)
    return session.exec(query.order_by(col(AuditEntry.sequence)).limit(count)).all()


def last_entries(session: Session, organization_id: str, patient_ids: Collection[str]) -> dict[str, datetime]:
    """When something was last done with the data of some patients, by wall time; who has no entry is left out."""
    query = select(AuditEntry.patient_id, func.max(AuditEntry.wall_at)).where(
        AuditEntry.organization_id == organization_id, col(AuditEntry.patient_id).in_(patient_ids)
    )
    found = session.exec(query.group_by(col(AuditEntry.patient_id)))
    return {str(patient_id): at for patient_id, at in found if at is not None}
