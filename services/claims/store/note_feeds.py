"""Rows of the feeds of the notes service: whose is to be read, and how far it has been."""

from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, and_, col, or_, select

from services.claims.store.practice import PRACTICE_ID
from services.claims.store.tables import PracticeRow
from services.claims.store.work_tables import NoteFeedRow

FEED_ID = "notes"


class DueFeed(NamedTuple):
    """The feed of one organization, to be read behind `sequence`; days are those of `time_zone`."""

    organization_id: str
    time_zone: str
    sequence: int


def due_feeds(session: Session, now: datetime, latest: datetime, limit: int) -> list[DueFeed]:
    """At most `limit` feeds of organizations with a practice that are due at `now` (wall time), the first due first.
    One that is due after `latest` is due now: a clock that was ahead has dated it."""
    feed, due = NoteFeedRow, col(NoteFeedRow.next_at)
    same = and_(col(feed.organization_id) == PracticeRow.organization_id, col(feed.id) == FEED_ID)
    query = select(PracticeRow.organization_id, PracticeRow.time_zone, feed.sequence).outerjoin(feed, same)
    query = query.where(PracticeRow.id == PRACTICE_ID, or_(due.is_(None), due <= now, due > latest))
    rows = session.exec(query.order_by(due.is_not(None), due, col(PracticeRow.organization_id)).limit(limit))
    return [DueFeed(owner, zone, sequence or 0) for owner, zone, sequence in rows]


def read_until(session: Session, organization_id: str, sequence: int, next_at: datetime) -> None:
    """Keep how far a feed has been read, in the transaction of what was found there; it never goes back."""
    row = session.get(NoteFeedRow, (organization_id, FEED_ID))
    row = row or NoteFeedRow(organization_id=organization_id, id=FEED_ID, next_at=next_at)
    row.sequence, row.next_at = max(row.sequence, sequence), next_at
    session.add(row)
