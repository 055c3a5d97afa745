"""The money of claims, movement by movement, as the ledger has it."""

from datetime import datetime

from pydantic import Field

from shared.contracts.common import Cents, View


class LedgerEntry(View):
    """One movement of money, in double entry: it takes `amount_cents` out of one account and into another."""

    id: str
    claim_id: str
    line_number: int
    posted_at: datetime
    from_account: str = Field(examples=["insurer", "patient", "written_off", "paid"])
    to_account: str
    amount_cents: Cents
    source_id: str = Field(description="the remittance or the claim that caused it")
    reason: str


class LedgerPage(View):
    """One page of ledger entries. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[LedgerEntry]
    next: str | None = None
