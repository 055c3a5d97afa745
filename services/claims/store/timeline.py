"""Rows of the timeline: what happened to claims and files."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, and_, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from services.claims.domain.timeline import SourceType
from services.claims.store.tables import TimelineRow


def timeline_page(
    session: Session,
    organization_id: str,
    subject_ids: Sequence[str],
    *,
    after: tuple[datetime, str] | None,
    limit: int,
) -> Sequence[TimelineRow]:
    """Up to `limit + 1` entries of some claims and files, oldest first, after a (moment, id)."""
    at, key = col(TimelineRow.at), col(TimelineRow.id)
    query = select(TimelineRow).where(
        TimelineRow.organization_id == organization_id, col(TimelineRow.subject_id).in_(list(subject_ids))
    )
    if after is not None:
        query = query.where(at >= after[0], or_(at > after[0], and_(at == after[0], key > after[1])))
    return session.exec(query.order_by(at, key).limit(limit + 1)).all()


def message_ids(organization_id: str, subject_ids: Sequence[str]) -> SelectOfScalar[str]:
    """The query for the messages that changed one of these claims and files, or would have changed it."""
    return select(TimelineRow.source_id).where(
        TimelineRow.organization_id == organization_id,
        col(TimelineRow.subject_id).in_(list(subject_ids)),
        TimelineRow.source_type == SourceType.MESSAGE,
    )
