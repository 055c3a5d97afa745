"""Files attached to a claim: uploaded, listed, downloaded, and removed where one was attached by mistake."""

import base64
import binascii
import hashlib

from sqlmodel import Session

from services.claims.domain.attachment_media import EXTENSIONS, is_of
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.claim.act_on_claim import Trace, leave_trace
from services.claims.flows.claim.build_claim import found_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.cursors import last_id
from services.claims.store import attachments as store
from services.claims.store import claims as claim_store
from services.claims.store.attachment_tables import AttachmentRow
from services.claims.store.tables import ClaimRow
from shared.contracts.claim_attachments import (
    AttachedFile,
    AttachedFileBody,
    AttachedFilePage,
    AttachedFileRemove,
    AttachedFileUpload,
)
from shared.database import UnitOfWork
from shared.errors import Conflict, Fault, Malformed, NotFound
from shared.paging import page_of
from shared.security.caller import Caller

ATTACHMENTS_A_CLAIM = 100


def add_attachment(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: AttachedFileUpload
) -> AttachedFile:
    """Keep a file. Raises NotFound, Malformed (no base64), Conflict (`file_not_of_media_type`,
    `too_many_attachments`)."""
    content, now, new_id = _content(command), deps.clock.now(), deps.ids("att")
    body = AttachedFileBody(title=command.title, sha256=hashlib.sha256(content).hexdigest(), author=command.actor)

    def write(session: Session) -> AttachedFile:
        claim = found_claim(claim_store.claim(session, caller.organization_id, claim_id))
        _refuse_more(session, claim)
        row = AttachmentRow(
            organization_id=claim.organization_id,
            id=new_id,
            claim_id=claim_id,
            at=now,
            media_type=command.media_type,
            size_bytes=len(content),
            body=body,
        )
        store.add_attachment(session, row, content)
        trace = Trace(TimelineKind.ATTACHMENT_ADDED, f"A file was attached: {new_id}.", codes=[new_id])
        leave_trace(session, deps, caller, claim, trace, at=now, actor=command.actor)
        return _view(row)

    return unit_of_work.run(write)


def remove_attachment(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    claim_id: str,
    attachment_id: str,
    command: AttachedFileRemove,
) -> AttachedFile:
    """Take a file off a claim and destroy its bytes; answers what it was. Raises NotFound."""
    now = deps.clock.now()

    def write(session: Session) -> AttachedFile:
        claim = found_claim(claim_store.claim(session, caller.organization_id, claim_id))
        row = _found(session, caller.organization_id, claim_id, attachment_id)
        removed = _view(row)
        store.remove_attachment(session, row)
        summary = f"The file {attachment_id} was taken off: {command.reason}"
        trace = Trace(TimelineKind.ATTACHMENT_REMOVED, summary, command.reason, [attachment_id])
        leave_trace(session, deps, caller, claim, trace, at=now, actor=command.actor)
        return removed

    return unit_of_work.run(write)


def list_attachments(
    deps: Dependencies, caller: Caller, claim_id: str, *, after: str | None, limit: int
) -> AttachedFilePage:
    """The files of a claim, oldest first, without their bytes. Raises NotFound."""
    last = last_id(after)
    with deps.database.reading() as session:
        found_claim(claim_store.claim(session, caller.organization_id, claim_id))
        rows = store.attachments_of_claim(session, caller.organization_id, claim_id, after=last, limit=limit)
        page, following = page_of(rows, limit, lambda row: (row.id,))
        return AttachedFilePage(items=[_view(row) for row in page], next=following)


def get_attachment_content(
    deps: Dependencies, caller: Caller, claim_id: str, attachment_id: str
) -> tuple[bytes, str, str]:
    """The bytes of a file, its media type, and a name for it that tells nothing. Raises NotFound."""
    with deps.database.reading() as session:
        found_claim(claim_store.claim(session, caller.organization_id, claim_id))
        row = _found(session, caller.organization_id, claim_id, attachment_id)
        content = store.content_of(session, row.organization_id, row.id)
        return content, row.media_type, f"{row.id}.{EXTENSIONS[row.media_type]}"


def _content(command: AttachedFileUpload) -> bytes:
    try:
        content = base64.b64decode(command.file, validate=True)
    except binascii.Error:
        fault = Fault("/body/file", "not_base64", "The file is not base64.", "Encode the whole file: base64 -w0 FILE.")
        raise Malformed("the file cannot be read", errors=[fault]) from None
    if not is_of(command.media_type, content):
        text = f"The bytes of the file are not those of {command.media_type}."
        fix = "Name the type that it is; one that is not taken is to be saved as PDF first."
        fault = Fault("/body/media_type", "file_not_of_media_type", text, fix)
        raise Conflict("the file is not what it is said to be", code=fault.code, errors=[fault])
    return content


def _refuse_more(session: Session, claim: ClaimRow) -> None:
    if store.count_attachments(session, claim.organization_id, claim.id) >= ATTACHMENTS_A_CLAIM:
        text = f"The claim has {ATTACHMENTS_A_CLAIM} files, which is as many as it takes."
        fault = Fault("/claim_id", "too_many_attachments", text, "Remove one, or put several pages in one PDF.")
        raise Conflict("the claim takes no more files", code=fault.code, errors=[fault])


def _found(session: Session, organization_id: str, claim_id: str, attachment_id: str) -> AttachmentRow:
    row = store.attachment(session, organization_id, claim_id, attachment_id)
    if row is None:
        raise NotFound("the claim has no such attachment", code="attachment_not_found")
    return row


def _view(row: AttachmentRow) -> AttachedFile:
    return AttachedFile(
        id=row.id,
        claim_id=row.claim_id,
        at=row.at,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        **dict(row.body),
    )
