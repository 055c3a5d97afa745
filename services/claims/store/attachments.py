"""Rows of the files that are attached to claims."""

import base64
from collections.abc import Sequence

from sqlmodel import Session, col, func, select

from services.claims.store.attachment_tables import AttachmentPieceRow, AttachmentRow

PIECE_BYTES = 60_000


def add_attachment(session: Session, row: AttachmentRow, content: bytes) -> None:
    """Within a transaction: an attachment with its bytes."""
    session.add(row)
    for place, start in enumerate(range(0, len(content), PIECE_BYTES)):
        session.add(
            AttachmentPieceRow(
                organization_id=row.organization_id,
                id=f"{row.id}-{place}",
                claim_id=row.claim_id,
                attachment_id=row.id,
                place=place,
                content=base64.b64encode(content[start : start + PIECE_BYTES]).decode(),
            )
        )


def attachment(session: Session, organization_id: str, claim_id: str, attachment_id: str) -> AttachmentRow | None:
    """An attachment of this claim, or None."""
    row = session.get(AttachmentRow, (organization_id, attachment_id))
    return row if row is not None and row.claim_id == claim_id else None


def attachments_of_claim(
    session: Session, organization_id: str, claim_id: str, *, after: str | None, limit: int
) -> Sequence[AttachmentRow]:
    """Up to `limit + 1` attachments in the order in which they were made, which is that of their ids."""
    query = select(AttachmentRow).where(
        AttachmentRow.organization_id == organization_id, AttachmentRow.claim_id == claim_id
    )
    if after is not None:
        query = query.where(col(AttachmentRow.id) > after)
    return session.exec(query.order_by(col(AttachmentRow.id)).limit(limit + 1)).all()


def count_attachments(session: Session, organization_id: str, claim_id: str) -> int:
    """How many files are attached to a claim."""
    query = select(func.count()).where(
        AttachmentRow.organization_id == organization_id, AttachmentRow.claim_id == claim_id
    )
    return session.exec(query).one()


def content_of(session: Session, organization_id: str, attachment_id: str) -> bytes:
    """The bytes of an attachment as they were uploaded."""
    return b"".join(base64.b64decode(one.content) for one in _pieces(session, organization_id, attachment_id))


def remove_attachment(session: Session, row: AttachmentRow) -> None:
    """Within a transaction: the attachment and its bytes are gone."""
    for piece in _pieces(session, row.organization_id, row.id):
        session.delete(piece)
    session.delete(row)


def _pieces(session: Session, organization_id: str, attachment_id: str) -> Sequence[AttachmentPieceRow]:
    query = select(AttachmentPieceRow).where(
        AttachmentPieceRow.organization_id == organization_id, AttachmentPieceRow.attachment_id == attachment_id
    )
    return session.exec(query.order_by(col(AttachmentPieceRow.place))).all()
