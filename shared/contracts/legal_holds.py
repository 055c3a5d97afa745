"""Legal holds: what may not be destroyed, whatever its age, because somebody may want it as evidence."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.common import Actor, Command, Id, IsoDate, View

Reason = Annotated[str, StringConstraints(min_length=1, max_length=1_000, strip_whitespace=True)]


class LegalHoldPut(Command):
    """A hold on everything of one patient, or of the whole organization where `patient_id` is null."""

    patient_id: Id | None = Field(default=None, description="null: every patient of the organization")
    reason: Reason = Field(description="the matter, such as the letter that asks for the records")
    since: IsoDate = Field(description="the day on which the duty to keep began")
    actor: Actor


class LegalHoldRelease(Command):
    """The end of a hold, and why it ended."""

    reason: Reason
    actor: Actor


class LegalHold(View):
    """A hold, in force until `released_at`. What is on hold under any of them is not destroyed."""

    id: str
    version: int
    patient_id: str | None = None
    reason: str
    since: IsoDate
    placed_by: Actor
    released_at: datetime | None = None
    released_by: Actor | None = None
    release_reason: str | None = None


class LegalHoldPage(View):
    """One page of holds by id. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[LegalHold]
    next: str | None = None
