"""A practice's past, read from its old 837P and 835 files: what became of each claim, and what nobody has done yet."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, Strict, StringConstraints

from shared.contracts.common import NO_CONTROL_MAX_LENGTH, Acting, Command, IsoDate, Line, Npi, View
from shared.contracts.common import Cents as Amount

Cents = Annotated[int, Strict()]
"""Cents with their sign: a payment that is out of balance may be so either way."""
MAX_PART_CHARACTERS = 950_000
"""Of a file, or one part of it, in base64: 700 kB."""
MAX_HISTORY_FILES, MAX_HISTORY_BYTES = 1_000, 20_000_000
"""Files, or parts of them, and their bytes."""
MAX_BALANCES = 5_000
Procedure = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{5}$")]
ClaimNumber = Annotated[str, StringConstraints(min_length=1, max_length=38, pattern=NO_CONTROL_MAX_LENGTH)]


class HistoryPayerTerms(Command):
    """What the practice knows of a payer: its profile, its filing limit, and its fees in cents a unit."""

    identifier: Line = Field(description="NM109 of the payer in the 837P", examples=["RAINC"])
    profile: Line = Field(examples=["commercial_wa", "medicare", "va_community_care"])
    timely_filing_days: Annotated[int, Strict(), Field(ge=1, le=3_650)] | None = None
    fees: dict[Procedure, Amount] = Field(default_factory=dict, max_length=500)


class HistoryBalance(Command):
    """What the practice's own books say of one claim."""

    claim_number: ClaimNumber
    billed_to_patient_cents: Amount = 0
    written_off_cents: Amount = 0


class HistoryTerms(Command):
    """With what a report is made: the day that it is as of, today's where it is absent; the practice's own billing
    NPIs, those of most claims where there are none; its payers; its books."""

    as_of: IsoDate | None = None
    npis: list[Npi] = Field(default_factory=list, max_length=20)
    payers: list[HistoryPayerTerms] = Field(default_factory=list, max_length=200)
    own_balances: list[HistoryBalance] = Field(default_factory=list, max_length=MAX_BALANCES)


class HistoryCreate(HistoryTerms):
    """A new history; its files are added one by one."""

    actor: Acting


class HistoryFileUpload(Command):
    """One old file in base64, or its next part: what is sent under one name is one file, its parts in the order in
    which they came. What it holds is looked at when the report is made."""

    name: Line = Field(description="by which the report names it", examples=["2025/march.835"])
    file: Annotated[
        str, StringConstraints(min_length=4, max_length=MAX_PART_CHARACTERS, pattern=r"^[A-Za-z0-9+/]+={0,2}$")
    ] = Field(
        description="at most 700 kB as they are in the file, in base64: base64 -w0 FILE; of a longer one the first part"
    )
    actor: Acting


class HistoryAction(Command):
    """Who does it."""

    actor: Acting


class HistoryFileReceipt(View):
    """One file as it was taken, and what the history holds now."""

    id: str
    name: str
    size_bytes: int
    files: int
    total_bytes: int


class HistoryWindow(View):
    """Until when something can still be done. `presumed`: a limit of such payers, which nobody has confirmed of this
    one."""

    kind: str = Field(examples=["filing", "corrected_claim", "appeal"])
    closes_on: IsoDate
    open: bool
    presumed: bool
    source: str


class HistoryFinding(View):
    """One thing that was found. `cents` are what the kind says; the same cent may stand under several kinds. `open`:
    something can still be done, as a window is open or none is known. `offset` is the byte of `file` at which the
    claim, payment or remittance begins that it was found in."""

    kind: str = Field(examples=["denied_never_worked", "secondary_never_billed", "underpaid"])
    title: str
    claim_number: str = Field(description="CLM01 or CLP01; empty where the finding is about no claim")
    payer_name: str
    date_of_service: IsoDate | None = None
    cents: Cents
    message: str
    fix: str
    rule: str = Field(description="code of the rule that found it; empty where it has none")
    windows: list[HistoryWindow]
    open: bool
    file: str
    offset: int
    patient_name: str | None = None


