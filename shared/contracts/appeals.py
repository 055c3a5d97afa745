"""Appeals against a payer's decision on a claim: opened with a packet, sent, answered or pressed, and what they won."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.contracts.claim_work import Reason
from shared.contracts.common import Acting, Actor, Cents, Command, Finding, Id, IsoDate, Line, SignedCents, View

MAX_NOTES = 50
Channel = Literal["portal", "fax", "mail", "email", "phone", "in_person"]
LetterText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=20_000, strip_whitespace=True, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$"),
]
ClaimNoteIds = Annotated[
    list[Id],
    Field(
        max_length=MAX_NOTES,
        description="notes on the claim that the payer may read, as the log of calls; no other leaves the practice",
    ),
]


class AppealOpen(Command):
    """Open the claim's next level of appeal: a draft whose letter and packet are made from what is on file."""

    claim_note_ids: ClaimNoteIds = []
    actor: Acting


class AppealEdit(Command):
    """What the biller changes of a draft: the letter, which notes on the claim go with it. What is left out stays."""

    letter: LetterText | None = None
    claim_note_ids: ClaimNoteIds | None = None
    actor: Acting


class AppealSend(Command):
    """The appeal was sent outside: how, when, to whom. The packet is kept as it was sent."""

    by: Channel
    recipient: Line = Field(examples=["Cascade Mutual Health, Appeals, fax 206-555-0188"])
    sent_on: IsoDate | None = Field(default=None, description="today where it is not given")
    reference: Line | None = Field(default=None, description="number of the fax, the letter or the portal's receipt")
    answer_due_on: IsoDate | None = Field(default=None, description="without it the payer's days to decide count")
    late_reason: Reason | None = Field(default=None, description="the good cause, where the last day has passed")
    actor: Acting


class AppealOutcome(Command):
    """What became of it. `unanswered`: the practice gives up waiting. What was won is read from the ledger."""

    outcome: Literal["upheld", "overturned", "partly_overturned", "unanswered"] = Field(
        description="`upheld`: the payer's decision stands, the appeal is lost"
    )
    decided_on: IsoDate = Field(description="the day of the payer's notice, from which the next level counts")
    reference: Line | None = None
    reason: Reason = Field(description="what the payer says, in short")
    actor: Acting


class AppealEscalate(Command):
    """A payer that does not answer is pressed, or reported."""

    to: Literal["supervisor", "insurance_department", "workers_comp_agency"]
    by: Channel
    recipient: Line
    escalated_on: IsoDate | None = Field(default=None, description="today where it is not given")
    answer_due_on: IsoDate | None = Field(default=None, description="without it the payer's days of silence count")
    reference: Line | None = None
    actor: Acting


class AppealWithdraw(Command):
    """Give the appeal up."""

    reason: Reason
    actor: Acting


class AppealSending(View):
    """How the appeal was sent."""

    by: str
    recipient: str
    sent_on: IsoDate
    reference: str | None = None
    late_reason: str | None = None
    actor: Actor


class AppealEscalation(View):
    """One act of pressing the payer."""

    to: str
    by: str
    recipient: str
    escalated_on: IsoDate
    reference: str | None = None
    actor: Actor


class AppealDecision(View):
    """What became of the appeal, and who recorded it."""

    outcome: str
    decided_on: IsoDate
    reference: str | None = None
    reason: str
    actor: Actor


class AppealFile(View):
    """One file of the packet: where its bytes come from, and their digest."""

    name: str = Field(examples=["signed_note.txt"])
    title: str
    source: str = Field(description="what the bytes are made from", examples=["note:note_nadia", "message:msg_01JZ"])
    media_type: str = Field(examples=["text/plain; charset=utf-8", "application/edi-x12"])
    size_bytes: int
    sha256: str
    path: str = Field(
        description="where it is downloaded", examples=["/v1/claims/clm_01/appeals/apl_01/files/letter.txt"]
    )


class AppealPacket(View):
    """The files of an appeal, and what is missing: as it would be sent now, or as it was sent."""

    files: list[AppealFile]
    findings: list[Finding]


class AppealInterest(View):
    """Interest that the law gives on what is unpaid: at least so much, for whole months."""

    amount_cents: Cents
    months: int
    overdue_from: IsoDate
    source: str


class AppealSummary(View):
    """One level of appeal, without its letter and packet."""

    id: str
    claim_id: str
    version: int
    level: int
    kind: str = Field(examples=["appeal", "second_appeal", "external_review", "redetermination", "protest"])
    state: str = Field(
        examples=["draft", "sent", "escalated", "upheld", "overturned", "partly_overturned", "unanswered", "withdrawn"]
    )
    opened_at: datetime
    notice_on: IsoDate = Field(description="the day of the decision that it disputes")
    last_day_to_send: IsoDate | None = Field(description="null where no document says")
    last_day_source: str
    sent_on: IsoDate | None = None
    answer_due_on: IsoDate | None = None
    answer_due_source: str | None = None
    decided_on: IsoDate | None = None
    paid_before_cents: SignedCents | None = Field(default=None, description="what the payer had paid when it was sent")
    won_cents: SignedCents | None = Field(
        default=None,
        description="what the ledger says the payer has paid since, until the next level was sent; null before sending",
    )


class Appeal(AppealSummary):
    """One level of appeal with its letter and its packet."""

    causes: list[str] = Field(examples=[["medical_necessity"]])
    letter: str
    claim_note_ids: list[str]
    packet: AppealPacket
    interest: AppealInterest | None = None
    sending: AppealSending | None = None
    escalations: list[AppealEscalation] = []
    decision: AppealDecision | None = None
    withdrawn_because: str | None = None


class AppealList(View):
    """A page of a claim's appeals, the first first. `next` is the cursor of the page after it, null on the last."""

    items: list[AppealSummary]
    next: str | None = None


class AppealFileBody(AppealFile):
    """A file as it is kept with an appeal that was sent."""

    path: str = ""
    content: str


class AppealBody(View):
    """What is kept of an appeal, sealed."""

    letter: str
    claim_note_ids: list[str] = []
    causes: list[str] = []
    opened_by: Actor
    sending: AppealSending | None = None
    escalations: list[AppealEscalation] = []
    decision: AppealDecision | None = None
    withdrawn_because: str | None = None
    interest: AppealInterest | None = None
    files: list[AppealFileBody] = []
    findings: list[Finding] = []
