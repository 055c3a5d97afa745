"""Files that are attached to a claim and kept with it: a scan, a letter, a portal's page."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.contracts.claim_work import Reason
from shared.contracts.common import Acting, Actor, Command, Line, View

MAX_FILE_BYTES = 3_000_000
MAX_FILE_CHARACTERS = MAX_FILE_BYTES // 3 * 4
"""Of the file in base64."""
MediaType = Literal["application/pdf", "image/png", "image/jpeg", "image/tiff", "text/plain"]


class AttachedFileUpload(Command):
    """A file of up to 3 MB. What it is said to be must be what its bytes are."""

    title: Line = Field(examples=["Letter of the payer of March 2"])
    media_type: MediaType
    file: Annotated[
        str, StringConstraints(min_length=4, max_length=MAX_FILE_CHARACTERS, pattern=r"^[A-Za-z0-9+/]+={0,2}$")
    ] = Field(description="the file in base64: base64 -w0 FILE")
    actor: Acting


class AttachedFileRemove(Command):
    """Why a file is taken off a claim, such as that it is another patient's. Its bytes are destroyed."""

    reason: Reason
    actor: Acting


class AttachedFileBody(View):
    """What an attachment is, its SHA-256, and who attached it."""

    title: str
    sha256: str
    author: Actor


class AttachedFile(AttachedFileBody):
    """One file of a claim; its bytes are at `.../content`."""

    id: str
    claim_id: str
    at: datetime
    media_type: str
    size_bytes: int


class AttachedFilePage(View):
    """One page of attachments, oldest first. `next` is the cursor to ask with for the page after it, null on the
    last."""

    items: list[AttachedFile]
    next: str | None = None
