"""Whose tokens hold no longer: looked up here for access's own routes, and published as a list for everybody else."""

from dataclasses import dataclass

from services.access import store
from services.access.flows.dependencies import Dependencies
from shared.database import Database
from shared.security import Claims
from shared.security.revocations import LISTED_FOR, revoked
from shared.tenancy import INSTALLATION, acting_for


@dataclass(frozen=True, slots=True)
class StoredRevocations:
    """Access looks at its own rows, so that here a revocation takes effect at once."""

    database: Database

    def check(self, claims: Claims) -> None:
        """Raises Unauthorized for a client that is revoked, or is not there any more."""
        with self.database.reading() as session:
            row = store.client(session, claims.organization_id, claims.client_id)
        if row is None or row.revoked_at is not None:
            raise revoked()


def signed_revocations(deps: Dependencies) -> str:
    """The list as the other services fetch it: every client whose tokens may be alive, whatever its organization."""
    # Before the rows are read: a list that says it is of now has everything that was revoked until now.
    now = deps.wall_clock.now()
    # The request for it names nobody, and the list is of all organizations.
    with acting_for(INSTALLATION), deps.database.reading() as session:
        found = store.revoked_clients(session, now - LISTED_FOR)
    return deps.signer.sign_revocations(found, now)
