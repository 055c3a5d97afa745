"""The timeline of a claim, as claims speaks of it."""

from datetime import date, datetime

from pydantic import Field

from shared.contracts.claims import Money
from shared.contracts.common import Actor, View


class TimelineSource(View):
    """What made it happen: a write of an API client, a file, a message (read it at `/v1/messages/{id}/content`), or a
    rule of the next action whose time has come."""

    type: str = Field(examples=["api_client", "file", "message", "rule"])
    id: str


class TimelineClaim(View):
    """What the claim was about after it was made or built anew: reports of an earlier day go by this."""

    payer_id: str
    program: str = Field(description="the payer's program: its class", examples=["commercial", "workers_comp"])
    date_of_service: date


class TimelineDenial(View):
    """An amount that a payer did not pay and that stays with it until somebody has acted."""

    line_number: int | None = None
    group: str = Field(examples=["CO"])
    reason_code: str = Field(examples=["197"])
    amount_cents: int


class TimelineAnswer(View):
    """What the payer's answers in force say of one line. `expected_cents` is the least that its fees would have it
    allow, null where they are not known."""

    line_number: int
    procedure_code: str
    units: int
    charge_cents: int
    allowed_cents: int
    paid_cents: int
    denied_cents: int
    expected_cents: int | None = None


class TimelineDecision(View):
    """A payer's decision that was posted: what it denied, and what all its answers in force say together by then. With
    `reversal` an earlier one was taken back, by the payer or by who took its payment off the claim."""

    reversal: bool
    denials: list[TimelineDenial] = []
    lines: list[TimelineAnswer] = []


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
    claim: TimelineClaim | None = Field(default=None, description="where the claim was made or built anew")
    decision: TimelineDecision | None = Field(default=None, description="where a payer's decision was posted")


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
