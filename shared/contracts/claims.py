"""Claims, their money and next actions, as the claims service speaks of them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from shared.contracts.common import (
    Acting,
    Cents,
    Command,
    DiagnosisCode,
    Id,
    IsoDate,
    Modifier,
    ProcedureCode,
    SignedCents,
    View,
)
from shared.contracts.rules import ClaimFinding, ExpectedPayment, Override

Modifiers = Annotated[
    dict[ProcedureCode, Annotated[list[Modifier], Field(max_length=4)]],
    Field(max_length=20, description="modifiers the biller adds, by procedure code"),
]
Pointers = Annotated[
    dict[ProcedureCode, Annotated[list[DiagnosisCode], Field(min_length=1, max_length=4)]],
    Field(
        max_length=20,
        description="diagnoses of the note that a procedure points to, first to last, in place of its techniques'",
    ),
]
PayerClaimNumber = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9 ./-]{1,50}$"),
    Field(description="the payer's own number of the claim (REF*F8), where no remittance or 277CA has told it"),
]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
ClaimStateName = Literal["blocked", "held", "ready", "submitted", "accepted", "rejected", "adjudicated", "voided"]


class Attachment(Command):
    """A paper that goes to the payer apart from the claim (PWK): its report type code, how it is sent, its number."""

    report_type: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2}$")] = Field(examples=["OZ", "M1", "77"])
    transmission: Literal["mail", "fax", "electronic", "email", "on_request"]
    control_number: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{2,50}$")]


class PriorAdjustment(Command):
    """One adjustment of an earlier payer, as its remittance has it (CAS)."""

    group: Literal["CO", "PR", "OA", "PI", "CR"]
    reason_code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,5}$")]
    amount_cents: SignedCents


class PriorLine(Command):
    """What an earlier payer paid and adjusted on one line (SVD and CAS of loop 2430)."""

    line_number: Annotated[int, Field(strict=True, ge=1, le=50)]
    paid_cents: SignedCents
    adjustments: list[PriorAdjustment] = Field(default=[], max_length=30)


class PriorPayment(Command):
    """What an earlier payer paid and adjusted on this claim. Its coverage is one of the patient's others.

    With `lines`, which payers want where the explanation of benefits has them, `adjustments` are only those of the
    claim as a whole; `paid_cents` is what was paid on the whole claim in both cases."""

    payer_id: Id
    paid_cents: Cents
    adjustments: list[PriorAdjustment] = Field(default=[], max_length=30)
    lines: list[PriorLine] = Field(default=[], max_length=50)
    payer_claim_number: Annotated[str, StringConstraints(max_length=50, pattern=r"^[!-)+-9;-}]*$")] = Field(
        default="", description="its own number of the claim (REF*F8)"
    )
    remitted_on: IsoDate
    forwarded: bool = Field(default=False, description="whether it has sent the claim on to the next payer by itself")


LeftOff = Annotated[
    list[ProcedureCode],
    Field(
        max_length=20,
        description="procedures of the note that are not billed: their minutes leave the pool and stay on the note",
    ),
]
PatientPaid = Annotated[Cents, Field(description="what the patient has paid for this visit (AMT*F5)")]
Attachments = Annotated[list[Attachment], Field(max_length=10)]
PriorPayments = Annotated[
    list[PriorPayment], Field(max_length=2, description="for a second or third payer: what the earlier ones did")
]


SameDayNotes = Annotated[
    list[Id],
    Field(
        max_length=3,
        description="other signed notes of the patient and the day that the claim bills too, where the payer wants one "
        "claim for all visits of a day (`same_day_visits` of the payer)",
    ),
]


class LineShare(Command):
    """A procedure of a visit, and how many of its units; without `units` all of them."""

    procedure_code: ProcedureCode
    units: Annotated[int, Field(strict=True, ge=1, le=99)] | None = None


class ClaimCreate(Command):
    """A signed note and a coverage become a claim. `id` may be the caller's own. With `lines` it bills those alone, and
    a claim without them bills what no other claim of the visit has named."""

    id: Id | None = None
    note_id: Id
    same_day_note_ids: SameDayNotes = []
    coverage_id: Id
    lines: list[LineShare] = Field(default=[], max_length=20)
    tie_order: list[ProcedureCode] = Field(
        default=[],
        max_length=20,
        description="which procedure gets the unit when remainders tie, first to last",
    )
    modifiers: Modifiers = {}
    left_off: LeftOff = []
    patient_paid_cents: PatientPaid = 0
    attachments: Attachments = []
    prior_payments: PriorPayments = []
    actor: Acting


class ClaimCheck(Command):
    """A dry run: the same arithmetic and findings as for a claim, and nothing is kept.

    Of a note and a coverage, or of a stored claim by `claim_id`: that is judged from its snapshot and with its
    overrides, what is given here takes the place of what it was made with, and no other service is asked.
    """

    note_id: Id | None = None
    same_day_note_ids: SameDayNotes = []
    coverage_id: Id | None = None
    claim_id: Id | None = None
    tie_order: list[ProcedureCode] = Field(default=[], max_length=20)
    modifiers: Modifiers = {}
    left_off: LeftOff = []
    pointers: Pointers = {}
    patient_paid_cents: PatientPaid = 0
    attachments: Attachments = []
    prior_payments: PriorPayments = []


class ClaimAction(Command):
    """The body of submit: who decides it."""

    actor: Acting


class ClaimVoid(ClaimAction):
    """Void a claim. One that its payer has is asked back with frequency 8, and voided when it has been reversed."""

    reason: Reason | None = None
    payer_claim_number: PayerClaimNumber | None = None
    payer_confirmed: bool = Field(
        default=False,
        description="a void waits, the payer has decided nothing, and it has said that it has voided the claim",
    )


class ClaimWithdraw(ClaimAction):
    """Give up a correction: the submission before it is the claim's present one again."""

    reason: Reason


