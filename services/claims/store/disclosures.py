"""Rows of disclosures: what of a patient left the practice."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, and_, col, or_, select

from services.claims.store.disclosure_tables import DisclosureRow


def undisclosed(session: Session, organization_id: str, file_id: str) -> Sequence[DisclosureRow]:
    """The claims of a file that nobody is known to have."""
    query = select(DisclosureRow).where(
        DisclosureRow.organization_id == organization_id,
        DisclosureRow.file_id == file_id,
        col(DisclosureRow.disclosed_at).is_(None),
    )
    return session.exec(query.order_by(col(DisclosureRow.id))).all()


def disclosures_page(
    session: Session,
    organization_id: str,
    patient_id: str,
    *,
    since: datetime,
    after: tuple[datetime, str] | None,
    limit: int,
) -> Sequence[DisclosureRow]:
    """Up to `limit + 1` disclosures of a patient's data from a moment on, oldest first, after a (moment, id)."""
    at, key = col(DisclosureRow.disclosed_at), col(DisclosureRow.id)
    query = select(DisclosureRow).where(
        DisclosureRow.organization_id == organization_id, DisclosureRow.patient_id == patient_id, at >= since
    )
    if after is not None:
        query = query.where(or_(at > after[0], and_(at == after[0], key > after[1])))
    return session.exec(query.order_by(at, key).limit(limit + 1)).all()
