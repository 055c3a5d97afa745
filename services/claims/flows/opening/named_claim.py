"""The claim that a number from outside names: one of ours, or one that was sent elsewhere under it."""

from sqlmodel import Session

from services.claims.flows.dependencies import Dependencies
from services.claims.store import claims as store
from services.claims.store import opening_balances
from services.claims.store.opening_tables import EARLIER_NUMBER_FIELD
from services.claims.store.tables import ClaimRow


def named_claim(session: Session, deps: Dependencies, organization_id: str, claim_number: str) -> ClaimRow | None:
    """The organization's claim that a payer knows by this number (CLM01), or None."""
    claim_id = named_claim_id(session, deps, organization_id, claim_number)
    return store.claim(session, organization_id, claim_id) if claim_id is not None else None


def named_claim_id(session: Session, deps: Dependencies, organization_id: str, claim_number: str) -> str | None:
    """Its id alone."""
    number = store.number(session, organization_id, claim_number)
    if number is not None:
        return number.claim_id
    if not claim_number:
        return None
    blind = deps.database.vault.blind(organization_id, EARLIER_NUMBER_FIELD, claim_number)
    opening = opening_balances.standing_by_number(session, organization_id, blind)
    return opening.claim_id if opening is not None else None
