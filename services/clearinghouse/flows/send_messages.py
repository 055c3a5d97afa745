"""Putting a message into a partner's mailbox: numbered without gaps, made whole, kept once."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from services.clearinghouse.domain.messages.interchange import MessageHeader
from services.clearinghouse.flows.dependencies import Dependencies
from services.clearinghouse.store import MessageRow, next_message_sequence


def post(
    deps: Dependencies,
    session: Session,
    partner_id: str,
    *,
    kind: str,
    at: datetime,
    content_of: Callable[[MessageHeader], str],
) -> MessageRow:
    """Add one message; `content_of` gets its postmark, whose number is also its place in the mailbox."""
    sequence = next_message_sequence(session, partner_id)
    message = MessageHeader(
        sender=deps.interchange_id, receiver=partner_id, at=at.astimezone(ZoneInfo(deps.zone)), number=sequence
    )
    row = MessageRow(
        organization_id=partner_id,
        id=deps.ids("msg"),
        sequence=sequence,
        kind=kind,
        created_at=at,
        content=content_of(message),
    )
    session.add(row)
    session.flush()
    return row
