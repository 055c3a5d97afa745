"""Rows for the operator alone: messages as they were received, whole, and parts that belong to no organization."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from services.claims.domain.message_lifecycle import MessageState, ReceivedState, UnroutedState
from services.claims.store.exchange import is_due
from services.claims.store.tables import (
    MessageRow,
    ReceivedMessageRow,
    UnroutedPartRow,
)
from shared.tenancy import INSTALLATION_ID

CONTENT_OF_RECEIVED: Any = ReceivedMessageRow.content
CONTENT_OF_PART: Any = UnroutedPartRow.content
CONTENT_OF_MESSAGE: Any = MessageRow.content


def received_message(session: Session, received_id: str) -> ReceivedMessageRow | None:
    """The message as it was received, or None."""
    return session.get(ReceivedMessageRow, (INSTALLATION_ID, received_id))


def messages_to_split(session: Session, now: datetime, limit: int) -> list[str]:
    """Received messages that have no parts yet, the first received first, content not loaded; those that failed wait
    for their next try (wall time)."""
    query = select(ReceivedMessageRow.id).where(ReceivedMessageRow.state == ReceivedState.RECEIVED)
    query = query.where(is_due(col(ReceivedMessageRow.retry_at), now))
    return list(session.exec(query.order_by(col(ReceivedMessageRow.arrival)).limit(limit)))


def failed_received(session: Session, limit: int) -> Sequence[ReceivedMessageRow]:
    """Received messages that could not be split, content not loaded."""
    query = select(ReceivedMessageRow).where(ReceivedMessageRow.state == ReceivedState.FAILED)
    query = query.options(defer(CONTENT_OF_RECEIVED)).order_by(col(ReceivedMessageRow.arrival))
    return session.exec(query.limit(limit)).all()


def failed_messages(session: Session, limit: int) -> Sequence[MessageRow]:
    """Messages of every organization that could not be applied, content not loaded."""
    query = select(MessageRow).where(MessageRow.state == MessageState.FAILED).options(defer(CONTENT_OF_MESSAGE))
    return session.exec(query.order_by(col(MessageRow.arrival)).limit(limit)).all()


def unrouted_part(session: Session, part_id: str) -> UnroutedPartRow | None:
    """The part, or None."""
    return session.get(UnroutedPartRow, (INSTALLATION_ID, part_id))


def unrouted_parts(session: Session, states: Sequence[UnroutedState], limit: int) -> Sequence[UnroutedPartRow]:
    """Parts in these states, content not loaded, the first received first."""
    query = select(UnroutedPartRow).where(col(UnroutedPartRow.state).in_(states)).options(defer(CONTENT_OF_PART))
    return session.exec(query.order_by(col(UnroutedPartRow.received_at), col(UnroutedPartRow.id)).limit(limit)).all()
