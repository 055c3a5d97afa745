"""Whose tokens hold no longer: looked up here for access's own routes, and published as a list for everybody else."""

from dataclasses import dataclass

from services.access import store
from services.access.flows.dependencies import Dependencies
from shared.database import Database
from shared.security import Claims
from shared.security.revocations import LISTED_FOR, ended, person_key, revoked
from shared.tenancy import INSTALLATION, acting_for


@dataclass(frozen=True, slots=True)
class StoredRevocations:
    """Access looks at its own rows, so that here a revocation takes effect at once."""

    database: Database

    def check(self, claims: Claims) -> None:
        """Raises Unauthorized for a client that is revoked, or is not there any more, and for a person's token of
        before she was changed."""
        person = claims.person
        with acting_for(claims.organization_id), self.database.reading() as session:
            row = store.client(session, claims.organization_id, claims.client_id)
            user = store.user(session, claims.organization_id, person.user_id) if person else None
        if row is None or row.revoked_at is not None:
            raise revoked()
        if person is not None and (user is None or not user.active or _has_ended(user, claims.issued_at)):
            raise ended()


def signed_revocations(deps: Dependencies) -> str:
    """The list as the other services fetch it: every client and person whose tokens may be alive, whatever its
    organization."""
    # Before the rows are read: a list that says it is of now has everything that was revoked until now.
    now = deps.wall_clock.now()
    # The request for it names nobody, and the list is of all organizations.
    with acting_for(INSTALLATION), deps.database.reading() as session:
        found = store.revoked_clients(session, now - LISTED_FOR)
        users = store.ended_users(session, now - LISTED_FOR)
    persons = {person_key(organization_id, user_id): at for organization_id, user_id, at in users}
    return deps.signer.sign_revocations(found, persons, now)


def _has_ended(user: store.UserRow, issued_at: int) -> bool:
    # As the list has it, in whole seconds.
    return user.tokens_end_at is not None and issued_at <= int(user.tokens_end_at.timestamp())
