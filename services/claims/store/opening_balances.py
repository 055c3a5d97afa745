"""Rows of opening balances and of what was used before a practice moved in."""

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from services.claims.store.opening_tables import OpeningBalanceRow, OpeningVisitsRow


def opening_balance(session: Session, organization_id: str, opening_id: str) -> OpeningBalanceRow | None:
    """The opening balance, or None."""
    return session.get(OpeningBalanceRow, (organization_id, opening_id))


def opening_balances_page(
    session: Session, organization_id: str, *, after: str | None, limit: int
) -> Sequence[OpeningBalanceRow]:
    """Up to `limit + 1` opening balances in the order of their entry."""
    query = select(OpeningBalanceRow).where(OpeningBalanceRow.organization_id == organization_id)
    if after is not None:
        query = query.where(col(OpeningBalanceRow.id) > after)
    return session.exec(query.order_by(col(OpeningBalanceRow.id)).limit(limit + 1)).all()


def standing_by_reference(
    session: Session, organization_id: str, reference_blinds: Collection[str]
) -> dict[str, OpeningBalanceRow]:
    """Those of some references that are entered and not withdrawn, by blind index."""
    query = select(OpeningBalanceRow).where(
        OpeningBalanceRow.organization_id == organization_id,
        col(OpeningBalanceRow.withdrawn_at).is_(None),
        col(OpeningBalanceRow.reference_blind).in_(reference_blinds),
    )
    return {row.reference_blind: row for row in session.exec(query)}


def standing_by_number(session: Session, organization_id: str, number_blind: str) -> OpeningBalanceRow | None:
    """The opening balance whose claim its payer knows by this number, if it is not withdrawn."""
    query = select(OpeningBalanceRow).where(
        OpeningBalanceRow.organization_id == organization_id,
        OpeningBalanceRow.claim_number_blind == number_blind,
        col(OpeningBalanceRow.withdrawn_at).is_(None),
    )
    return session.exec(query).first()


def opening_visits(session: Session, organization_id: str, grant_id: str) -> OpeningVisitsRow | None:
    """What was used before of an authorization, referral or benefit, or None where nothing was said."""
    return session.get(OpeningVisitsRow, (organization_id, grant_id))


def opening_visits_of_patient(session: Session, organization_id: str, patient_id: str) -> Sequence[OpeningVisitsRow]:
    """All that was used before by a patient."""
    query = select(OpeningVisitsRow).where(OpeningVisitsRow.organization_id == organization_id)
    return session.exec(query.where(OpeningVisitsRow.patient_id == patient_id).order_by(col(OpeningVisitsRow.id))).all()
