"""Claims as remittances ask for them: several by id, and those of a day, among which one is looked for."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlmodel import Session, col, select

from services.claims.store.tables import NOT_VOIDED, ClaimRow

CLAIMS_AT_ONCE = 500


def claims_of_days(session: Session, organization_id: str, days: Iterable[date], limit: int) -> list[ClaimRow]:
    """Up to `limit` claims of each day of service, voided ones left out."""
    found: list[ClaimRow] = []
    for day in days:
        query = select(ClaimRow).where(ClaimRow.organization_id == organization_id, ClaimRow.date_of_service == day)
        found += session.exec(query.where(NOT_VOIDED).order_by(col(ClaimRow.id).desc()).limit(limit))
    return found


def claims_by_id(session: Session, organization_id: str, claim_ids: Collection[str]) -> dict[str, ClaimRow]:
    """Those of some claims that there are."""
    found: dict[str, ClaimRow] = {}
    ids = sorted(claim_ids)
    for start in range(0, len(ids), CLAIMS_AT_ONCE):
        query = select(ClaimRow).where(ClaimRow.organization_id == organization_id)
        rows = session.exec(query.where(col(ClaimRow.id).in_(ids[start : start + CLAIMS_AT_ONCE])))
        found |= {row.id: row for row in rows}
    return found