class HistoryMoney(View):
    """A claim's money by its files: charge = paid + written off + patient (paid or owed) + insurer + other payers."""

    charge_cents: Cents
    paid_cents: Cents
    written_off_cents: Cents
    patient_balance_cents: Cents
    patient_paid_cents: Cents
    insurer_balance_cents: Cents
    other_payers_cents: Cents


class HistoryNextAction(View):
    """What a claim of today would be asked in its place."""

    kind: str
    due_on: IsoDate
    reason: str
    rule: str


class HistoryClaim(View):
    """One claim as its files have it: under the number of its newest submission. No claim is made of it; its balances
    are what an opening balance can be entered with."""

    claim_number: str
    payer_name: str
    payer_identifier: str
    sequence: str = Field(description="SBR01: P first payer, S second, T third")
    date_of_service: IsoDate
    sent_on: IsoDate
    submissions: int
    state: str
    outcome: str
    money: HistoryMoney
    next_action: HistoryNextAction
    file: str
    offset: int
    patient_name: str | None = None


class HistoryProblem(View):
    """What is wrong with a file, or why something of it was left out."""

    code: str = Field(examples=["not_x12", "cut_off", "file_twice", "other_practice"])
    message: str
    offset: int | None = None


class HistoryFile(View):
    """One file: its transactions by kind, how many claims and payments were taken from it, and its problems."""

    name: str
    size_bytes: int
    kinds: dict[str, int]
    claims: int
    payments: int
    problems: list[HistoryProblem]


class HistoryTotal(View):
    """One kind of findings. `open_cents` are those for which something can still be done; `cents_are` says what its
    cents mean."""

    kind: str
    title: str
    cents_are: str
    findings: int
    cents: Cents
    open_cents: Cents


class HistoryRule(View):
    """How far a rule could judge: on how many claims, and which fact that no file has it lacked most on the others."""

    code: str
    judged: int
    lacking: str = Field(examples=["note.signed", "coverage.authorizations", ""])


class HistoryPayer(View):
    """Under which profile a payer's claims were looked at; `named` is false where its files alone let presume it."""

    identifier: str
    name: str
    profile: str
    named: bool


class HistoryReport(View):
    """All that the files say of the practice's past, as of a day. `claims_of_several_days` were judged by no rule."""

    as_of: IsoDate
    totals: list[HistoryTotal]
    findings: list[HistoryFinding]
    claims: list[HistoryClaim]
    files: list[HistoryFile]
    payers: list[HistoryPayer]
    rules: list[HistoryRule]
    claims_of_several_days: int


class HistorySummary(View):
    """A report without its lists: `/findings` and `/claims` have these. `files` are those with problems, at most 200;
    `claims_of_several_days` were judged by no rule."""

    totals: list[HistoryTotal]
    findings: int
    claims: int
    files: list[HistoryFile]
    payers: list[HistoryPayer]
    rules: list[HistoryRule]
    claims_of_several_days: int


class History(View):
    """A history: `open` while files are added, `asked` while its report is made, `reported` when it is there."""

    id: str = Field(examples=["his_01"])
    state: str = Field(examples=["open", "asked", "reported"])
    as_of: IsoDate
    created_at: datetime
    reported_at: datetime | None = None
    files: int
    total_bytes: int
    report: HistorySummary | None = None


class HistoryPage(View):
    """One page of histories, without their reports. `next` is the cursor to ask with for the page after it."""

    items: list[History]
    next: str | None = None


class HistoryFindingPage(View):
    """One page of findings, in the order of the report."""

    items: list[HistoryFinding]
    next: str | None = None


class HistoryClaimPage(View):
    """One page of claims, in the order in which they were first sent."""

    items: list[HistoryClaim]
    next: str | None = None
