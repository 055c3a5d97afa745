"""A partner's mailbox, in order, as far as the clock has come."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from services.clearinghouse.flows.clock import reading_of
from services.clearinghouse.flows.dependencies import Dependencies
from services.clearinghouse.flows.run_due import run_due
from services.clearinghouse.store import MessageRow, anything_due, messages_after, one_writer


def fetch(deps: Dependencies, partner_id: str, after: int, limit: int) -> Sequence[MessageRow]:
    """Messages after a cursor; what has become due meanwhile is done first."""
    with deps.database.reading() as session:
        now = reading_of(session).now(deps.wall.now())
        due = anything_due(session, now)
    if due:
        deps.database.run(lambda session: _catch_up(deps, session, now))
    with deps.database.reading() as session:
        return messages_after(session, partner_id, after, limit)


def _catch_up(deps: Dependencies, session: Session, now: datetime) -> None:
    one_writer(session)
    run_due(deps, session, now)
