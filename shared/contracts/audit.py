"""The audit trail as its readers see it."""

from pydantic import Field

from shared.contracts.common import Actor, View


class AuditTrailEntry(View):
    """One entry: who did what, when, on whose behalf, why, and how it ended.

    `client_id` is the API client; `handbill` is what Handbill did by itself. `actor` is the person that the client
    vouched for. `action` is the operation of the API, or what Handbill did. `patient_id` is there where the data of
    one patient was shown, changed or sent."""

    id: str
    sequence: int = Field(description="counts up by one within the organization and the service")
    at: str = Field(description="the practice's time; that of a read is the machine's")
    wall_at: str = Field(description="the time of the machine")
    client_id: str
    actor: Actor | None = None
    action: str = Field(examples=["get_claim"])
    subject_id: str = Field(description="the id in the path, or of what was made; empty where there is none")
    patient_id: str | None = None
    purpose: str | None = None
    reason: str | None = None
    outcome: str = Field(description="`done`, `refused` or `failed`", examples=["done"])
    request_id: str | None = Field(default=None, description="the `X-Request-ID` of the answer")


class AuditTrailPage(View):
    """Entries in order; `next` is the sequence number to ask with the next time, null on the last page."""

    items: list[AuditTrailEntry]
    next: int | None = None
