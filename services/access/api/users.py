"""The persons of an organization, and what they have read in an emergency."""

from typing import Annotated

from fastapi import Depends, Path, Response

from services.access.flows import users as flows
from services.access.flows.dependencies import Dependencies
from shared.contracts.common import Id
from shared.contracts.users import EmergencyAccessPage, User, UserPage, UserPut
from shared.errors import NotFound, RuleBroken, responses
from shared.security.caller import Caller
from shared.web.auth import requires_itself
from shared.web.etags import WriteCondition, set_etag
from shared.web.paging import After, Limit
from shared.web.puts import put_responses, set_put_status
from shared.web.routes import Routes
from shared.web.service import dependency

router = Routes(tags=["users"])
emergencies = Routes(tags=["emergency access"])
Deps = Annotated[Dependencies, Depends(dependency(Dependencies))]
Reader = Annotated[Caller, Depends(requires_itself("users:read"))]
Writer = Annotated[Caller, Depends(requires_itself("users:write"))]
Auditor = Annotated[Caller, Depends(requires_itself("audit:read"))]
UserId = Annotated[Id, Path(description="made by the caller; the EHR's own id of the user, never her name")]


@router.put("/v1/users/{user_id}", response_model=User, responses=put_responses(User, RuleBroken))
def put_user(
    *, user_id: UserId, body: UserPut, response: Response, deps: Deps, caller: Writer, precondition: WriteCondition
) -> User:
    """Create or replace a user, with roles that can do no more than this token. What changes ends the tokens that she
    has: in access at once, in every other service within a minute. `active` false lets her in no more."""
    result = flows.put_user(deps, deps.database, caller, user_id, body, precondition=precondition)
    set_put_status(response, result)
    return result.record


@router.get("/v1/users/{user_id}", response_model=User, responses=responses(NotFound))
def get_user(user_id: UserId, response: Response, deps: Deps, caller: Reader) -> User:
    """One user."""
    found = flows.show_user(deps, caller.organization_id, user_id)
    set_etag(response, found.version)
    return found


@router.get("/v1/users", response_model=UserPage)
def list_users(deps: Deps, caller: Reader, limit: Limit = 50, after: After = None) -> UserPage:
    """All users of the organization, those who left too, by id."""
    return flows.list_users(deps, caller.organization_id, limit, after)


@emergencies.get("/v1/emergency-accesses", response_model=EmergencyAccessPage)
def list_emergency_accesses(deps: Deps, caller: Auditor, limit: Limit = 50, after: After = None) -> EmergencyAccessPage:
    """Who has read beyond her roles, and why, oldest first. Each of her requests is in the audit trail of its service,
    with the purpose `break_glass` and this reason."""
    return flows.list_emergency_accesses(deps, caller.organization_id, limit, after)
