"""The tables of every service beside its own: idempotency keys, the event feed, the audit trail, keys of organizations.

They are written in the same transaction as the rows they speak of. The `sequence` of an event and of an audit entry
counts up by one within an organization: writes are serial on both databases, so neither has gaps and their order is the
order of commits.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, UniqueConstraint, delete, event, update
from sqlmodel import Field, Session, col, select

from shared.audit import current_request
from shared.contracts.common import Actor, Event
from shared.database.columns import UtcDateTime
from shared.database.heads import ChainHead, Operations, TenantOperations, head_of
from shared.database.rate_windows import RATE_WINDOWS
from shared.database.row_macs import Authenticated
from shared.database.sealing import SealedJson, SealedText
from shared.database.tables import replaced_by, stays_behind
from shared.ids import Ids

__all__ = [
    "RATE_WINDOWS",
    "AuditEntry",
    "ChainHead",
    "EventEntry",
    "IdempotencyKey",
    "KeyCheck",
    "Operations",
    "Outcome",
    "add_audit",
    "add_event",
    "events_after",
]

AUDIT = "audit"
"""Where a session keeps the audit entries that `shared.database.chain` will append before the commit."""
HANDBILL = "handbill"
"""The client of what Handbill does by itself."""
IMPORTED = "organization.imported"
"""The action of the entries that name the rows of an organization which came from another installation."""


class IdempotencyKey(TenantOperations, table=True):
    """A reserved or answered key. `id` is a digest of client, route and key; the body is kept only as a MAC, and
    `reserved_by` names the work of a process (`shared.database.presence`)."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        Index("idempotency_keys_by_age", "organization_id", "reserved_at"),
        {"info": stays_behind("an answer belongs to the service that gave it, and its key to a client of that")},
    )

    body_mac: str = Field(max_length=64)
    reserved_at: datetime = Field(sa_type=UtcDateTime)
    reserved_by: str | None = Field(default=None, max_length=64)
    answer: str | None = Field(default=None, sa_type=SealedText)


class KeyCheck(Operations, table=True):
    """A constant that is wrapped under a master key (`id`), by which a start tells that the database's keys are here
    (`shared.database.key_checks`). It goes when its master key is retired."""

    __tablename__ = "key_checks"

    sealed: bytes = Field(sa_type=LargeBinary)


class OrganizationKey(Operations, table=True):
    """One generation (`id` is its number) of an organization's key, wrapped under a master key. `resealed` says that
    nothing waits to be sealed anew with it. Generations are never removed: MACs and blind indexes need them."""

    __tablename__ = "organization_keys"
    __table_args__ = (Index("organization_keys_by_master", "master_key_id"),)

    generation: int
    master_key_id: str = Field(max_length=64)
    wrapped: bytes = Field(sa_type=LargeBinary)
    resealed: bool


class EventEntry(TenantOperations, Authenticated, table=True):
    """One event of the feed; `data` holds ids and codes only."""

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("organization_id", "sequence"),)

    sequence: int
    type: str = Field(max_length=60)
    subject_id: str = Field(max_length=64)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    # Each row has a copy of it. Of a factory pydantic would read the signature anew for each row, which takes longer.
    data: dict[str, Any] = Field(default={}, sa_type=JSON)


