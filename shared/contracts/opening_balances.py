"""What a practice that moves in has open: claims that were sent elsewhere, and visits that were used before."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, Strict, StringConstraints

from shared.contracts.claim_money import Reason
from shared.contracts.common import (
    Acting,
    Cents,
    Command,
    Count,
    Id,
    IsoDate,
    Line,
    Modifier,
    ProcedureCode,
    View,
)
from shared.money import MAX_AMOUNT_CENTS

MAX_CSV_CHARACTERS = 200_000
MAX_OPENING_LINES = 50
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ._/#-]{1,50}$", strip_whitespace=True)]
NumberAtPayer = Annotated[str, StringConstraints(pattern=r"^[\x21-\x29\x2B-\x39\x3B-\x7D]{1,38}$")]
"""One word without the signs that part an X12 file."""
AdjustmentReason = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,5}$")]
Charge = Annotated[int, Strict(), Field(ge=1, le=MAX_AMOUNT_CENTS)]


class OpeningLine(Command):
    """One line of the claim as it was billed, and where its charge is now: it is the sum of the other five amounts."""

    procedure_code: ProcedureCode
    modifiers: list[Modifier] = Field(default=[], max_length=4)
    units: Annotated[int, Strict(), Field(ge=1, le=99)]
    charge_cents: Charge
    paid_cents: Cents = Field(default=0, description="by payers")
    patient_paid_cents: Cents = 0
    written_off_cents: Cents = 0
    patient_cents: Cents = Field(default=0, description="what the patient owes, after every payer")
    insurer_cents: Cents = Field(default=0, description="what the insurer owes, or has denied and nobody has decided")
    patient_reason_code: AdjustmentReason | None = Field(
        default=None,
        description="of what she owes: the reason under group PR on the explanation of benefits",
        examples=["1", "2", "3"],
    )
    open_group: Literal["CO", "OA", "PI", "PR"] | None = Field(
        default=None, description="of what the insurer left open when it answered: the group of its adjustment"
    )
    open_reason_code: AdjustmentReason | None = None


class OpeningBalanceCreate(Command):
    """A claim that was sent from the system before, with what is open of it on `as_of`.

    `reference` is the entry's own number in that system: the same one is entered once. `claim_number` is the one that
    the payer knows the claim by (CLM01), so that its remittance finds it. `remitted_on` is the day of the newest answer
    of a payer; without it no payer has answered.
    """

    reference: Reference
    claim_number: NumberAtPayer | None = None
    payer_claim_number: NumberAtPayer | None = None
    coverage_id: Id
    therapist_id: Id
    date_of_service: IsoDate
    submitted_on: IsoDate
    remitted_on: IsoDate | None = None
    as_of: IsoDate = Field(description="the day of the figures; what a payer paid until then is in them")
    authorization_id: Id | None = None
    lines: list[OpeningLine] = Field(min_length=1, max_length=MAX_OPENING_LINES)
    source: Line = Field(examples=["Aged receivables of 2026-02-28, page 3"])
    actor: Acting


class OpeningBalanceImport(Command):
    """Opening balances as CSV: a header, then a row for each line; rows of one `reference` are one claim."""

    csv: Annotated[str, StringConstraints(min_length=1, max_length=MAX_CSV_CHARACTERS)] = Field(
        description="columns `reference`, `coverage_id`, `therapist_id`, `date_of_service`, `submitted_on`, "
        "`procedure_code`, `units`, `charge`, and where there is something to say `claim_number`, "
        "`payer_claim_number`, `remitted_on`, `authorization_id`, `modifiers`, `paid`, `patient_paid`, "
        "`written_off`, `patient`, `insurer`, `patient_reason_code`, `open_group`, `open_reason_code`",
        examples=[
            "reference,coverage_id,therapist_id,date_of_service,submitted_on,procedure_code,units,charge,insurer\n"
            "A-1041,cov_00000001,thr_ingrid01,2026-01-12,2026-01-13,97124,4,180.00,180.00\n"
        ],
    )
    as_of: IsoDate
    source: Line
    actor: Acting


class OpeningBalanceWithdraw(Command):
    """The entry was wrong: its amounts leave the ledger by entries in the opposite direction."""

    reason: Reason
    actor: Acting


class OpeningBalance(View):
    """An opening balance: the claim that has its money, and where its figures come from."""

    id: str
    claim_id: str
    reference: str
    claim_number: str | None = None
    as_of: IsoDate
    source: str
    entered_at: datetime
    withdrawn_at: datetime | None = None


class OpeningBalancePage(View):
    """One page of opening balances. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[OpeningBalance]
    next: str | None = None


class OpeningRow(View):
    """What came of a row of the file (the header is row 1): `entered`, `entered_before` (that reference is here already
    and nothing was changed) or `rejected`, and then why."""

    row: int
    result: str = Field(examples=["entered", "entered_before", "rejected"])
    claim_id: str | None = None
    column: str | None = None
    code: str | None = None
    message: str | None = None
    fix: str | None = None


class OpeningBalancesImported(View):
    """What came of a file, by row and counted by claim."""

    entered: int
    entered_before: int
    rejected: int
    rows: list[OpeningRow]


class OpeningVisitsPut(Command):
    """What was used before the practice moved in, of an authorization, a referral or a plan's benefit.

    `coverage_id` says whose it is. The counts are those of visits of which no claim is here. A correction is another
    PUT; nothing used is two zeros."""

    kind: Literal["authorization", "referral", "benefit"]
    coverage_id: Id
    visits: Count
    units: Count = 0
    counted_through: IsoDate = Field(description="the last day that is counted; a plan's year is this day's")
    source: Line = Field(examples=["Portal of the payer, read on 2026-03-01"])
    reason: Reason | None = Field(default=None, description="why an earlier count is changed")
    actor: Acting


class OpeningVisits(View):
    """What was used before the practice moved in. `id` is that of the authorization or referral, or of the coverage."""

    id: str
    version: int
    kind: str
    coverage_id: str
    visits: int
    units: int
    counted_through: IsoDate
    source: str
