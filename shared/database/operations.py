"""The tables of every service beside its own: idempotency keys, the event feed, the audit trail, the check of the key.

They are written in the same transaction as the rows they speak of. An event's `sequence` counts up by one within an
organization: writes are serial on both databases, so the feed has no gaps and its order is the order of commits.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel, col, select

from shared.contracts.common import Actor, Event
from shared.database.columns import UtcDateTime
from shared.database.sealing import SealedJson, SealedText
from shared.ids import Ids


class Operations(SQLModel, registry=registry()):
    """The base of these tables; their metadata is part of every service's migrations."""

    organization_id: str = Field(primary_key=True, max_length=64)
    id: str = Field(primary_key=True, max_length=64)


class IdempotencyKey(Operations, table=True):
    """A reserved or answered key. `id` is a digest of client, route and key; the body is kept only as a MAC."""

    __tablename__ = "idempotency_keys"

    body_mac: str = Field(max_length=64)
    reserved_at: datetime = Field(sa_type=UtcDateTime)
    answer: str | None = Field(default=None, sa_type=SealedText)


class KeyCheck(Operations, table=True):
    """A constant that the master key has sealed, by which a start tells that the key is the database's own
    (`shared.database.opening`)."""

    __tablename__ = "key_checks"

    sealed: bytes = Field(sa_type=LargeBinary)


class EventEntry(Operations, table=True):
    """One event of the feed; `data` holds ids and codes only."""

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("organization_id", "sequence"),)

    sequence: int
    type: str = Field(max_length=60)
    subject_id: str = Field(max_length=64)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class AuditEntry(Operations, table=True):
    """Who wrote what and when. The person is vouched for by the API client; person and reason are kept sealed."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("audit_by_subject", "organization_id", "subject_id"),)

    at: datetime = Field(sa_type=UtcDateTime)
    client_id: str = Field(max_length=64)
    action: str = Field(max_length=60)
    subject_id: str = Field(max_length=64)
    actor: dict[str, Any] | None = Field(default=None, sa_type=SealedJson)
    reason: str | None = Field(default=None, sa_type=SealedText)


def add_event(
    session: Session,
    ids: Ids,
    *,
    organization_id: str,
    at: datetime,
    kind: str,
    subject_id: str,
    data: dict[str, Any] | None = None,
) -> None:
    """Append to the organization's feed; `kind` is such as `claim.submitted`."""
    # Not a sequence of the database: that leaves a gap where a transaction is rolled back, and whoever reads the feed
    # would wait for the event that never was.
    last = session.exec(
        select(func.max(EventEntry.sequence)).where(EventEntry.organization_id == organization_id)
    ).one()
    session.add(
        EventEntry(
            organization_id=organization_id,
            id=ids("evt"),
            sequence=(last or 0) + 1,
            type=kind,
            subject_id=subject_id,
            occurred_at=at,
            data=data or {},
        )
    )
    session.flush()


def events_after(session: Session, organization_id: str, sequence: int, limit: int) -> list[Event]:
    """The feed from `sequence` (exclusive) on, oldest first."""
    rows = session.exec(
        select(EventEntry)
        .where(EventEntry.organization_id == organization_id, EventEntry.sequence > sequence)
        .order_by(col(EventEntry.sequence))
        .limit(limit)
    )
    return [
        Event(
            id=row.id,
            sequence=row.sequence,
            type=row.type,
            subject_id=row.subject_id,
            occurred_at=row.occurred_at.isoformat(),
            data=row.data,
        )
        for row in rows
    ]


def add_audit(
    session: Session,
    ids: Ids,
    *,
    organization_id: str,
    at: datetime,
    client_id: str,
    action: str,
    subject_id: str,
    actor: Actor | None,
    reason: str | None = None,
) -> None:
    """Record a write: the client that made it, the person it vouched for, and the reason that the person gave."""
    session.add(
        AuditEntry(
            organization_id=organization_id,
            id=ids("aud"),
            at=at,
            client_id=client_id,
            action=action,
            subject_id=subject_id,
            actor=actor.model_dump() if actor else None,
            reason=reason,
        )
    )
