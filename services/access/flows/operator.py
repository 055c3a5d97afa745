"""What the operator does from the machine that holds the database: the way back where no client can be trusted.

These run from the `handbill` command; no route leads here. They need no running service, and a service that runs sees
what they wrote: access at once, the others within a minute.
"""

from dataclasses import dataclass

from sqlmodel import Session

from services.access import store
from services.access.flows.bootstrap import COMMAND_LINE
from services.access.flows.clients import add_client, mark_revoked
from services.access.flows.dependencies import Dependencies
from shared.contracts.access import OPERATOR_SCOPES, SCOPES, ClientSecret
from shared.errors import NotFound, RuleBroken


@dataclass(frozen=True, slots=True)
class ListedOrganization:
    """An organization with all of its clients, revoked ones too, oldest first."""

    organization: store.OrganizationRow
    clients: list[store.ClientRow]


def list_organizations(deps: Dependencies) -> list[ListedOrganization]:
    """All of them, Handbill's own too, oldest first."""
    with deps.database.reading() as session:
        return [ListedOrganization(row, store.all_clients(session, row.id)) for row in store.organizations(session)]


def add_organization_client(deps: Dependencies, organization_id: str, name: str, scopes: list[str]) -> ClientSecret:
    """A client of an organization that is there; without `scopes` it has every one of an organization. Raises NotFound,
    and RuleBroken for a scope that nobody can have."""
    known = (*SCOPES, *OPERATOR_SCOPES)
    unknown = sorted(set(scopes) - set(known))
    if unknown:
        raise RuleBroken(
            f"there is no scope {', '.join(unknown)}; choose from {', '.join(known)}",
            pointer="/scopes",
            fix="Choose from the scopes that there are.",
        )
    with deps.database.reading() as session:
        if store.organization(session, organization_id) is None:
            raise NotFound(f"there is no organization {organization_id}; see: handbill org list")
    return add_client(
        deps,
        deps.database,
        organization_id=organization_id,
        by_client_id=COMMAND_LINE,
        name=name,
        scopes=list(dict.fromkeys(scopes or SCOPES)),
    )


def revoke(deps: Dependencies, target: str) -> list[store.ClientRow]:
    """Revoke one client, or all clients of an organization, the last one with `access:admin` too. Answers those that
    were not revoked before. Raises NotFound."""

    def write(session: Session) -> list[store.ClientRow]:
        if store.organization(session, target) is not None:
            found = store.active_clients(session, target)
        else:
            one = store.client_by_id(session, target)
            if one is None:
                raise NotFound(f"there is no organization and no client {target}; see: handbill org list")
            found = [one] if one.revoked_at is None else []
        for row in found:
            mark_revoked(deps, session, row, by_client_id=COMMAND_LINE)
        return found

    return deps.database.run(write)
