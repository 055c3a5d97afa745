"""Remittances (835) as the claims service speaks of them: what a payer paid, its proofs, and what became of it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, Strict, StringConstraints

from shared.contracts.common import Acting, Cents, Command, Id, IsoDate, Line, Name, View
from shared.money import MAX_AMOUNT_CENTS

Signed = Annotated[int, Strict()]
"""Cents with their sign, as the payer's file has them."""
Place = Annotated[int, Strict(), Field(ge=1, le=100_000)]


class RemittanceSummary(View):
    """One 835 transaction. `state` is `waiting` while a payment in it waits for a person, else `posted`. What comes
    again is the same remittance."""

    id: str = Field(examples=["era_01"])
    message_id: str = Field(description="the message that it came in first; its X12 is at /v1/messages/{id}/content")
    payer_name: str
    payer_identifier: str = Field(description="the payer's own identifier in the trace (TRN03), else its name")
    trace: str = Field(description="number of the check or transfer (TRN02)")
    method: str = Field(description="CHK check, ACH transfer, NON no money", examples=["CHK", "ACH", "NON"])
    amount_cents: Signed = Field(description="what it says it pays (BPR02)")
    paid_on: IsoDate
    received_at: datetime
    payments: int
    waiting: int
    state: str = Field(examples=["waiting", "posted"])


class RemittancePage(View):
    """One page of remittances. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[RemittanceSummary]
    next: str | None = None


class RemittanceProof(View):
    """BPR02 = sum of CLP04 - sum of PLB, in cents. `difference_cents` is by how much it pays more than it adds up to;
    zero where it balances."""

    amount_cents: Signed
    payments_cents: Signed
    provider_adjustments_cents: Signed
    difference_cents: Signed


class RemittanceAdjustment(View):
    """One adjustment (CAS) as the payer made it."""

    group: str
    reason_code: str
    amount_cents: Signed


class RemittanceLine(View):
    """One service (SVC). `difference_cents` is its proof: paid - (charge - adjustments)."""

    number: int
    procedure_code: str
    modifiers: list[str]
    billed_as: str | None = Field(default=None, description="the procedure as billed, where the payer changed it")
    units: str | None = None
    date_of_service: IsoDate | None = None
    control_number: str | None = None
    charge_cents: Signed
    paid_cents: Signed
    allowed_cents: Signed | None = None
    adjustments: list[RemittanceAdjustment]
    remark_codes: list[str]
    difference_cents: Signed


class PaymentResult(View):
    """What a payment did. `state`: `posted` to `claim_id`, `waiting` because of `code`, `set_aside` by a person, or
    `without_money` where it moves none (a forecast)."""

    state: str = Field(examples=["posted", "waiting", "set_aside", "without_money"])
    claim_id: str | None = None
    code: str | None = Field(default=None, examples=["claim_unknown", "claim_not_submitted", "service_unknown"])
    waits_since: IsoDate | None = None


class RemittancePayment(View):
    """One claim payment (CLP). `difference_cents` is its proof: paid - (charge - all adjustments)."""

    number: int
    claim_number: str
    payer_claim_number: str | None = None
    status: str = Field(description="CLP02 as it is: most denials say 1", examples=["1", "22"])
    reversal: bool
    forwarded: bool
    patient_name: str | None = None
    member_id: str | None = None
    charge_cents: Signed
    paid_cents: Signed
    patient_responsibility_cents: Signed | None = None
    interest_cents: Signed | None = Field(default=None, description="AMT*I, which is no part of the payment")
    adjustments: list[RemittanceAdjustment]
    lines: list[RemittanceLine]
    difference_cents: Signed
    result: PaymentResult


class RemittanceProviderAdjustment(View):
    """One adjustment that belongs to no claim of the remittance (PLB); above zero it takes money from the payee."""

    reason: str = Field(examples=["WO", "FB", "72", "CS", "J1", "L6"])
    reference: str | None = None
    amount_cents: Signed
    fiscal_period_end: IsoDate


class RemittanceDetail(RemittanceSummary):
    """A remittance whole. Of more payments than one page has, `next` is the cursor of the following ones."""

    payee_name: str
    payee_npi: str | None = None
    proof: RemittanceProof
    provider_adjustments: list[RemittanceProviderAdjustment]
    items: list[RemittancePayment] = Field(description="its claim payments, in its order")
    next: str | None = None


class PaymentSuggestion(View):
    """A claim that a payment may be for. `score` is 0 to 100; the reasons say what agrees."""

    claim_id: str
    score: int
    reasons: list[str]


class PaymentSuggestions(View):
    """The likeliest claims first."""

    items: list[PaymentSuggestion]


class LineMatch(Command):
    """A service of the payment (its number in it) is this line of the claim."""

    service: Place
    line: Place


class PaymentMatch(Command):
    """A person says which claim a payment is for, and why. `lines` where a service does not say which line it is."""

    claim_id: Id
    reason: Line
    lines: list[LineMatch] = Field(default=[], max_length=50)
    actor: Acting


class PaymentDecision(Command):
    """A person decides about a payment that waits, and says why."""

    reason: Line
    actor: Acting


MAX_REMITTANCE_CHARACTERS = 14_000_000
"""Of the file in base64: 10 MB, some 10,000 claims."""
Trace = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,50}$")]
ReasonCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,5}$")]
Adjusted = Annotated[int, Strict(), Field(ge=-MAX_AMOUNT_CENTS, le=MAX_AMOUNT_CENTS)]


class RemittanceUpload(Command):
    """An 835 from anywhere, whole, in base64. It is taken as the caller's own, whoever it names."""

    file: Annotated[
        str,
        StringConstraints(min_length=4, max_length=MAX_REMITTANCE_CHARACTERS, pattern=r"^[A-Za-z0-9+/]+={0,2}$"),
    ] = Field(description="the file as it came, in base64: base64 -w0 FILE")
    actor: Acting


