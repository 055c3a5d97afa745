"""The timeline of a claim, as claims speaks of it."""

from datetime import datetime

from pydantic import Field

from shared.contracts.claims import Money
from shared.contracts.common import Actor, View


class TimelineSource(View):
    """What made it happen: a write of an API client, a file, a message (read it at `/v1/messages/{id}/content`), or a
    rule of the next action whose time has come."""

    type: str = Field(examples=["api_client", "file", "message", "rule"])
    id: str


class TimelineDetail(View):
    """What an entry says. `state` is the claim's after it, where it is about the claim alone."""

    summary: str
    actor: Actor | None = Field(default=None, description="the person on whose behalf the API client wrote")
    claim_number: str | None = Field(default=None, description="the number that the claim went by, or was named by")
    state: str | None = Field(default=None, examples=["submitted", "accepted"])
    state_by: str | None = Field(default=None, examples=["clearinghouse", "payer"])
    file_id: str | None = None
    interchange_control_number: str | None = None
    message_kind: str | None = Field(default=None, examples=["TA1", "999", "277CA", "835"])
    codes: list[str] = Field(
        default=[], description="of rules, of status categories with their codes, of adjustments with their groups"
    )
    money: Money | None = Field(default=None, description="by how much it changed the claim's money")


class TimelineEntry(TimelineDetail):
    """One thing that happened to a claim, or to a file that it went out in."""

    id: str
    at: datetime
    kind: str = Field(examples=["claim_created", "file_sent", "claim_accepted", "payment_posted"])
    source: TimelineSource


class TimelinePage(View):
    """One page of timeline entries. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[TimelineEntry]
    next: str | None = None
