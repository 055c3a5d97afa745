"""Deposits, and a practice's accounts with its payers, as the claims service speaks of them."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.common import Acting, Cents, Command, IsoDate, Name, View
from shared.contracts.remittances import Signed, Trace

MAX_CSV_CHARACTERS = 1_000_000


class DepositCreate(Command):
    """A check or transfer as the bank has it."""

    trace: Trace = Field(description="number of the check or transfer, as the remittance has it (TRN02)")
    amount_cents: Annotated[Cents, Field(ge=1)]
    deposited_on: IsoDate
    payer_name: Name | None = None
    number: Annotated[int, Field(ge=1, le=99)] = Field(
        default=1, description="which it is of several of this trace, amount and day; in a file they are counted"
    )
    actor: Acting


class DepositImport(Command):
    """Deposits as CSV: a header with `trace`, `amount`, `deposited_on` and perhaps `payer`, then a row each."""

    csv: Annotated[str, StringConstraints(min_length=1, max_length=MAX_CSV_CHARACTERS)] = Field(
        examples=["trace,amount,deposited_on,payer\n10044213,114.45,2026-03-24,Cascade Mutual Health\n"]
    )
    actor: Acting


class Deposit(View):
    """A deposit."""

    id: str
    trace: str
    amount_cents: Signed
    deposited_on: IsoDate
    payer_name: str | None = None
    entered_at: datetime


class DepositPage(View):
    """One page of deposits. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[Deposit]
    next: str | None = None


class DepositRejected(View):
    """A row of the file that is no deposit; the header is row 1."""

    row: int
    column: str
    message: str


class DepositImported(View):
    """What came of a file."""

    entered: int
    entered_before: int
    rejected: list[DepositRejected]


class TraceDifference(View):
    """Where what remittances pay under a trace and what was deposited do not agree. Of a check that pays several
    organizations each remittance has its own part only."""

    kind: str = Field(examples=["missing", "amount_differs", "unexpected"])
    trace: str
    payer_name: str | None = None
    on: IsoDate = Field(description="day of payment, else of the deposit")
    expected_cents: Signed
    deposited_cents: Signed
    difference_cents: Signed
    remittance_ids: list[str]


class DepositDifferences(View):
    """The differences of some days, the oldest first."""

    from_date: IsoDate
    to_date: IsoDate
    expected_cents: Signed
    deposited_cents: Signed
    items: list[TraceDifference]


class ProviderAccount(View):
    """The balances with one payer, in cents. What claims were paid is `-payments_cents`. `remittance_cents` is zero
    where every remittance balances. `forward_balance_cents` is below zero by what the payer will still take."""

    payer_identifier: str
    payer_name: str
    payments_cents: Signed
    remittance_cents: Signed
    deposits_cents: Signed
    take_backs_cents: Signed
    forward_balance_cents: Signed
    interest_cents: Signed
    other_adjustments_cents: Signed


class ProviderAccounts(View):
    """The accounts with every payer."""

    items: list[ProviderAccount]


class ProviderEntry(View):
    """One movement of the account with a payer: the amount moves from one account to the other. `reason` is the code of
    the provider adjustment (PLB), or `payments` and `deposit`."""

    id: str
    remittance_id: str
    payer_identifier: str
    posted_at: datetime
    from_account: str
    to_account: str
    amount_cents: Signed
    reason: str
    reference: str | None = None
    claim_id: str | None = Field(default=None, description="the claim that the adjustment names")


class ProviderEntryPage(View):
    """One page of entries. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[ProviderEntry]
    next: str | None = None
