"""Work on a claim's next action, and what persons note about a claim."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.contracts.common import Acting, Actor, Command, Id, IsoDate, Line, View

ActionKindName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{2,40}$")]
NoteText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=4_000, strip_whitespace=True, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$"),
]
Reason = Annotated[
    str, StringConstraints(min_length=5, max_length=500, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$")
]


class NextActionDone(Command):
    """What was done outside: by mail, telephone or portal. `kind` is the claim's present next action; the days are the
    practice's."""

    kind: ActionKindName
    done_on: IsoDate | None = Field(default=None, description="today where it is not given")
    by: Literal["mail", "fax", "phone", "portal", "email", "in_person"] | None = None
    reference: Line | None = Field(default=None, description="the payer's reference, or the number of the letter")
    note: NoteText | None = Field(default=None, description="kept as a note on the claim")
    follow_up_on: IsoDate | None = Field(default=None, description="without it the payer's days of silence count")
    actor: Acting


class NextActionSnooze(Command):
    """Put the present next action off to a later day, within the filing limit or the dispute window."""

    kind: ActionKindName
    until: IsoDate
    reason: Reason
    actor: Acting


class NextActionAssign(Command):
    """Who works on a claim: a user's id, null for nobody."""

    assignee_id: Id | None
    actor: Acting


class ClaimAttachment(Command):
    """A file that belongs to a claim and is kept elsewhere: what it is, where, and its digest."""

    title: Line
    media_type: Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}/[A-Za-z0-9.+-]{1,80}$")] = Field(
        examples=["application/pdf"]
    )
    size_bytes: int = Field(ge=0, le=10_000_000_000, strict=True)
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    location: Line = Field(description="where it is kept", examples=["dms://claims/2026/0034.pdf"])


class ClaimNoteCreate(Command):
    """A person's note about a claim, about the work and not the treatment. A payer sees it only where an appeal names
    it."""

    text: NoteText
    attachments: list[ClaimAttachment] = Field(default=[], max_length=20)
    actor: Acting


class ClaimNoteBody(View):
    """What a note says and who wrote it."""

    text: str
    attachments: list[ClaimAttachment] = []
    author: Actor


class ClaimNoteEntry(ClaimNoteBody):
    """One note on a claim."""

    id: str
    claim_id: str
    at: datetime


class ClaimNotePage(View):
    """One page of notes, oldest first. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[ClaimNoteEntry]
    next: str | None = None
