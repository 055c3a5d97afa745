"""The submissions of a claim, as the claims service speaks of them: each sending of it, and what became of it."""

from datetime import datetime

from pydantic import Field

from shared.contracts.claims import ClaimLine
from shared.contracts.common import IsoDate, SignedCents, View


class ClaimSubmission(View):
    """One sending of a claim: under which number and frequency, what for, and what became of it."""

    claim_number: str
    place: int = Field(description="counts the claim's submissions from 1")
    present: bool = Field(description="whether it is the claim's present one")
    frequency: str = Field(description="CLM05-3", examples=["1", "7", "8"])
    refers_to: str | None = Field(description="the payer's number of the claim that it replaces or voids (REF*F8)")
    reason: str | None = Field(description="why it was corrected, as the person said")
    why: str | None = Field(description="why it is sent with this frequency")
    file_id: str | None
    submitted_at: datetime | None
    state: str = Field(examples=["ready", "submitted", "accepted", "rejected", "adjudicated", "voided"])
    state_by: str | None
    payer_claim_number: str | None = Field(description="the payer's own number of this submission")
    remitted_on: IsoDate | None
    paid_cents: SignedCents = Field(description="what the payer has paid on it, less what it has taken back")
    reversed: bool = Field(description="whether the payer has taken back all that it had decided on it")
    lines: list[ClaimLine] = Field(description="the lines that it bills, without money")


class ClaimSubmissionList(View):
    """The submissions of a claim, the first first."""

    items: list[ClaimSubmission]
