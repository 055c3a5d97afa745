"""Routes of the installation's operator: messages that nobody can read, that belong to nobody, or that failed."""

from typing import Annotated

from fastapi import Depends, Path, Query
from fastapi.responses import Response

from services.claims.api.exchange import CONTENT, X12
from services.claims.api.parameters import Deps
from services.claims.flows.operator import messages_over_http as flows
from shared.contracts.common import Id
from shared.contracts.exchange import OperatorEventPage, OperatorMessagePage
from shared.errors import NotFound, responses
from shared.security.caller import Caller
from shared.web.auth import requires_itself
from shared.web.routes import Routes

router = Routes(prefix="/v1/operator", tags=["exchange"])
operating = requires_itself("messages:operate")
Operating = Annotated[Caller, Depends(operating)]
"""A scope that the operator alone gives (`handbill org client --scope messages:operate`): it shows what is nobody's."""
UnownedId = Annotated[Id, Path(description="the id of a part or of a received message")]


@router.get("/messages", response_model=OperatorMessagePage)
def list_unowned_messages(
    deps: Deps,
    caller: Operating,
    everything: Annotated[bool, Query(description="also what was routed or closed")] = False,
) -> OperatorMessagePage:
    """What waits for the operator, of all mailboxes: parts that belong to nobody, messages that cannot be read, and
    those that an error of Handbill's own keeps from being processed. At most 1,000 of each, oldest first."""
    return flows.list_unowned_messages(deps, caller, everything=everything)


@router.get("/messages/{unowned_id}/content", response_class=Response, responses={**CONTENT, **responses(NotFound)})
def get_unowned_message_content(unowned_id: UnownedId, deps: Deps, caller: Operating) -> Response:
    """One of them as it came. That it was read is in the trail of the installation and of the caller's organization."""
    return Response(flows.get_unowned_message_content(deps, caller, unowned_id), media_type=X12)


@router.get("/events", response_model=OperatorEventPage, dependencies=[Depends(operating)])
def list_operator_events(
    deps: Deps,
    after: Annotated[int, Query(ge=0, le=2**62, description="the last sequence you have seen")] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> OperatorEventPage:
    """The installation's own feed: `message.unrouted` for each part that waits for the operator."""
    return flows.list_operator_events(deps, after=after, limit=limit)
