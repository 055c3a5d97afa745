"""Tables of the claims service. Names, notes, diagnoses, numbers of people and whole X12 messages are sealed.

Columns that queries use are not sealed: ids, states, dates, cents, codes. Rows of the installation are the operator's.
"""

from datetime import date, datetime

from pydantic import TypeAdapter
from sqlalchemy import JSON, BigInteger, Index, text
from sqlmodel import Field

from services.claims.document import DOCUMENT_CODEC, PAST_VISIT_CODEC, ClaimDocument, PastVisit
from services.claims.domain.next_action_progress import Progress
from services.claims.store.attachment_tables import AttachmentPieceRow, AttachmentRow
from services.claims.store.code_set_tables import CodeSetEditionRow
from services.claims.store.custom_rule_tables import CustomRuleRevisionRow, CustomRuleRow
from services.claims.store.disclosure_tables import DisclosureRow
from services.claims.store.history_tables import HistoryFileRow, HistoryReportRow, HistoryRow
from services.claims.store.opening_tables import OpeningBalanceRow, OpeningVisitsRow
from services.claims.store.provider_tables import DepositRow, ProviderEntryRow
from services.claims.store.remittance_tables import RemittancePaymentRow, RemittanceRow
from services.claims.store.rows import InstallationRow, Row
from services.claims.store.visit_tables import ClaimVisitRow
from services.claims.store.work_tables import (
    AppealRow,
    ClaimNoteRow,
    NoteFeedRow,
    ProgressJson,
    SmallBalanceRuleRow,
    TaskRow,
)
from shared.contracts.common import Finding
from shared.contracts.practice import PracticePut, TherapistPut
from shared.contracts.rules import PayerFee
from shared.contracts.timeline import TimelineDetail
from shared.database import ContractCodec, SealedDocument, SealedText, TypedJson, UtcDateTime
from shared.database.row_macs import Authenticated
from shared.database.tables import outside_mac, stays_behind, x12_of_kind

RULES = (CodeSetEditionRow, CustomRuleRow, CustomRuleRevisionRow)
WORK = (ClaimNoteRow, AppealRow, TaskRow, NoteFeedRow, SmallBalanceRuleRow, AttachmentRow, AttachmentPieceRow)
REMITTANCES = (RemittanceRow, RemittancePaymentRow, ProviderEntryRow, DepositRow)
LEAVING, VISITS = (DisclosureRow,), (ClaimVisitRow,)
MOVING_IN = (OpeningBalanceRow, OpeningVisitsRow, HistoryRow, HistoryFileRow, HistoryReportRow)
"""In files of their own, and here so that whoever reads this service's tables has them all."""
LEDGER_REASON_MAX_LENGTH = 20
OPERATORS = "it is the installation's, for its operator, and of no organization"
NOT_VOIDED = text("state <> 'voided'")
WORKED_OUT = outside_mac("it is worked out anew with each change of the claim, and no money hangs on it")
TO_DO = text("next_kind <> 'none'")
"""Claims with something to do: settled ones, by and by nearly all, are not in the index of the worklist."""


class SealedClaimDocument(SealedDocument):
    """A ClaimDocument; every version that was ever written can be read."""

    codec = DOCUMENT_CODEC


class SealedPastVisit(SealedDocument):
    """A PastVisit; every version that was ever written can be read."""

    codec = PAST_VISIT_CODEC


class SealedPractice(SealedDocument):
    """A PracticePut without its actor."""

    codec = ContractCodec(PracticePut)


class SealedTherapist(SealedDocument):
    """A TherapistPut without its actor."""

    codec = ContractCodec(TherapistPut)


class PayerFeesJson(TypedJson):
    """What a payer allows, by procedure."""

    contract = TypeAdapter(list[PayerFee])


class FindingsJson(TypedJson):
    """Why a message waits: findings that name segment and amount, never a person's data."""

    contract = TypeAdapter(list[Finding])


