"""Questions about an organization that leaves, or has come with all its rows: what is in flight, and its numbers."""

from typing import Any

from sqlmodel import Session, col, func, select

from services.claims.domain.file_lifecycle import UNSENT
from services.claims.domain.lifecycle import ClaimState
from services.claims.store.claims import queues
from services.claims.store.tables import ClaimNumberRow, ClaimRow, FileRow, MessageRow

UNANSWERED = (ClaimState.SUBMITTED, ClaimState.ACCEPTED_BY_CLEARINGHOUSE, ClaimState.ACCEPTED_BY_PAYER)


def waiting_claims(session: Session, organization_id: str) -> int:
    """Submitted claims that are in no file yet."""
    return sum(queue.claims for queue in queues(session) if queue.organization_id == organization_id)


def unsent_files(session: Session, organization_id: str) -> int:
    """Files that the clearinghouse is not known to have."""
    return _count(session, FileRow.organization_id == organization_id, col(FileRow.state).in_(UNSENT))


def unanswered_claims(session: Session, organization_id: str) -> int:
    """Claims in files that no remittance has answered."""
    own = ClaimRow.organization_id == organization_id
    return _count(session, own, col(ClaimRow.state).in_(UNANSWERED), col(ClaimRow.file_id).is_not(None))


def claim_number_of_another(session: Session, organization_id: str) -> str | None:
    """A claim number of the organization that another one has had too."""
    own = select(ClaimNumberRow.id).where(ClaimNumberRow.organization_id == organization_id)
    query = select(ClaimNumberRow.id).where(
        ClaimNumberRow.organization_id != organization_id, col(ClaimNumberRow.id).in_(own)
    )
    return session.exec(query.limit(1)).first()


def last_interchange(session: Session, organization_id: str) -> int:
    """The highest control number of its files; 0 without any. All have nine digits."""
    query = select(func.max(FileRow.interchange_control_number)).where(FileRow.organization_id == organization_id)
    return int(session.exec(query).one() or 0)


def last_arrival(session: Session, organization_id: str) -> int:
    """The highest arrival of its messages; 0 without any."""
    query = select(func.max(MessageRow.arrival)).where(MessageRow.organization_id == organization_id)
    return session.exec(query).one() or 0


def _count(session: Session, *wanted: Any) -> int:
    return session.exec(select(func.count()).where(*wanted)).one()
