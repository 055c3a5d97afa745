"""The notes table and every query on it.

In the clear are ids, moments and the date of service, which the lists need; the content, its hash and the signer
are sealed. Primary key: (organization, id).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Index, literal, tuple_
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, col, func, select

from shared.database import OfTenant, SealedJson, SealedText, UtcDateTime
from shared.database.row_macs import Authenticated


class Row(OfTenant, Authenticated, registry=registry()):
    """The base of this service's tables, all of which are protected by MACs."""

    organization_id: str = Field(primary_key=True, max_length=64)
    id: str = Field(primary_key=True, max_length=64)


class NoteRow(Row, table=True):
    """One note. `date_of_service` is the local day of `started_at` in `time_zone`, the practice's at the first put."""

    __tablename__ = "notes"
    __table_args__ = (
        Index("notes_by_day", "organization_id", "date_of_service", "started_at", "id"),
        Index("notes_by_patient_and_day", "organization_id", "patient_id", "date_of_service", "started_at", "id"),
        Index("notes_by_therapist_and_day", "organization_id", "therapist_id", "date_of_service", "started_at", "id"),
    )

    version: int
    status: str = Field(max_length=20)
    patient_id: str = Field(max_length=64)
    therapist_id: str = Field(max_length=64)
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime = Field(sa_type=UtcDateTime)
    time_zone: str = Field(max_length=60)
    date_of_service: date
    content: dict[str, Any] = Field(sa_type=SealedJson)
    content_hash: str = Field(sa_type=SealedText)
    signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    signed_by: dict[str, Any] | None = Field(default=None, sa_type=SealedJson)


@dataclass(frozen=True, slots=True)
class NoteFilter:
    """Which notes to list; None leaves a side open. Both dates are included."""

    patient_id: str | None = None
    therapist_id: str | None = None
    status: str | None = None
    date_from: date | None = None
    date_to: date | None = None


NoteKey = tuple[date, datetime, str]
"""What a list of notes is ordered by: date of service, start, id."""


def find_note(session: Session, organization_id: str, note_id: str) -> NoteRow | None:
    """The note, or None also where it is another organization's."""
    return session.get(NoteRow, (organization_id, note_id))


def list_notes(
    session: Session, organization_id: str, wanted: NoteFilter, after: NoteKey | None, count: int
) -> Sequence[NoteRow]:
    """At most `count` notes in order of NoteKey, from `after` (exclusive) on."""
    query = select(NoteRow).where(NoteRow.organization_id == organization_id)
    for column in ("patient_id", "therapist_id", "status"):
        value = getattr(wanted, column)
        if value is not None:
            query = query.where(getattr(NoteRow, column) == value)
    if wanted.date_from is not None:
        query = query.where(NoteRow.date_of_service >= wanted.date_from)
    if wanted.date_to is not None:
        query = query.where(NoteRow.date_of_service <= wanted.date_to)
    columns = (col(NoteRow.date_of_service), col(NoteRow.started_at), col(NoteRow.id))
    if after is not None:
        query = query.where(tuple_(*columns) > tuple_(*_bound(after)))
    return session.exec(query.order_by(*columns).limit(count)).all()


def _bound(key: NoteKey) -> list[Any]:
    """The key's parts bound with the types of their columns."""
    return [literal(key[0], Date()), literal(key[1], UtcDateTime()), literal(key[2])]


def service_dates(session: Session, organization_id: str, patient_ids: Collection[str]) -> dict[str, date]:
    """The last date of service of some patients, drafts too; who has no note is left out."""
    query = select(NoteRow.patient_id, func.max(NoteRow.date_of_service)).where(
        NoteRow.organization_id == organization_id, col(NoteRow.patient_id).in_(patient_ids)
    )
    return {patient_id: day for patient_id, day in session.exec(query.group_by(NoteRow.patient_id)) if day is not None}


def patients(session: Session, organization_id: str) -> set[str]:
    """Everyone who has a note."""
    return set(session.exec(select(NoteRow.patient_id).where(NoteRow.organization_id == organization_id).distinct()))