class SealedTimelineDetail(SealedDocument):
    """The detail of a timeline entry."""

    codec = ContractCodec(TimelineDetail)


class PracticeRow(Row, Authenticated, table=True):
    """The billing provider; one row an organization. `body` is its contract; `BillingNpiRow` says whom its NPI
    is confirmed for."""

    __tablename__ = "practices"
    __table_args__ = (Index("practices_by_npi", "npi"),)

    version: int = 1
    npi: str = Field(max_length=10)
    time_zone: str = Field(max_length=60)
    body: PracticePut = Field(sa_type=SealedPractice)


class TherapistRow(Row, Authenticated, table=True):
    """A rendering provider as it was put, sealed."""

    __tablename__ = "therapists"

    version: int = 1
    body: TherapistPut = Field(sa_type=SealedTherapist)


class FeeScheduleRow(Row, Authenticated, table=True):
    """Charges in cents by procedure, from a date on."""

    __tablename__ = "fee_schedules"

    version: int = 1
    effective_from: date
    charges_cents: dict[str, int] = Field(sa_type=JSON)


class PayerFeesRow(Row, Authenticated, table=True):
    """What a payer (`id`) allows from `effective_from` on; a PUT for the same day replaces it."""

    __tablename__ = "payer_fees"

    effective_from: date = Field(primary_key=True)
    version: int = 1
    fees: list[PayerFee] = Field(sa_type=PayerFeesJson)
    percent_of_charge_basis_points: int | None = None


class ClaimRow(Row, Authenticated, table=True):
    """One claim. `document` is the whole claim; the other columns are for queries. `past_visit` has the few facts that
    later claims need, and is rebuilt whenever the document is."""

    __tablename__ = "claims"
    __table_args__ = (
        Index("claims_by_note", "organization_id", "note_id", "coverage_id"),
        Index("claims_by_state", "organization_id", "state", "id"),
        Index("claims_by_due", "organization_id", "next_due_on", "id", sqlite_where=TO_DO, postgresql_where=TO_DO),
        Index("claims_by_kind", "organization_id", "next_kind", "next_due_on", "id"),
        Index("claims_by_amount", "organization_id", "next_amount_cents", sqlite_where=TO_DO, postgresql_where=TO_DO),
        Index("claims_by_patient", "organization_id", "patient_id", "date_of_service"),
        Index("claims_by_creation", "organization_id", "created_at", "id"),
        Index("claims_by_therapist", "organization_id", "therapist_id", "date_of_service"),
        Index("claims_by_day", "organization_id", "date_of_service", "id"),
        Index("claims_to_file", "state", "file_id"),
        Index("claims_to_follow_up", "next_kind", "next_due_on"),
    )

    version: int = 1
    note_id: str = Field(max_length=64)
    coverage_id: str = Field(max_length=64)
    patient_id: str = Field(max_length=64)
    therapist_id: str = Field(max_length=64)
    payer_id: str = Field(max_length=64)
    claim_number: str = Field(max_length=17)
    date_of_service: date
    state: str = Field(max_length=40)
    outcome: str = Field(default="none", max_length=20)
    document: ClaimDocument = Field(sa_type=SealedClaimDocument)
    past_visit: PastVisit = Field(sa_type=SealedPastVisit)
    file_id: str | None = Field(default=None, max_length=64)
    next_kind: str = Field(max_length=40)
    next_owner: str = Field(max_length=20)
    next_due_on: date
    next_reason: str = Field(max_length=300)
    next_rule: str = Field(max_length=80)
    next_amount_cents: int | None = Field(default=None, sa_type=BigInteger, sa_column_kwargs={"info": WORKED_OUT})
    assignee_id: str | None = Field(default=None, max_length=64, sa_column_kwargs={"info": WORKED_OUT})
    progress: Progress | None = Field(default=None, sa_type=ProgressJson, sa_column_kwargs={"info": WORKED_OUT})
    created_at: datetime = Field(sa_type=UtcDateTime)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    queued_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="wall time; null for paper")


