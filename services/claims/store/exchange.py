"""Rows of what goes out and comes in: files, messages, cursors, counters, workers' leases."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from services.claims.store.tables import HOUSE, CounterRow, CursorRow, FileRow, LeaseRow, MessageRow

UNSENT = ("formed", "sending")


def next_number(session: Session, name: str) -> int:
    """The next value of a counter, from 1 on."""
    row = session.get(CounterRow, (HOUSE, name)) or CounterRow(organization_id=HOUSE, id=name)
    row.value += 1
    session.add(row)
    return row.value


def file(session: Session, organization_id: str, file_id: str) -> FileRow | None:
    return session.get(FileRow, (organization_id, file_id))


def file_by_control_number(session: Session, number: str) -> FileRow | None:
    return session.exec(select(FileRow).where(FileRow.interchange_control_number == number)).first()


def unsent_files(session: Session, limit: int) -> Sequence[FileRow]:
    """Files of all organizations that the clearinghouse is not known to have, oldest first."""
    return session.exec(
        select(FileRow).where(col(FileRow.state).in_(UNSENT)).order_by(col(FileRow.id)).limit(limit)
    ).all()


def files_page(session: Session, organization_id: str, after: str | None, limit: int) -> Sequence[FileRow]:
    query = select(FileRow).where(FileRow.organization_id == organization_id)
    if after is not None:
        query = query.where(col(FileRow.id) > after)
    return session.exec(query.order_by(col(FileRow.id)).limit(limit + 1)).all()


def message(session: Session, organization_id: str, message_id: str) -> MessageRow | None:
    return session.get(MessageRow, (organization_id, message_id))


def messages_to_apply(session: Session, limit: int) -> Sequence[MessageRow]:
    """Messages of all organizations that wait to be applied, in the order they came."""
    return session.exec(
        select(MessageRow)
        .where(col(MessageRow.state).in_(("received", "released")))
        .order_by(col(MessageRow.received_at), col(MessageRow.id))
        .limit(limit)
    ).all()


def messages_page(
    session: Session, organization_id: str, *, state: str | None, after: str | None, limit: int
) -> Sequence[MessageRow]:
    query = select(MessageRow).where(MessageRow.organization_id == organization_id)
    if state is not None:
        query = query.where(MessageRow.state == state)
    if after is not None:
        query = query.where(col(MessageRow.id) > after)
    return session.exec(query.order_by(col(MessageRow.id)).limit(limit + 1)).all()


def cursor(session: Session, name: str) -> str:
    row = session.get(CursorRow, (HOUSE, name))
    return row.value if row else ""


def move_cursor(session: Session, name: str, value: str) -> None:
    row = session.get(CursorRow, (HOUSE, name)) or CursorRow(organization_id=HOUSE, id=name)
    row.value = value
    session.add(row)


def renew_lease(session: Session, executor_id: str, ends_at: datetime) -> None:
    row = session.get(LeaseRow, (HOUSE, executor_id)) or LeaseRow(
        organization_id=HOUSE, id=executor_id, ends_at=ends_at
    )
    row.ends_at = ends_at
    session.add(row)


def take_ended_leases(session: Session, now: datetime) -> list[str]:
    """Executor ids whose leases have ended. They are removed, so that one sweeper takes over each."""
    ended = session.exec(select(LeaseRow).where(LeaseRow.organization_id == HOUSE, LeaseRow.ends_at < now)).all()
    for row in ended:
        session.delete(row)
    return [row.id for row in ended]


def end_lease(session: Session, executor_id: str) -> None:
    """Give a lease back, so that nobody sweeps a worker that ended in order."""
    row = session.get(LeaseRow, (HOUSE, executor_id))
    if row is not None:
        session.delete(row)
