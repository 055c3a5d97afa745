"""The route of what claims used of an authorization."""

from services.claims.api.parameters import Deps, Reader, ThingId
from services.claims.flows.queries import authorizations as queries
from shared.contracts.authorization_accounts import AuthorizationAccount
from shared.errors import NotFound, responses
from shared.web.paging import After, Limit
from shared.web.routes import Routes

router = Routes(prefix="/v1/authorizations", tags=["claims"])


@router.get(
    "/{authorization_id}/account",
    response_model=AuthorizationAccount,
    responses=responses(NotFound),
)
def get_authorization_account(
    authorization_id: ThingId, deps: Deps, caller: Reader, after: After = None, limit: Limit = 100
) -> AuthorizationAccount:
    """The visits and units that were used of an authorization, by which lines of which claims, and what is left."""
    return queries.get_authorization_account(deps, caller, authorization_id, after=after, limit=limit)