class ClaimNumberRow(Row, Authenticated, table=True):
    """Every claim number ever issued (`id`), and its claim; `ClaimRow.claim_number` is the claim's present one."""

    __tablename__ = "claim_numbers"
    __table_args__ = (
        # By the number alone as well: a message from outside names no organization.
        Index("claim_numbers_by_number", "id"),
        Index("claim_numbers_by_file", "organization_id", "file_id"),
        Index("claim_numbers_by_claim", "organization_id", "claim_id"),
    )

    claim_id: str = Field(max_length=64)
    file_id: str | None = Field(default=None, max_length=64)


class ClaimSubmissionRow(Row, Authenticated, table=True):
    """One submission, by its claim number (`id`), of a claim that was sent more than once. One that another follows
    keeps its state, and its document as it was sent; the present one has these in the claim's row."""

    __tablename__ = "claim_submissions"
    __table_args__ = (Index("claim_submissions_by_claim", "organization_id", "claim_id", "place"),)

    claim_id: str = Field(max_length=64)
    place: int
    state: str | None = Field(default=None, max_length=40)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    document: ClaimDocument | None = Field(default=None, sa_type=SealedClaimDocument)


class FileRow(Row, Authenticated, table=True):
    """One 837P file. Its bytes and control numbers are fixed before it is first sent."""

    __tablename__ = "files"
    __table_args__ = (
        # Over all organizations that send through an account, since a TA1 or 999 names a file by nothing else.
        Index("files_by_control_number", "interchange_control_number", "sender_id", unique=True),
        Index("files_by_state", "state"),
        Index("files_by_sender", "sender_id", "formed_at"),
    )

    interchange_control_number: str = Field(max_length=9)
    sender_id: str = Field(max_length=15, description="ISA06: the account that the file is sent through")
    content: str = Field(sa_type=SealedText, sa_column_kwargs={"info": x12_of_kind(lambda _row: "837P")})
    state: str = Field(max_length=20)
    formed_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tries: int = 0
    tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="wall time of the last attempt")


class BillingNpiRow(InstallationRow, Authenticated, table=True):
    """A billing NPI (`id`) that the operator has confirmed for the holder: what names it is the holder's. Without
    `confirmed_at` that was taken back, and it says nothing."""

    __tablename__ = "billing_npis"
    __table_args__ = (Index("billing_npis_by_holder", "holder"),)

    holder: str = Field(max_length=64)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ReceivedMessageRow(Row, Authenticated, table=True):
    """One message as it was received, whole, for the operator alone. `id` is derived from the account (`account`, its
    sender id) and the clearinghouse's own id, so a repeat is the same row; `arrival` counts up in the order in which
    messages were fetched."""

    __tablename__ = "received_messages"
    __table_args__ = (Index("received_messages_by_state", "state", "arrival"), {"info": stays_behind(OPERATORS)})

    arrival: int
    account: str = Field(max_length=15)
    kind: str = Field(max_length=10)
    content: str = Field(sa_type=SealedText)
    state: str = Field(max_length=20)
    received_at: datetime = Field(sa_type=UtcDateTime)
    tries: int = 0
    retry_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="wall time of the next try")


class UnroutedPartRow(Row, Authenticated, table=True):
    """A part of a received message that belongs to no organization, for the operator alone. `npi` is the provider that
    it names, `claims_of` the organization whose claims it names although it came through an account of others."""

    __tablename__ = "unrouted_parts"
    __table_args__ = (Index("unrouted_parts_by_state", "state", "id"), {"info": stays_behind(OPERATORS)})

    received_id: str = Field(max_length=64)
    kind: str = Field(max_length=10)
    content: str = Field(sa_type=SealedText)
    state: str = Field(max_length=20)
    received_at: datetime = Field(sa_type=UtcDateTime)
    claims: int = 0
    npi: str = Field(default="", max_length=10)
    claims_of: str = Field(default="", max_length=64)
    routed_to: str = Field(default="", max_length=64)
    reasons: list[Finding] = Field(default=[], sa_type=FindingsJson)