class ClaimChange(ClaimAction):
    """What the biller changes of a claim. What is given here takes the place of what the claim was made with; what is
    absent or null stays. The signed note stays as it is. `same_day_note_ids` are all notes that the claim bills beside
    its own from now on: a visit joins the claim of its day so, or leaves it."""

    same_day_note_ids: SameDayNotes | None = None
    tie_order: list[ProcedureCode] | None = Field(default=None, max_length=20)
    modifiers: Modifiers | None = None
    left_off: LeftOff | None = None
    patient_paid_cents: PatientPaid | None = None
    attachments: Attachments | None = None
    prior_payments: PriorPayments | None = None
    pointers: Pointers | None = None
    payer_claim_number: PayerClaimNumber | None = None


class ClaimRefresh(ClaimChange):
    """Read note, coverage and practice again. Other pointers than the note's want a reason."""

    reason: Reason | None = None

    @model_validator(mode="after")
    def _reason_for_pointers(self) -> "ClaimRefresh":
        if self.pointers and self.reason is None:
            raise ValueError("pointers want a reason")
        return self


class ClaimCorrect(ClaimChange):
    """Correct a claim that its payer has accepted, decided or rejected, for another submission."""

    reason: Reason
    only_denied_lines: bool = Field(
        default=False, description="send the denied lines alone, as new; what was paid stays as it is"
    )
    send_as: Literal["replacement", "new"] | None = Field(
        default=None, description="how the biller wants it sent; absent: as the answers so far and the payer want it"
    )
    patch: Literal["suggested"] | None = Field(default=None, description="what the record answers of the denial")


class LineMoney(View):
    """What became of one line's charge: charge = paid + patient paid + written off + patient + insurer balance + other
    payers."""

    paid_cents: SignedCents
    written_off_cents: SignedCents
    patient_cents: SignedCents
    insurer_balance_cents: SignedCents
    patient_paid_cents: SignedCents = 0
    other_payers_cents: SignedCents = 0


class ClaimLine(View):
    """One service line (2400): `minutes` is what was done, `units` what is billed, `charge_cents` the charge of all
    units."""

    number: int
    procedure_code: str
    modifiers: list[str]
    units: int
    minutes: int
    charge_cents: Cents
    diagnosis_pointers: list[int]
    authorization_number: str | None = Field(default=None, description="the authorization that the line is under")
    therapist_id: str | None = Field(default=None, description="who treated")
    note_ids: list[str] = Field(
        default=[], description="the notes that the line is made of, where the claim bills several visits"
    )
    money: LineMoney | None = None


class UnitsArithmetic(View):
    """How minutes became units: the method of the payer's profile and one sentence with the figures."""

    method: str
    sentence: str
    unbilled_minutes: int = 0


class Adjustment(View):
    """One adjustment a payer made, with our own label and what it asks for."""

    line_number: int | None = None
    group: str
    reason_code: str
    remark_codes: list[str] = []
    amount_cents: SignedCents
    label: str
    meaning: str = Field(examples=["patient", "write_off", "insurer", "information", "person"])
    fix: str = Field(description="what a biller does about it", examples=["Write it off."])


