"""Routes of the exchange with the clearinghouse: 837P files sent, and messages received."""

from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import Response

from services.claims.api.parameters import Deps, Reader, ThingId, Writer
from services.claims.domain.message_lifecycle import MessageState
from services.claims.flows.messages import release_message as releasing
from services.claims.flows.messages import retry_message as retrying
from services.claims.flows.queries import exchange as queries
from shared.contracts.common import Id
from shared.contracts.exchange import Message, MessagePage, MessageRelease, MessageRetry, X12FilePage
from shared.errors import BadRequest, Conflict, NotFound, responses
from shared.roles import Permission
from shared.web.idempotency import UnitOfWorkDep
from shared.web.paging import After, Limit
from shared.web.persons import permitted
from shared.web.routes import Routes

router = Routes(prefix="/v1", tags=["exchange"])
OfClaim = Annotated[Id | None, Query(description="only of this claim, under any of its claim numbers")]
X12 = "application/edi-x12"
CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"content": {X12: {"schema": {"type": "string"}}}, "description": "The X12 as it is"}
}


@router.get("/files", response_model=X12FilePage)
def list_files(
    deps: Deps, caller: Reader, claim_id: OfClaim = None, after: After = None, limit: Limit = 50
) -> X12FilePage:
    """837P files with their states."""
    return queries.list_files(deps, caller, claim_id=claim_id, after=after, limit=limit)


@router.get("/files/{file_id}/content", response_class=Response, responses={**CONTENT, **responses(NotFound)})
def get_file_content(file_id: ThingId, deps: Deps, caller: Reader) -> Response:
    """A file's 837P."""
    return Response(queries.get_file_content(deps, caller, file_id), media_type=X12)


@router.get("/messages", response_model=MessagePage)
def list_messages(
    *,
    deps: Deps,
    caller: Reader,
    state: Annotated[MessageState | None, Query(description="only in this state")] = None,
    claim_id: OfClaim = None,
    after: After = None,
    limit: Limit = 50,
) -> MessagePage:
    """What the clearinghouse sent, in order of arrival; `quarantined` and `failed` ones wait for a person, with their
    reasons. A message that answers several organizations is here with the part of this one."""
    return queries.list_messages(deps, caller, state=state, claim_id=claim_id, after=after, limit=limit)


@router.get("/messages/{message_id}/content", response_class=Response, responses={**CONTENT, **responses(NotFound)})
def get_message_content(message_id: ThingId, deps: Deps, caller: Reader) -> Response:
    """A message as it was received, or this organization's part of it."""
    return Response(queries.get_message_content(deps, caller, message_id), media_type=X12)


@router.post(
    "/messages/{message_id}/release", response_model=Message, responses=responses(BadRequest, NotFound, Conflict)
)
@permitted(Permission.RELEASE_MESSAGES)
def release_message(
    message_id: ThingId, body: MessageRelease, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Message:
    """Release a quarantined message, so that it is applied unchanged; needs a person's name and a reason."""
    return releasing.release_message(deps, unit_of_work, caller, message_id, body)


@router.post(
    "/messages/{message_id}/retry", response_model=Message, responses=responses(BadRequest, NotFound, Conflict)
)
@permitted(Permission.RELEASE_MESSAGES)
def retry_message(
    message_id: ThingId, body: MessageRetry, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Message:
    """Try a failed message again: one that an error of Handbill's own has kept from being applied."""
    return retrying.retry_message(deps, unit_of_work, caller, message_id, body)
