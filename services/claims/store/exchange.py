"""Rows of what goes out and comes in: files, messages, cursors, counters, workers' leases."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from services.claims.domain.file_lifecycle import UNSENT, FileState
from services.claims.domain.message_lifecycle import LONGEST_WAIT, TO_APPLY, MessageState
from services.claims.domain.sanitize import can_be_ours
from services.claims.store import timeline
from services.claims.store.tables import (
    CounterRow,
    CursorRow,
    FileRow,
    LeaseRow,
    MessageRow,
)
from shared.tenancy import INSTALLATION_ID

NUMBERS_AT_ONCE = 500
ENDED = datetime(1970, 1, 1, tzinfo=UTC)
"""In place of a worker's next sign of life: it has stopped, and its work may be taken over at once."""
CONTENT_OF_FILE: Any = FileRow.content
CONTENT_OF_MESSAGE: Any = MessageRow.content


def next_number(session: Session, name: str) -> int:
    """The next value of a counter, from 1 on."""
    # No lock is needed, since writers are serial on both databases; and a number goes back with a transaction that is
    # rolled back, so that control numbers have no gaps.
    row = session.get(CounterRow, (INSTALLATION_ID, name)) or CounterRow(organization_id=INSTALLATION_ID, id=name)
    row.value += 1
    session.add(row)
    return row.value


def count_from(session: Session, name: str, number: int) -> None:
    """Let the next value of a counter be higher than this number."""
    row = session.get(CounterRow, (INSTALLATION_ID, name)) or CounterRow(organization_id=INSTALLATION_ID, id=name)
    row.value = max(row.value, number)
    session.add(row)


def file(session: Session, organization_id: str, file_id: str) -> FileRow | None:
    """The outgoing file, or None."""
    return session.get(FileRow, (organization_id, file_id))


def file_by_control_number(session: Session, organization_id: str, number: str) -> FileRow | None:
    """The organization's file with this ISA13; None if it has none."""
    if not can_be_ours(number):
        return None
    own = (FileRow.organization_id == organization_id, FileRow.interchange_control_number == number)
    return session.exec(select(FileRow).where(*own)).first()


def file_ids_by_control_numbers(session: Session, organization_id: str, numbers: Collection[str]) -> set[str]:
    """The ids of the organization's files with these ISA13."""
    found: set[str] = set()
    for some in _portions(numbers):
        named = col(FileRow.interchange_control_number).in_(some)
        found.update(session.exec(select(FileRow.id).where(FileRow.organization_id == organization_id, named)))
    return found


def files_by_control_numbers(session: Session, numbers: Collection[str], account: str) -> dict[str, FileRow]:
    """The files with these ISA13, whatever their organizations, by number; their content is not loaded. An account
    counts its files itself, so of two with one number that of the account is meant, and otherwise any: it tells that
    the number is ours."""
    found: dict[str, FileRow] = {}
    for some in _portions(numbers):
        query = select(FileRow).where(col(FileRow.interchange_control_number).in_(some))
        for row in session.exec(query.options(defer(CONTENT_OF_FILE)).order_by(FileRow.organization_id)):
            if row.sender_id == account or row.interchange_control_number not in found:
                found[row.interchange_control_number] = row
    return found


def _portions(numbers: Collection[str]) -> Iterator[list[str]]:
    wanted = sorted({one for one in numbers if can_be_ours(one)})
    for start in range(0, len(wanted), NUMBERS_AT_ONCE):
        yield wanted[start : start + NUMBERS_AT_ONCE]


def files_turned_away(session: Session, limit: int) -> Sequence[FileRow]:
    """Files of every organization whose account the clearinghouse refuses, content not loaded."""
    query = select(FileRow).where(FileRow.state == FileState.TURNED_AWAY).options(defer(CONTENT_OF_FILE))
    return session.exec(query.order_by(col(FileRow.id)).limit(limit)).all()


@dataclass(frozen=True, slots=True)
class UnsentFile:
    """A file that the clearinghouse is not known to have: how often it was tried, and the wall time of the last."""

    organization_id: str
    id: str
    tries: int
    tried_at: datetime | None
    state: str


def unsent_files(session: Session, limit: int) -> list[UnsentFile]:
    """Files that the clearinghouse is not known to have, content not loaded: fewest attempts first and then the oldest,
    so that files that cannot be delivered do not delay others."""
    row: Any = FileRow
    columns: Any = select(row.organization_id, row.id, row.tries, row.tried_at).add_columns(row.state)
    query = columns.where(col(FileRow.state).in_(UNSENT)).order_by(col(FileRow.tries), col(FileRow.id))
    return [UnsentFile(*row) for row in session.exec(query.limit(limit))]


