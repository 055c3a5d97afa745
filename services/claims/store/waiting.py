"""What waits, counted over all organizations: for the worker, for the clearinghouse, for the operator.

Whoever asks watches the installation, and what he is told names nobody: counts and times, no ids of rows.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, null
from sqlmodel import Session, col, select

from services.claims.domain.file_lifecycle import UNSENT, FileState
from services.claims.domain.message_lifecycle import TO_APPLY, MessageState, ReceivedState, UnroutedState
from services.claims.store.claims import queues
from services.claims.store.tables import (
    ClaimRow,
    FileRow,
    LeaseRow,
    MessageRow,
    ReceivedMessageRow,
    UnroutedPartRow,
)
from shared.tenancy import INSTALLATION_ID


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one kind that wait: how many, since when the first does, how often one was tried at most, and when the
    next try of those is that wait for one (wall time)."""

    count: int
    since: datetime | None = None
    tries: int = 0
    next_at: datetime | None = None


def claims_to_file(session: Session) -> Rows:
    """Submitted claims that are in no file yet; `since` is wall time, unlike that of all others."""
    waiting = queues(session)
    return Rows(sum(one.claims for one in waiting), min((one.oldest for one in waiting), default=None))


def files_to_send(session: Session) -> Rows:
    """Files that the clearinghouse is not known to have."""
    return _rows(session, FileRow, col(FileRow.state).in_(UNSENT), FileRow.formed_at, tries=FileRow.tries)


def files_unacknowledged(session: Session) -> Rows:
    """Files that were sent, and of which nothing was heard since."""
    return _rows(session, FileRow, col(FileRow.state) == FileState.SENT, FileRow.sent_at)


def messages_to_split(session: Session) -> Rows:
    """Received messages that have no parts yet."""
    state = col(ReceivedMessageRow.state) == ReceivedState.RECEIVED
    tries, retry_at = ReceivedMessageRow.tries, ReceivedMessageRow.retry_at
    return _rows(session, ReceivedMessageRow, state, ReceivedMessageRow.received_at, tries=tries, next_at=retry_at)


def messages_to_apply(session: Session) -> Rows:
    """Messages of organizations that are stored and not yet applied."""
    state = col(MessageRow.state).in_(TO_APPLY)
    tries, retry_at = MessageRow.tries, MessageRow.retry_at
    return _rows(session, MessageRow, state, MessageRow.received_at, tries=tries, next_at=retry_at)


def parts_of_nobody(session: Session) -> Rows:
    """Parts that belong to no organization and wait for the operator."""
    state = col(UnroutedPartRow.state) == UnroutedState.UNROUTED
    return _rows(session, UnroutedPartRow, state, UnroutedPartRow.received_at)


def messages_not_split(session: Session) -> Rows:
    """Received messages that failed too often, and wait for the operator."""
    state = col(ReceivedMessageRow.state) == ReceivedState.FAILED
    return _rows(session, ReceivedMessageRow, state, ReceivedMessageRow.received_at)


def messages_not_applied(session: Session) -> Rows:
    """The same of messages of organizations."""
    return _rows(session, MessageRow, col(MessageRow.state) == MessageState.FAILED, MessageRow.received_at)


def claims_due(session: Session, kinds: Collection[str], *, before: date) -> tuple[int, date | None]:
    """How many claims have a next action of these kinds that was due before a day, and the first day on which one of
    these kinds is due at all."""
    kind, due = col(ClaimRow.next_kind).in_(kinds), col(ClaimRow.next_due_on)
    count = session.exec(select(func.count()).select_from(ClaimRow).where(kind, due < before)).one()
    return count, session.exec(select(func.min(due)).where(kind)).one()


def overdue_by_organization(session: Session, *, before: date, done: str) -> dict[str, int]:
    """How many next actions were due before a day, by organization; `done` is the kind of those that are none."""
    query = select(ClaimRow.organization_id, func.count())
    query = query.where(ClaimRow.next_kind != done, ClaimRow.next_due_on < before).group_by(ClaimRow.organization_id)
    return dict(session.exec(query).all())


def lease_ends(session: Session) -> dict[str, datetime]:
    """When the lease of each worker ends (wall time), by executor id."""
    rows = session.exec(select(LeaseRow.id, LeaseRow.ends_at).where(LeaseRow.organization_id == INSTALLATION_ID))
    return dict(rows.all())


def _rows(
    session: Session, table: Any, where: ColumnElement[bool], since: Any, *, tries: Any = None, next_at: Any = None
) -> Rows:
    most = null() if tries is None else func.max(tries)
    first = null() if next_at is None else func.min(next_at)
    query: Any = select(func.count(), func.min(since), most, first)
    count, oldest, most_tries, next_try = session.exec(query.select_from(table).where(where)).one()
    return Rows(count, oldest, most_tries or 0, next_try)
