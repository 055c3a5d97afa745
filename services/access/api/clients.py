"""An organization and its API clients."""

from typing import Annotated

from fastapi import Depends, Path, Response

from services.access.flows import clients as flows
from services.access.flows.dependencies import Dependencies
from shared.contracts.access import (
    Client,
    ClientCreate,
    ClientPage,
    ClientSecret,
    DecisionsPut,
    JsonWebKeySet,
    Organization,
)
from shared.contracts.common import Id
from shared.errors import BadRequest, Conflict, NotFound, RuleBroken, responses
from shared.security.caller import Caller
from shared.web.auth import authenticated_caller, requires
from shared.web.idempotency import UnitOfWorkDep
from shared.web.paging import After, Limit
from shared.web.routes import Routes
from shared.web.service import dependency

router = Routes(tags=["clients"])
Deps = Annotated[Dependencies, Depends(dependency(Dependencies))]
Admin = Annotated[Caller, Depends(requires("access:admin"))]
ClientId = Annotated[Id, Path(description="the client's id, `cli_...`")]


@router.get("/v1/organization", responses=responses(NotFound))
def get_organization(deps: Deps, caller: Annotated[Caller, Depends(authenticated_caller)]) -> Organization:
    """The organization that the token is for."""
    return flows.show_organization(deps, caller.organization_id)


@router.put("/v1/organization/decisions", responses=responses(NotFound))
def put_decisions(deps: Deps, caller: Admin, command: DecisionsPut) -> Organization:
    """Say whether API clients may name who signs, overrides, voids and releases, or only a person's own token counts.
    Tokens of before hold on as they were issued, for 15 minutes at most."""
    return flows.put_decisions(deps, deps.database, caller=caller, command=command)


@router.post("/v1/clients", status_code=201, responses=responses(BadRequest, Conflict))
def create_client(deps: Deps, caller: Admin, unit_of_work: UnitOfWorkDep, command: ClientCreate) -> ClientSecret:
    """Make an API client, with at most the scopes of this token. Its secret is in this answer alone: the answer
    to a repeat with the same key has `secret` null. Who lost it revokes the client and makes another."""
    return flows.create_client(deps, unit_of_work, caller=caller, command=command)


@router.get("/v1/clients")
def list_clients(deps: Deps, caller: Admin, limit: Limit = 50, after: After = None) -> ClientPage:
    """All clients of the organization, revoked ones too, oldest first."""
    return flows.list_clients(deps, caller.organization_id, limit, after)


@router.get("/v1/clients/{client_id}", responses=responses(NotFound))
def get_client(deps: Deps, caller: Admin, client_id: ClientId) -> Client:
    """One client, without its secret."""
    return flows.show_client(deps, caller.organization_id, client_id)


@router.put("/v1/clients/{client_id}/jwks", responses=responses(NotFound, RuleBroken))
def put_client_keys(deps: Deps, caller: Admin, client_id: ClientId, jwks: JsonWebKeySet) -> Client:
    """Let a client that has no scope beyond this token's prove itself by these public keys (private_key_jwt). Its keys
    of before, or its secret, hold no longer; tokens that it has do."""
    return flows.put_client_keys(deps, deps.database, caller=caller, client_id=client_id, jwks=jwks)


@router.delete("/v1/clients/{client_id}", status_code=204, responses=responses(NotFound, RuleBroken))
def revoke_client(deps: Deps, caller: Admin, client_id: ClientId) -> Response:
    """Revoke a client that has no scope beyond this token's. It gets no token, and those it has hold no longer: in
    access at once, in every other service within a minute."""
    flows.revoke_client(deps, deps.database, caller=caller, client_id=client_id)
    return Response(status_code=204)