class NextActionOperation(View):
    """The operation that does a next action: send `body` with the members of `needs` added. `path` is complete, and
    `service` is the one that has it."""

    service: str = Field(examples=["claims", "notes"])
    operation_id: str = Field(examples=["submit_claim"])
    method: str = Field(examples=["POST"])
    path: str = Field(examples=["/v1/claims/clm_01/submit"])
    body: dict[str, str] = Field(default={}, description="what is known of it already")
    needs: list[str] = Field(default=[], description="members that the person adds", examples=[["reason", "actor"]])


class NextAction(View):
    """The one thing to do next, by whom, from when, and which rule says so."""

    kind: str = Field(
        examples=[
            "submit",
            "release_hold",
            "print_and_mail",
            "fix_and_resubmit",
            "bill_patient",
            "bill_secondary",
            "appeal",
            "none",
        ]
    )
    owner: str = Field(examples=["handbill", "therapist", "biller", "payer", "patient"])
    due_on: IsoDate
    reason: str
    rule: str
    amount_cents: SignedCents | None = Field(default=None, description="how much money it is about")
    assignee_id: str | None = Field(default=None, description="the user who works on it")
    operation: NextActionOperation | None = Field(
        default=None, description="what does it; null where there is nothing that a person does"
    )


class Money(View):
    """The claim's money in cents, derived from the ledger: charge = paid + patient paid + written off + patient balance
    + insurer balance + other payers. `paid_cents` is what this payer paid, and `other_payers_cents` what the claims to
    the visit's other payers answer for."""

    charge_cents: SignedCents
    paid_cents: SignedCents
    written_off_cents: SignedCents
    patient_balance_cents: SignedCents
    insurer_balance_cents: SignedCents
    patient_paid_cents: SignedCents = 0
    other_payers_cents: SignedCents = 0


class UnderpaidLine(View):
    """A line for which the payer allowed less than its fees say (/v1/payer-fees), and by which rule."""

    line_number: int
    expected_cents: Cents
    allowed_cents: SignedCents
    short_cents: Cents
    rule: str = Field(
        examples=["payer_fee", "payer_fee_after_multiple_procedure_reduction", "percent_of_charge"],
    )
    decision: str | None = Field(default=None, examples=["disputed", "accepted"])


class Claim(View):
    """A claim as it is now: what is billed, the rules' findings, the payer's answers, the money and the next action."""

    id: str
    version: int
    note_id: str
    same_day_note_ids: list[str] = Field(default=[], description="the other notes of the day that it bills")
    coverage_id: str
    patient_id: str
    payer_id: str
    payer_name: str
    claim_number: str
    date_of_service: IsoDate
    state: str = Field(examples=["blocked", "held", "ready", "submitted", "accepted", "rejected", "adjudicated"])
    state_by: str | None = Field(default=None, examples=["clearinghouse", "payer"])
    outcome: str = Field(examples=["none", "paid", "partly_paid", "zero_paid", "denied"])
    payer_claim_number: str | None = None
    previous_claim_id: str | None = Field(default=None, description="the claim of this visit to the payer before")
    next_claims: list[str] = Field(
        default=[], description="the claims of this visit to later payers, that are not voided"
    )
    split_claims: list[str] = Field(
        default=[], description="the claims that bill the visit's other lines, that are not voided"
    )
    underpayments: list[UnderpaidLine] = []
    statements: list[IsoDate] = Field(default=[], description="the days on which the patient was billed")
    frequency: str = Field(default="1", description="CLM05-3 of the present submission", examples=["1", "7", "8"])
    refers_to: str | None = Field(default=None, description="the payer's number of what it replaces or voids (REF*F8)")
    sent_as: str | None = Field(default=None, description="why a corrected claim is sent with this frequency")
    opening_balance_id: str | None = Field(
        default=None, description="of a claim that was sent before the practice moved in; its `note_id` is the same"
    )
    diagnoses: list[str]
    lines: list[ClaimLine]
    units: UnitsArithmetic
    findings: list[ClaimFinding]
    overrides: list[Override] = []
    adjustments: list[Adjustment] = []
    money: Money
    next_action: NextAction
    submitted_at: datetime | None = None
    created_at: datetime


class ClaimDraft(View):
    """The answer of a dry run."""

    state: str
    diagnoses: list[str]
    lines: list[ClaimLine]
    units: UnitsArithmetic
    charge_cents: Cents
    findings: list[ClaimFinding]
    expected: ExpectedPayment


class ClaimPage(View):
    """One page of claims. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[Claim]
    next: str | None = None
