"""What an organization that is moved here means to the installation's own rows."""

from sqlmodel import Session

from services.eligibility import store


def take_in(session: Session, organization_id: str) -> None:
    """After its rows, in the same transaction: the counter of inquiries goes on after the highest number that it
    brought, so that no number is used twice."""
    store.count_inquiries_from(session, store.last_control_number(session, organization_id))
