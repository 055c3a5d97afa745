"""What an organization that is moved here means to rows that are made with its keys."""

from sqlmodel import Session

from services.access import store
from services.access.flows.users import blind_of, content_of
from shared.database import Vault


def take_in(session: Session, organization_id: str) -> None:
    """After its rows, in the same transaction: its users are known by their identities under the new key."""
    vault: Vault = session.info["vault"]
    for row in store.all_users(session, organization_id):
        for identity in content_of(row).identities:
            blind = blind_of(vault, organization_id, identity.issuer, identity.subject)
            session.add(store.IdentityRow(organization_id=organization_id, id=blind, user_id=row.id))
