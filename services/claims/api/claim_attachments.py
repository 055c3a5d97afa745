"""Routes of the files that are attached to claims."""

from typing import Any

from fastapi.responses import Response

from services.claims.api.parameters import Deps, Reader, ThingId, Writer
from services.claims.domain.attachment_media import EXTENSIONS
from services.claims.flows.claim import attachments as flows
from shared.contracts.claim_attachments import (
    MAX_FILE_CHARACTERS,
    AttachedFile,
    AttachedFilePage,
    AttachedFileRemove,
    AttachedFileUpload,
)
from shared.errors import BadRequest, Conflict, NotFound, responses
from shared.roles import Permission
from shared.web.bodies import limited
from shared.web.idempotency import UnitOfWorkDep
from shared.web.paging import After, Limit
from shared.web.persons import permitted
from shared.web.routes import Routes

router = Routes(prefix="/v1/claims/{claim_id}/attachments", tags=["claims"])
CONTENT: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in EXTENSIONS},
        "description": "The file as it was uploaded",
    }
}
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


@router.post("", response_model=AttachedFile, status_code=201, responses=responses(BadRequest, NotFound, Conflict))
@limited(max_body_bytes=MAX_FILE_CHARACTERS + 10_000, cost=5)
@permitted(Permission.WORK_ON_CLAIMS)
def add_attachment(
    claim_id: ThingId, body: AttachedFileUpload, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> AttachedFile:
    """Attach a file of up to 3 MB to a claim: PDF, PNG, JPEG, TIFF or plain text. It is sealed, goes to no payer by
    itself, and is part of what an appeal can send."""
    return flows.add_attachment(deps, unit_of_work, caller, claim_id, body)


@router.get("", response_model=AttachedFilePage, responses=responses(NotFound))
def list_attachments(
    claim_id: ThingId, deps: Deps, caller: Reader, after: After = None, limit: Limit = 50
) -> AttachedFilePage:
    """The files of a claim, oldest first."""
    return flows.list_attachments(deps, caller, claim_id, after=after, limit=limit)


@router.get("/{attachment_id}/content", response_class=Response, responses={**CONTENT, **responses(NotFound)})
def get_attachment_content(claim_id: ThingId, attachment_id: ThingId, deps: Deps, caller: Reader) -> Response:
    """A file's bytes, to be saved and not shown: whoever opens it in a browser runs nothing of it."""
    content, media_type, name = flows.get_attachment_content(deps, caller, claim_id, attachment_id)
    headers = {"content-disposition": f'attachment; filename="{name}"', "content-security-policy": POLICY}
    return Response(content, media_type=media_type, headers=headers)


@router.post(
    "/{attachment_id}/remove", response_model=AttachedFile, responses=responses(BadRequest, NotFound, Conflict)
)
@permitted(Permission.WORK_ON_CLAIMS)
def remove_attachment(
    claim_id: ThingId,
    attachment_id: ThingId,
    body: AttachedFileRemove,
    deps: Deps,
    caller: Writer,
    unit_of_work: UnitOfWorkDep,
) -> AttachedFile:
    """Take a file off a claim, with the reason; its bytes are destroyed, and the answer says what it was."""
    return flows.remove_attachment(deps, unit_of_work, caller, claim_id, attachment_id, body)
