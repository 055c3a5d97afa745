"""Who holds which billing NPI: one organization in the installation, and for messages only once it is confirmed.

An organization holds the NPI of its practice from its PUT on, unless another holds it. That alone gives it nothing of
what the clearinghouse sends: only the operator, who knows the practice, confirms an NPI (`handbill npi confirm`), and
only a confirmed NPI routes. A confirmed NPI stays its holder's when the practice changes to another, since payers
answer claims of the old one for years.
"""

from sqlmodel import Session

from services.claims.store import practice as store
from services.claims.store.tables import (
    BillingNpiRow,
)
from shared.errors import Fault, RuleBroken
from shared.tenancy import INSTALLATION_ID


def hold_npi(session: Session, organization_id: str, npi: str) -> None:
    """Give an NPI that nobody holds to an organization, and take back the one that it held unconfirmed. Raises
    RuleBroken (`npi_taken`)."""
    held = store.billing_npi(session, npi)
    if held is not None and held.holder != organization_id:
        fault = Fault(
            "/body/npi",
            "npi_taken",
            "Another organization of this installation has this NPI.",
            "Check the NPI; if it is yours, ask the operator to confirm it for you: handbill npi confirm.",
        )
        raise RuleBroken("an NPI is one organization's", code="npi_taken", errors=[fault])
    for other in store.npis_held_by(session, organization_id):
        if other.id != npi and other.confirmed_at is None:
            session.delete(other)
    if held is None:
        # Of two organizations that put it at once, the second is tried again and finds it taken.
        session.add(BillingNpiRow(organization_id=INSTALLATION_ID, id=npi, holder=organization_id))


def is_confirmed(session: Session, organization_id: str, npi: str) -> bool:
    """Whether the operator has confirmed the NPI for this organization."""
    held = store.billing_npi(session, npi)
    return held is not None and held.holder == organization_id and held.confirmed_at is not None
