"""Tables of the work on claims: notes, what was done about a next action, appeals, tasks about what is no claim, and
the rule by which small balances are written off."""

from datetime import date, datetime

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from services.claims.domain.next_action_progress import Progress
from services.claims.store.rows import Row
from shared.contracts.appeals import AppealBody
from shared.contracts.claim_work import ClaimNoteBody
from shared.database import ContractCodec, SealedDocument, SealedText, TypedJson, UtcDateTime
from shared.database.row_macs import Authenticated
from shared.database.tables import outside_mac

LOOKED = outside_mac("it says only when Handbill looks again")


class ProgressJson(TypedJson):
    """What a person has done about a next action, or put off: kinds, rules and days."""

    contract = TypeAdapter(Progress)


class SealedClaimNote(SealedDocument):
    """What a person noted about a claim, and what she attached."""

    codec = ContractCodec(ClaimNoteBody)


class ClaimNoteRow(Row, Authenticated, table=True):
    """What a person noted about a claim; never changed."""

    __tablename__ = "claim_notes"
    __table_args__ = (Index("claim_notes_by_claim", "organization_id", "claim_id", "id"),)

    claim_id: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    body: ClaimNoteBody = Field(sa_type=SealedClaimNote)


class SealedAppeal(SealedDocument):
    """What is kept of an appeal: letter, packet as sent, who did what."""

    codec = ContractCodec(AppealBody)


class AppealRow(Row, Authenticated, table=True):
    """One level of appeal against a payer's decision on a claim. `paid_before_cents` is what the payer had paid when it
    was sent, by the ledger; `answers` how many of the claim's payments it comes after, or has as its answer."""

    __tablename__ = "appeals"
    __table_args__ = (Index("appeals_by_claim", "organization_id", "claim_id", "id"),)

    claim_id: str = Field(max_length=64)
    version: int = 1
    level: int
    kind: str = Field(max_length=40)
    state: str = Field(max_length=20)
    answers: int = 0
    opened_at: datetime = Field(sa_type=UtcDateTime)
    notice_on: date
    last_day_to_send: date | None = None
    last_day_source: str = Field(max_length=500)
    sent_on: date | None = None
    answer_due_on: date | None = None
    answer_due_source: str | None = Field(default=None, max_length=500)
    decided_on: date | None = None
    paid_before_cents: int | None = Field(default=None, sa_type=BigInteger)
    body: AppealBody = Field(sa_type=SealedAppeal)


class TaskRow(Row, Authenticated, table=True):
    """Something to do about what is no claim (`subject_type`, `subject_id`); one of a kind for each subject, as
    long as it is to be done. Its kind says what does it. `looked_at_on` is the last day on which
    Handbill looked whether it has ended (UTC)."""

    __tablename__ = "tasks"
    __table_args__ = (
        Index("tasks_by_subject", "organization_id", "subject_id", "kind", unique=True),
        Index("tasks_by_due", "organization_id", "due_on", "id"),
    )

    kind: str = Field(max_length=40)
    subject_type: str = Field(max_length=20)
    subject_id: str = Field(max_length=64)
    owner: str = Field(max_length=20)
    due_on: date
    reason: str = Field(max_length=300)
    rule: str = Field(max_length=80)
    amount_cents: int | None = Field(default=None, sa_type=BigInteger)
    payer_id: str | None = Field(default=None, max_length=64)
    assignee_id: str | None = Field(default=None, max_length=64)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    looked_at_on: date | None = Field(default=None, sa_column_kwargs={"info": LOOKED})


class SmallBalanceRuleRow(Row, Authenticated, table=True):
    """Up to which amounts a practice writes off what is left of a claim; one row an organization, and 0 is off."""

    __tablename__ = "small_balance_rules"

    version: int = 1
    patient_max_cents: int = 0
    insurer_max_cents: int = 0
    reason: str = Field(sa_type=SealedText)
    set_by: str = Field(sa_type=SealedText)
    set_at: datetime = Field(sa_type=UtcDateTime)


class NoteFeedRow(Row, Authenticated, table=True):
    """How far the feed of the notes service has been read (`sequence`), and when it is to be asked again (wall time);
    one row an organization."""

    __tablename__ = "note_feeds"
    __table_args__ = (Index("note_feeds_by_time", "next_at"),)

    sequence: int = Field(default=0, sa_type=BigInteger)
    next_at: datetime = Field(sa_type=UtcDateTime)
