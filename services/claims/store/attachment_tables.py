"""Tables of the files that are attached to claims.

A file's bytes are in pieces, so that whoever reads many rows (an export, a backup) holds none larger than a piece.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from services.claims.store.rows import Row
from shared.contracts.claim_attachments import AttachedFileBody
from shared.database import ContractCodec, SealedDocument, SealedText, UtcDateTime
from shared.database.row_macs import Authenticated


class SealedAttachment(SealedDocument):
    """What an attachment is and who attached it."""

    codec = ContractCodec(AttachedFileBody)


class AttachmentRow(Row, Authenticated, table=True):
    """A file that is attached to a claim; it is removed or stays as it is."""

    __tablename__ = "claim_attachments"
    __table_args__ = (Index("claim_attachments_by_claim", "organization_id", "claim_id", "id"),)

    claim_id: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    media_type: str = Field(max_length=40)
    size_bytes: int
    body: AttachedFileBody = Field(sa_type=SealedAttachment)


class AttachmentPieceRow(Row, Authenticated, table=True):
    """A piece of an attachment's bytes, in base64, at its `place` from 0."""

    __tablename__ = "claim_attachment_pieces"
    __table_args__ = (
        Index("claim_attachment_pieces_by_attachment", "organization_id", "attachment_id", "place"),
        Index("claim_attachment_pieces_by_claim", "organization_id", "claim_id"),
    )

    claim_id: str = Field(max_length=64)
    attachment_id: str = Field(max_length=64)
    place: int
    content: str = Field(sa_type=SealedText)
