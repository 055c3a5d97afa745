"""Rows of appeals."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from services.claims.domain.appeals.lifecycle import AppealState
from services.claims.store.tables import ClaimNumberRow
from services.claims.store.work_tables import AppealRow, ClaimNoteRow


def appeal(session: Session, organization_id: str, claim_id: str, appeal_id: str) -> AppealRow | None:
    """The appeal of this claim, or None."""
    found = session.get(AppealRow, (organization_id, appeal_id))
    return found if found is not None and found.claim_id == claim_id else None


def appeals_of_claim(
    session: Session, organization_id: str, claim_id: str, *, after: str | None, limit: int
) -> Sequence[AppealRow]:
    """Up to `limit + 1` appeals in the order in which they were opened, which is that of their ids."""
    query = select(AppealRow).where(AppealRow.organization_id == organization_id, AppealRow.claim_id == claim_id)
    if after is not None:
        query = query.where(col(AppealRow.id) > after)
    return session.exec(query.order_by(col(AppealRow.id)).limit(limit + 1)).all()


def newest_appeal(session: Session, organization_id: str, claim_id: str) -> AppealRow | None:
    """The newest appeal of a claim that was not withdrawn."""
    query = select(AppealRow).where(
        AppealRow.organization_id == organization_id,
        AppealRow.claim_id == claim_id,
        AppealRow.state != AppealState.WITHDRAWN,
    )
    return session.exec(query.order_by(col(AppealRow.id).desc()).limit(1)).first()


def paid_before_next(session: Session, organization_id: str, claim_id: str, appeal_id: str) -> int | None:
    """What the payer had paid when the appeal after this one was sent; None where none was."""
    query = select(AppealRow.paid_before_cents).where(
        AppealRow.organization_id == organization_id,
        AppealRow.claim_id == claim_id,
        AppealRow.id > appeal_id,
        col(AppealRow.paid_before_cents).is_not(None),
    )
    return session.exec(query.order_by(col(AppealRow.id)).limit(1)).first()


def chosen_notes(
    session: Session, organization_id: str, claim_id: str, note_ids: Sequence[str]
) -> Sequence[ClaimNoteRow]:
    """Those of some notes that are on this claim, the first written first."""
    query = select(ClaimNoteRow).where(
        ClaimNoteRow.organization_id == organization_id,
        ClaimNoteRow.claim_id == claim_id,
        col(ClaimNoteRow.id).in_(note_ids),
    )
    return session.exec(query.order_by(col(ClaimNoteRow.id))).all()


def numbers_of_claim(session: Session, organization_id: str, claim_id: str) -> set[str]:
    """All claim numbers under which a claim went out, or will."""
    query = select(ClaimNumberRow.id).where(
        ClaimNumberRow.organization_id == organization_id, ClaimNumberRow.claim_id == claim_id
    )
    return set(session.exec(query))