class MessageRow(Row, Authenticated, table=True):
    """An organization's part of a received message, which has the same id; `arrival` counts up within the
    installation."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("messages_by_state", "state", "arrival"),
        Index("messages_by_arrival", "organization_id", "arrival", unique=True),
    )

    arrival: int
    kind: str = Field(max_length=10)
    content: str = Field(sa_type=SealedText, sa_column_kwargs={"info": x12_of_kind(lambda row: row.kind)})
    state: str = Field(max_length=20)
    received_at: datetime = Field(sa_type=UtcDateTime)
    claims: int = 0
    reasons: list[Finding] = Field(default=[], sa_type=FindingsJson)
    tries: int | None = None
    retry_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="wall time of the next try")


class PostingRow(Row, Authenticated, table=True):
    """One claim payment that was posted. `id` is a digest of its content, so that it is posted only once."""

    __tablename__ = "postings"
    __table_args__ = (Index("postings_by_claim", "organization_id", "claim_id"),)

    claim_id: str = Field(max_length=64)
    message_id: str = Field(max_length=64)
    posted_at: datetime = Field(sa_type=UtcDateTime)


class LedgerRow(Row, Authenticated, table=True):
    """One entry of the ledger; never changed, never removed."""

    __tablename__ = "ledger"
    __table_args__ = (Index("ledger_by_claim", "organization_id", "claim_id", "id"),)

    claim_id: str = Field(max_length=64)
    line_number: int
    posted_at: datetime = Field(sa_type=UtcDateTime)
    source: str = Field(max_length=20)
    target: str = Field(max_length=20)
    amount_cents: int
    source_id: str = Field(max_length=64)
    reason: str = Field(max_length=LEDGER_REASON_MAX_LENGTH)


class TimelineRow(Row, Authenticated, table=True):
    """One event of a claim or of a file with claims in it (`subject_id`); never changed, never removed.
    `detail` may name a person."""

    __tablename__ = "timeline"
    __table_args__ = (
        Index("timeline_by_subject", "organization_id", "subject_id", "at", "id"),
        Index("timeline_by_source", "organization_id", "source_id"),
    )

    subject_id: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str = Field(max_length=40)
    source_type: str = Field(max_length=20)
    source_id: str = Field(max_length=80)
    detail: TimelineDetail = Field(sa_type=SealedTimelineDetail)


class DestroyedTotalsRow(Row, Authenticated, table=True):
    """What the claims of one year of service (`id`) came to whose records were destroyed: amounts of all patients
    together, so that the books of the practice stay whole and nobody is in them."""

    __tablename__ = "destroyed_totals"

    claims: int = 0
    charge_cents: int = Field(default=0, sa_type=BigInteger)
    paid_cents: int = Field(default=0, sa_type=BigInteger)
    written_off_cents: int = Field(default=0, sa_type=BigInteger)
    patient_cents: int = Field(default=0, sa_type=BigInteger)
    insurer_cents: int = Field(default=0, sa_type=BigInteger)


class CounterRow(InstallationRow, table=True):
    """A number that only goes up (interchange control numbers)."""

    __tablename__ = "counters"

    value: int = 0


class CursorRow(InstallationRow, table=True):
    """How far the mailbox of an account (`id` is its sender id) has been fetched."""

    __tablename__ = "cursors"

    value: str = Field(default="", max_length=200)


class LeaseRow(InstallationRow, table=True):
    """A worker process that lives as long as `ends_at` changes; `id` is its executor id. Nobody compares `ends_at` with
    a clock: those of two machines differ, and any may be wrong."""

    __tablename__ = "leases"

    ends_at: datetime = Field(sa_type=UtcDateTime)
