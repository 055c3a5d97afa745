"""Money that a person enters on a claim: patient's payments, refunds, write-offs, transfers, and their reversal."""

from typing import Annotated, Literal

from pydantic import Field, Strict, StringConstraints

from shared.contracts.common import NO_CONTROL_MAX_LENGTH, Acting, Command, Id, IsoDate
from shared.money import MAX_AMOUNT_CENTS

Amount = Annotated[int, Strict(), Field(ge=1, le=MAX_AMOUNT_CENTS)]
LineNumber = Annotated[
    int, Strict(), Field(ge=1, le=50, description="without it the amount goes to the lines from the first on")
]
Reason = Annotated[
    str, StringConstraints(min_length=3, max_length=300, strip_whitespace=True, pattern=NO_CONTROL_MAX_LENGTH)
]
OpenAccount = Literal["insurer", "patient"]


class PatientPayment(Command):
    """What the patient paid on a claim; more than she owes stands to her credit."""

    amount_cents: Amount
    received_on: IsoDate
    method: Literal["cash", "check", "card", "other"]
    line_number: LineNumber | None = None
    actor: Acting


class Refund(Command):
    """Money that goes back: to the patient of what she paid, or to the insurer of what it paid."""

    amount_cents: Amount
    payee: OpenAccount
    reason: Reason
    line_number: LineNumber | None = None
    actor: Acting


class WriteOff(Command):
    """An open amount that nobody is asked for any more. `kind` says why in the ledger, `reason` in words."""

    amount_cents: Amount
    account: OpenAccount
    kind: Literal["contractual", "courtesy", "hardship", "small_balance", "uncollectible", "collections", "late_filing"]
    reason: Reason
    line_number: LineNumber | None = None
    actor: Acting


class Transfer(Command):
    """An open amount that somebody else owes than the remittance says."""

    amount_cents: Amount
    to_account: OpenAccount = Field(description="who owes it from now on; it is taken from the other account")
    reason: Reason
    line_number: LineNumber | None = None
    actor: Acting


class UnderpaymentDispute(Command):
    """What is done about an underpayment: it is disputed with the payer, or accepted."""

    decision: Literal["disputed", "accepted"]
    reason: Reason
    actor: Acting


class EntryReversal(Command):
    """Take back what a person entered: `source_id` is that of its ledger entries. Nothing is deleted; entries in the
    opposite direction are added."""

    source_id: Id
    reason: Reason
    actor: Acting
