"""What an organization that leaves or comes means to the installation: its claims in flight and its numbers."""

from dataclasses import dataclass

from sqlmodel import Session

from services.claims.store import exchange, moved_organization
from shared.errors import Conflict


@dataclass(frozen=True, slots=True)
class InFlight:
    """`waiting` claims are in no file yet, `unsent` files are not known to be at the clearinghouse, `sent` claims have
    no remittance. `accounts` are the sender ids of the files."""

    waiting: int
    unsent: int
    sent: int
    accounts: tuple[str, ...]


def in_flight(session: Session, organization_id: str) -> InFlight:
    """What whoever goes on with the organization sends and waits for."""
    return InFlight(
        waiting=moved_organization.waiting_claims(session, organization_id),
        unsent=moved_organization.unsent_files(session, organization_id),
        sent=moved_organization.unanswered_claims(session, organization_id),
        accounts=tuple(sorted(exchange.accounts_of(session, organization_id))),
    )


def take_in(session: Session, organization_id: str) -> None:
    """After its rows, in the same transaction: the counters go on after its numbers. Raises Conflict where another
    organization here has a claim number that it brings. The NPI of its practice is confirmed for it by the operator."""
    taken = moved_organization.claim_number_of_another(session, organization_id)
    if taken is not None:
        raise Conflict(
            f"claim number {taken} is another organization's here; one of the two has to stay elsewhere",
            pointer="/claim_number",
            fix="Move one of the two to another installation.",
        )
    exchange.count_from(session, "interchange", moved_organization.last_interchange(session, organization_id))
    exchange.count_from(session, "message", moved_organization.last_arrival(session, organization_id))