class Outcome(StrEnum):
    """How what an audit entry speaks of ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class AuditEntry(TenantOperations, table=True):
    """Who did what, when, why, and how it ended. The person is vouched for by the API client; person, purpose and
    reason are kept sealed.

    `at` is business time, `wall_at` the machine's. `changes` has [table, row, MAC] of every protected row that the
    transaction wrote, the MAC null where it was deleted. `mac` is over all of this and over the MAC of the entry before
    (`shared.database.chain`)."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("audit_by_sequence", "organization_id", "sequence", unique=True),
        Index("audit_by_subject", "organization_id", "subject_id"),
        Index("audit_by_patient", "organization_id", "patient_id", "sequence"),
    )

    sequence: int = 0
    at: datetime = Field(sa_type=UtcDateTime)
    wall_at: datetime = Field(sa_type=UtcDateTime)
    client_id: str = Field(max_length=64)
    action: str = Field(max_length=60)
    subject_id: str = Field(max_length=64)
    patient_id: str | None = Field(default=None, max_length=64)
    actor: dict[str, Any] | None = Field(default=None, sa_type=SealedJson)
    purpose: str | None = Field(default=None, sa_type=SealedText)
    reason: str | None = Field(default=None, sa_type=SealedText)
    outcome: str = Field(default=Outcome.DONE.value, max_length=20)
    request_id: str | None = Field(default=None, max_length=64)
    changes: list[list[str | None]] = Field(default=[], sa_type=JSON)
    previous_mac: str = Field(default="", max_length=100, sa_column_kwargs={"info": replaced_by("")})
    mac: str = Field(default="", max_length=100, sa_column_kwargs={"info": replaced_by("")})


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
    head = head_of(session, organization_id)
    head.event_sequence += 1
    head.changed = True
    session.add(
        EventEntry(
            organization_id=organization_id,
            id=ids("evt"),
            sequence=head.event_sequence,
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
    action: str,
    subject_id: str,
    client_id: str = HANDBILL,
    actor: Actor | None = None,
    patient_id: str | None = None,
    purpose: str | None = None,
    reason: str | None = None,
    outcome: Outcome = Outcome.DONE,
    request_id: str | None = None,
    wall_at: datetime | None = None,
) -> AuditEntry:
    """Append to the organization's audit trail: the client that acted, the person it vouched for, the purpose and the
    reason that the person gave. `patient_id` is given where a patient's data was seen or changed; `wall_at` is now
    where it is not given. Within a request the action is its operation, and what the request says of itself is added.

    The entry gets its number and its MAC before the commit, when all that the transaction wrote is known."""
    request = current_request()
    if request is not None:
        action, request_id = request.action(), request.request_id
        actor, patient_id, reason = actor or request.actor, patient_id or request.patient_id, reason or request.reason
        purpose, reason = purpose or request.purpose, request.emergency or reason
        # Only a commit counts: what is rolled back has left no entry, and the request must still leave one.
        event.listen(session, "after_commit", lambda _session: request.has_written(), once=True)
    entry = AuditEntry(
        organization_id=organization_id,
        id=ids("aud"),
        at=at,
        wall_at=wall_at or datetime.now(UTC),
        client_id=client_id,
        action=action,
        subject_id=subject_id,
        patient_id=patient_id,
        actor=actor.model_dump() if actor else None,
        purpose=purpose,
        reason=reason,
        outcome=outcome.value,
        request_id=request_id,
    )
    session.info.setdefault(AUDIT, []).append(entry)
    return entry


def forget_answers(session: Session, organization_id: str, before: datetime, limit: int) -> None:
    """Remove an organization's oldest keys that were reserved before a moment, at most `limit` of them."""
    own = col(IdempotencyKey.organization_id) == organization_id
    oldest = (
        select(IdempotencyKey.id)
        .where(own, IdempotencyKey.reserved_at < before)
        .order_by(col(IdempotencyKey.reserved_at))
        .limit(limit)
    )
    session.execute(delete(IdempotencyKey).where(own, col(IdempotencyKey.id).in_(oldest)))


def date_anew(session: Session, organization_id: str, now: datetime, ahead: timedelta) -> None:
    """Let an organization's keys that were reserved further than that ahead of now, by a clock that was wrong, be
    reserved now, so that they are kept as long as any other."""
    own = col(IdempotencyKey.organization_id) == organization_id
    wrong = col(IdempotencyKey.reserved_at) > now + ahead
    session.execute(update(IdempotencyKey).where(own, wrong).values(reserved_at=now))
