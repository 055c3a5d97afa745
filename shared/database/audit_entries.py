"""Reading the audit trail of an organization, page by page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from shared.database.operations import IMPORTED, AuditEntry


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What narrows a list of entries; None does not. `start` is included, `end` is not, both of wall time."""

    subject_id: str | None = None
    patient_id: str | None = None
    client_id: str | None = None
    start: datetime | None = None
    end: datetime | None = None


def audit_page(
    session: Session, organization_id: str, wanted: AuditFilter, *, after: int, count: int
) -> Sequence[AuditEntry]:
    """At most `count` entries in order of their sequence, from `after` (exclusive) on."""
    query = select(AuditEntry).where(AuditEntry.organization_id == organization_id, AuditEntry.sequence > after)
    for column in ("subject_id", "patient_id", "client_id"):
        value = getattr(wanted, column)
        if value is not None:
            query = query.where(getattr(AuditEntry, column) == value)
    if wanted.start is not None:
        query = query.where(AuditEntry.wall_at >= wanted.start)
    if wanted.end is not None:
        query = query.where(AuditEntry.wall_at < wanted.end)
    return session.exec(query.order_by(col(AuditEntry.sequence)).limit(count)).all()


@dataclass(frozen=True, slots=True)
class RowChange:
    """One protected row that a transaction wrote, or removed: by the number of its entry and its place in it, from 1.
    Both together order all changes of an organization as they were committed, without a gap."""

    sequence: int
    place: int
    table: str
    key: str
    removed: bool


def changes_page(
    session: Session, organization_id: str, tables: Collection[str], *, after: tuple[int, int], entries: int
) -> tuple[list[RowChange], int | None]:
    """The changes of rows of some tables that at most so many `entries` name, after a (sequence, place); and the number
    of the last of these entries, None where there is none. That an organization came here from elsewhere is no change:
    the trail that came with it names each of its rows already."""
    sequence, place = after
    query = (
        select(AuditEntry.sequence, AuditEntry.action, AuditEntry.changes)
        .where(AuditEntry.organization_id == organization_id, AuditEntry.sequence >= sequence)
        .order_by(col(AuditEntry.sequence))
        .limit(entries)
    )
    found: list[RowChange] = []
    last = None
    for number, action, changes in session.exec(query):
        last = number
        for position, (table, key, mac) in enumerate(changes if action != IMPORTED else (), 1):
            if table in tables and (number, position) > (sequence, place):
                found.append(RowChange(number, position, str(table), str(key), removed=mac is None))
    return found, last


def last_entries(session: Session, organization_id: str, patient_ids: Collection[str]) -> dict[str, datetime]:
    """When something was last done with the data of some patients, by wall time; who has no entry is left out."""
    query = select(AuditEntry.patient_id, func.max(AuditEntry.wall_at)).where(
        AuditEntry.organization_id == organization_id, col(AuditEntry.patient_id).in_(patient_ids)
    )
    found = session.exec(query.group_by(col(AuditEntry.patient_id)))
    return {str(patient_id): at for patient_id, at in found if at is not None}