class RemittanceReceipt(View):
    """What was taken is posted within seconds. `received_before`: all of it is here already, from whatever source, and
    nothing was done."""

    message_id: str
    received_before: bool
    remittance_ids: list[str] = Field(description="those that are known by now")


class TypedAdjustment(Command):
    """One adjustment as the paper has it: group, reason code (CARC), amount."""

    group: Literal["CO", "PR", "OA", "PI", "CR"]
    reason_code: ReasonCode
    amount_cents: Adjusted


class TypedLine(Command):
    """A line of the claim as the paper has it. Without `charge_cents` it is the line's own charge."""

    line: Place
    charge_cents: Cents | None = None
    paid_cents: Cents
    adjustments: list[TypedAdjustment] = Field(default=[], max_length=30)
    remark_codes: list[ReasonCode] = Field(default=[], max_length=20)


class TypedClaim(Command):
    """One claim on the paper. With `reversal` the payer takes the payment back whose amounts are given, without
    minus."""

    claim_id: Id
    payer_claim_number: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,50}$")] | None = None
    reversal: bool = False
    forwarded: bool = Field(default=False, description="whether the payer has sent the claim on to the next payer")
    interest_cents: Cents | None = None
    adjustments: list[TypedAdjustment] = Field(
        default=[], max_length=30, description="of the claim as a whole, beside those of its lines"
    )
    lines: list[TypedLine] = Field(min_length=1, max_length=50)


class TypedProviderAdjustment(Command):
    """Money on the paper that belongs to no claim (PLB); above zero it takes money from the practice."""

    reason: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2}$")] = Field(examples=["WO", "FB", "72", "L6"])
    reference: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,50}$")] | None = None
    amount_cents: Adjusted


class TypedRemittance(Command):
    """A paper EOB, typed. It must prove itself like any remittance: each line (charge - adjustments = paid), each
    claim, and the check (claims - provider adjustments = amount)."""

    payer_name: Name
    payer_tax_id: Annotated[str, StringConstraints(pattern=r"^[0-9]{9}$")] | None = None
    trace: Trace = Field(description="number of the check or transfer")
    method: Literal["CHK", "ACH", "NON"] = "CHK"
    paid_on: IsoDate
    amount_cents: Cents
    claims: list[TypedClaim] = Field(min_length=1, max_length=200)
    provider_adjustments: list[TypedProviderAdjustment] = Field(default=[], max_length=20)
    actor: Acting