def files_formed_on(session: Session, sender_id: str, day: date) -> int:
    """How many files were formed for an account of the clearinghouse on one day (UTC)."""
    first = datetime(day.year, day.month, day.day, tzinfo=UTC)
    query = select(func.count()).select_from(FileRow).where(FileRow.sender_id == sender_id)
    return session.exec(query.where(FileRow.formed_at >= first, FileRow.formed_at < first + timedelta(days=1))).one()


def accounts_of(session: Session, organization_id: str) -> set[str]:
    """The accounts (sender ids) that the organization's files were formed for."""
    query = select(FileRow.sender_id).where(FileRow.organization_id == organization_id).distinct()
    return set(session.exec(query))


def files_page(
    session: Session, organization_id: str, *, only_ids: Sequence[str] | None, after: str | None, limit: int
) -> Sequence[FileRow]:
    """Up to `limit + 1` files in order of id, their content not loaded; with `only_ids` only these."""
    query = select(FileRow).options(defer(CONTENT_OF_FILE)).where(FileRow.organization_id == organization_id)
    if only_ids is not None:
        query = query.where(col(FileRow.id).in_(list(only_ids)))
    if after is not None:
        query = query.where(col(FileRow.id) > after)
    return session.exec(query.order_by(col(FileRow.id)).limit(limit + 1)).all()


def message(session: Session, organization_id: str, message_id: str) -> MessageRow | None:
    """The message, or None."""
    return session.get(MessageRow, (organization_id, message_id))


def keep_message(
    session: Session, organization_id: str, message_id: str, kind: str, content: str, received_at: datetime
) -> MessageRow:
    """A message that this organization has whole, to be applied after all that came before it."""
    row = MessageRow(
        organization_id=organization_id,
        id=message_id,
        arrival=next_number(session, "message"),
        kind=kind,
        content=content,
        state=MessageState.RECEIVED,
        received_at=received_at,
    )
    session.add(row)
    return row


def is_due(retry_at: Any, now: datetime) -> ColumnElement[bool]:
    """Whether a message's next try is due (wall time). Nothing waits longer than the longest wait: a time beyond it was
    set by a clock that was wrong."""
    return or_(retry_at.is_(None), retry_at <= now, retry_at > now + LONGEST_WAIT)


def messages_to_apply(session: Session, now: datetime, limit: int) -> list[tuple[str, str]]:
    """(organization, message) of the messages to be applied at `now` (wall time), the first received first, content not
    loaded; those that failed wait for their next try."""
    query = select(MessageRow.organization_id, MessageRow.id).where(col(MessageRow.state).in_(TO_APPLY))
    query = query.where(is_due(col(MessageRow.retry_at), now))
    return list(session.exec(query.order_by(col(MessageRow.arrival)).limit(limit)))


def messages_page(
    session: Session,
    organization_id: str,
    *,
    state: MessageState | None,
    subject_ids: Sequence[str] | None,
    after: int | None,
    limit: int,
) -> Sequence[MessageRow]:
    """Up to `limit + 1` messages in order of arrival, their content not loaded. With `subject_ids` only those
    that the timeline of one of these claims and files names."""
    query = select(MessageRow).options(defer(CONTENT_OF_MESSAGE)).where(MessageRow.organization_id == organization_id)
    if subject_ids is not None:
        query = query.where(col(MessageRow.id).in_(timeline.message_ids(organization_id, subject_ids)))
    if state is not None:
        query = query.where(MessageRow.state == state)
    if after is not None:
        query = query.where(MessageRow.arrival > after)
    return session.exec(query.order_by(col(MessageRow.arrival)).limit(limit + 1)).all()


def cursor(session: Session, name: str) -> str:
    """Where reading from this source goes on; the empty text before the first message."""
    row = session.get(CursorRow, (INSTALLATION_ID, name))
    return row.value if row else ""


def move_cursor(session: Session, name: str, value: str) -> None:
    """Keeps the cursor, in the transaction of the messages before it."""
    row = session.get(CursorRow, (INSTALLATION_ID, name)) or CursorRow(organization_id=INSTALLATION_ID, id=name)
    row.value = value
    session.add(row)


def renew_lease(session: Session, executor_id: str, ends_at: datetime) -> None:
    """A sign of life of a worker process, which is another one each time; ENDED says that it is gone."""
    row = session.get(LeaseRow, (INSTALLATION_ID, executor_id)) or LeaseRow(
        organization_id=INSTALLATION_ID, id=executor_id, ends_at=ends_at
    )
    row.ends_at = ends_at
    session.add(row)


def drop_leases(session: Session, ended: Mapping[str, datetime]) -> None:
    """Delete executors whose work was taken over, except one that has given another sign of life since."""
    for executor_id, last in ended.items():
        row = session.get(LeaseRow, (INSTALLATION_ID, executor_id))
        if row is not None and row.ends_at == last:
            session.delete(row)
