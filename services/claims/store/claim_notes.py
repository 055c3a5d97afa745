"""Rows of notes on claims."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from services.claims.store.work_tables import ClaimNoteRow


def notes_of_claim(
    session: Session, organization_id: str, claim_id: str, *, after: str | None, limit: int
) -> Sequence[ClaimNoteRow]:
    """Up to `limit + 1` notes in the order in which they were written, which is that of their ids."""
    query = select(ClaimNoteRow).where(
        ClaimNoteRow.organization_id == organization_id, ClaimNoteRow.claim_id == claim_id
    )
    if after is not None:
        query = query.where(col(ClaimNoteRow.id) > after)
    return session.exec(query.order_by(col(ClaimNoteRow.id)).limit(limit + 1)).all()
