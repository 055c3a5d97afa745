"""What goes to a clearinghouse and comes from it, as claims speaks of it: files of claims, and messages."""

from datetime import datetime

from pydantic import Field

from shared.contracts.common import Acting, Command, Event, Finding, Line, View


class Message(View):
    """One message from the clearinghouse, without its content. Of a message that answers several organizations it is
    the part of this one; then a reason with the code `message_part` says so."""

    id: str
    kind: str = Field(examples=["TA1", "999", "277CA", "835"])
    state: str = Field(examples=["received", "applied", "quarantined", "released", "failed"])
    received_at: datetime
    claims: int = 0
    reasons: list[Finding] = []


class MessagePage(View):
    """One page of messages. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[Message]
    next: str | None = None


class MessageRelease(Command):
    """A person lets a quarantined message be applied again, and says why."""

    reason: Line
    actor: Acting


class MessageRetry(Command):
    """A person has a failed message tried again."""

    actor: Acting


class X12File(View):
    """One 837P file: which claims are in it and how far it has come."""

    id: str
    interchange_control_number: str
    state: str = Field(examples=["formed", "sending", "turned_away", "sent", "accepted", "refused"])
    claim_ids: list[str]
    formed_at: datetime
    sent_at: datetime | None = None


class X12FilePage(View):
    """One page of X12 files. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[X12File]
    next: str | None = None


class UnownedMessage(View):
    """A message that waits for the operator. `organization_id` is whose it is, or to whom it was routed; null where it
    is nobody's. `npi` is the provider that it names, `claims_of` the organization whose claims it names."""

    id: str
    kind: str
    state: str = Field(examples=["unrouted", "routed", "closed", "failed"])
    received_at: datetime
    organization_id: str | None = None
    npi: str | None = None
    claims_of: str | None = None
    claims: int = 0
    reasons: list[Finding] = []


class OperatorMessagePage(View):
    """What waits for the operator."""

    items: list[UnownedMessage]


class OperatorEventPage(View):
    """A page of the installation's feed. `next` is the sequence to ask after."""

    items: list[Event]
    next: int
