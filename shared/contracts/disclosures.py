"""To whom a patient's data went, as the claims service accounts for it."""

from datetime import datetime

from pydantic import Field

from shared.contracts.common import View


class Disclosure(View):
    """A patient's data that left the practice: when, to whom, what and why (45 CFR 164.528)."""

    id: str
    disclosed_at: datetime
    recipient: str = Field(description="the payer's name as the claim had it", examples=["Cascade Mutual Health"])
    through: str | None = Field(default=None, description="`clearinghouse`, where it went through one")
    description: str
    purpose: str = Field(examples=["payment"])
    claim_id: str
    file_id: str | None = Field(default=None, description="the 837P file that it was in; null where it was printed")


class DisclosurePage(View):
    """Disclosures of one patient's data, oldest first."""

    items: list[Disclosure]
    next: str | None = None
