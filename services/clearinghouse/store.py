"""The simulator's tables and every query on them.

`organization_id` is the trading partner's sender id, so partners never see each other's files; the clock belongs to
`SIMULATOR`. Whole files, claims, decisions and messages are sealed; in the clear are control and claim numbers (random
ones), payer ids, NPIs, moments and states. A person is found by a blind index, the same for all partners.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, func
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel, col, select

from services.clearinghouse.domain.lifecycle import STANDING, State
from shared.database import SealedText, UtcDateTime

SIMULATOR = "simulator"
CLOCK = "clock"


class Row(SQLModel, registry=registry()):
    """The base of this service's tables."""

    organization_id: str = Field(primary_key=True, max_length=64)
    id: str = Field(primary_key=True, max_length=64)


class ClockRow(Row, table=True):
    """The virtual clock as it was last set."""

    __tablename__ = "simulator_clock"

    moment: datetime = Field(sa_type=UtcDateTime)
    wall: datetime = Field(sa_type=UtcDateTime)
    running: bool


class StrikeRow(Row, table=True):
    """A misfortune that a member id asked for and that has struck a file; it strikes once. `id` is a digest."""

    __tablename__ = "simulator_strikes"

    at: datetime = Field(sa_type=UtcDateTime)


class FileRow(Row, table=True):
    """One file that came. `accepted_number` is its control number when it was taken, so that none is taken twice."""

    __tablename__ = "x12_files"
    __table_args__ = (
        UniqueConstraint("organization_id", "accepted_number"),
        UniqueConstraint("organization_id", "key_digest"),
        Index("x12_files_by_number", "organization_id", "interchange_control_number"),
    )

    interchange_control_number: str = Field(max_length=20)
    accepted_number: str | None = Field(default=None, max_length=20)
    received_at: datetime = Field(sa_type=UtcDateTime)
    duplicate: bool
    content_mac: str = Field(max_length=64)
    key_digest: str | None = Field(default=None, max_length=64)
    headers: str = Field(sa_type=SealedText)
    content: str = Field(sa_type=SealedText)


class ClaimRow(Row, table=True):
    """One claim. `due_at` is when its next step is taken, None when there is none."""

    __tablename__ = "clearinghouse_claims"
    __table_args__ = (
        UniqueConstraint("sequence"),
        Index("claims_by_due", "due_at", "sequence"),
        Index("claims_by_person", "person"),
        Index("claims_by_number", "organization_id", "claim_number"),
        Index("claims_by_payer_number", "payer_id", "payer_control_number"),
    )

    sequence: int
    file_id: str = Field(max_length=64)
    transaction_place: int
    state: str = Field(max_length=20)
    payer_id: str = Field(max_length=80)
    payee_npi: str = Field(max_length=80)
    person: str = Field(max_length=64)
    claim_number: str = Field(max_length=64)
    payer_control_number: str = Field(max_length=50)
    scenarios: str = Field(max_length=200)
    received_at: datetime = Field(sa_type=UtcDateTime)
    acknowledge_at: datetime = Field(sa_type=UtcDateTime)
    pay_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    record: str = Field(sa_type=SealedText)
    outcome: str | None = Field(default=None, sa_type=SealedText)


class MessageRow(Row, table=True):
    """One message for a partner. `sequence` counts up by one for each partner and is the cursor."""

    __tablename__ = "x12_messages"
    __table_args__ = (UniqueConstraint("organization_id", "sequence"),)

    sequence: int
    kind: str = Field(max_length=10)
    created_at: datetime = Field(sa_type=UtcDateTime)
    content: str = Field(sa_type=SealedText)


class BalanceRow(Row, table=True):
    """What a payee owes a payer after reversals. `id` is payer and NPI."""

    __tablename__ = "payee_balances"

    owing_cents: int


def one_writer(session: Session) -> None:
    """Let no other transaction write until this one ends; first thing in a transaction, before it reads anything.

    SQLite does so by itself. Numbers without gaps and history in order need it on PostgreSQL too, where locking a table
    takes no snapshot yet, so that all that is read afterwards is what the writer before has left.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("LOCK TABLE simulator_clock IN EXCLUSIVE MODE")


def clock_row(session: Session) -> ClockRow | None:
    """The clock, None before it was first set."""
    return session.get(ClockRow, (SIMULATOR, CLOCK))


def file_taken(session: Session, partner_id: str, control_number: str) -> FileRow | None:
    """The file that was taken under this control number."""
    query = select(FileRow).where(FileRow.organization_id == partner_id, FileRow.accepted_number == control_number)
    return session.exec(query).first()


def file_by_key(session: Session, partner_id: str, key_digest: str) -> FileRow | None:
    """The file that came with this idempotency key."""
    query = select(FileRow).where(FileRow.organization_id == partner_id, FileRow.key_digest == key_digest)
    return session.exec(query).first()


def files_by_number(session: Session, partner_id: str, control_number: str, limit: int) -> Sequence[FileRow]:
    """All files that came under a control number, first first."""
    query = (
        select(FileRow)
        .where(FileRow.organization_id == partner_id, FileRow.interchange_control_number == control_number)
        .order_by(col(FileRow.received_at), col(FileRow.id))
        .limit(limit)
    )
    return session.exec(query).all()


def claim_number_taken(session: Session, partner_id: str, claim_number: str) -> bool:
    """True when a claim of that number is here and was not turned back."""
    query = (
        select(ClaimRow.id)
        .where(
            ClaimRow.organization_id == partner_id,
            ClaimRow.claim_number == claim_number,
            ClaimRow.state != State.REJECTED,
        )
        .limit(1)
    )
    return session.exec(query).first() is not None


def newest_of_number(session: Session, partner_id: str, payer_id: str, claim_number: str) -> ClaimRow | None:
    """The newest claim to a payer that a partner has sent under this number."""
    query = (
        select(ClaimRow)
        .where(
            ClaimRow.organization_id == partner_id,
            ClaimRow.payer_id == payer_id,
            ClaimRow.claim_number == claim_number,
        )
        .order_by(col(ClaimRow.sequence).desc())
        .limit(1)
    )
    return session.exec(query).first()


def newest_of_partner(session: Session, partner_id: str, claim_number: str) -> ClaimRow | None:
    """The newest claim that a partner has sent under this number, to whichever payer."""
    query = select(ClaimRow).where(ClaimRow.organization_id == partner_id, ClaimRow.claim_number == claim_number)
    return session.exec(query.order_by(col(ClaimRow.sequence).desc()).limit(1)).first()


def next_claim_sequence(session: Session) -> int:
    """The number of the next claim, over all partners."""
    return (session.exec(select(func.max(ClaimRow.sequence))).one() or 0) + 1


def next_message_sequence(session: Session, partner_id: str) -> int:
    """The number of a partner's next message."""
    query = select(func.max(MessageRow.sequence)).where(MessageRow.organization_id == partner_id)
    return (session.exec(query).one() or 0) + 1


def anything_due(session: Session, now: datetime) -> bool:
    """True when a claim's next step is due."""
    return session.exec(select(ClaimRow.id).where(col(ClaimRow.due_at) <= now).limit(1)).first() is not None


def next_due_claims(session: Session, now: datetime) -> Sequence[ClaimRow]:
    """All claims whose next step is due at the earliest moment that has come, in order of arrival."""
    earliest = session.exec(select(func.min(ClaimRow.due_at)).where(col(ClaimRow.due_at) <= now)).one()
    if earliest is None:
        return []
    query = select(ClaimRow).where(col(ClaimRow.due_at) == earliest).order_by(col(ClaimRow.sequence))
    return session.exec(query).all()


def payers_waited_for(session: Session) -> set[str]:
    """Payers that still have an answer to give."""
    return set(session.exec(select(ClaimRow.payer_id).where(col(ClaimRow.due_at).is_not(None)).distinct()).all())


def adjudicated_of(session: Session, person: str) -> Sequence[ClaimRow]:
    """A person's claims that stand, in order of arrival, whoever sent them."""
    query = (
        select(ClaimRow)
        .where(ClaimRow.person == person, col(ClaimRow.state).in_(STANDING))
        .order_by(col(ClaimRow.sequence))
    )
    return session.exec(query).all()


def original_of(session: Session, partner_id: str, payer_id: str, payer_control_number: str) -> ClaimRow | None:
    """The adjudicated claim that a correction names, if the same partner sent it."""
    query = select(ClaimRow).where(
        ClaimRow.organization_id == partner_id,
        ClaimRow.payer_id == payer_id,
        ClaimRow.payer_control_number == payer_control_number,
        col(ClaimRow.state).in_(STANDING),
    )
    return session.exec(query).first()


def messages_after(session: Session, partner_id: str, sequence: int, limit: int) -> Sequence[MessageRow]:
    """A partner's messages from `sequence` (exclusive) on, oldest first."""
    query = (
        select(MessageRow)
        .where(MessageRow.organization_id == partner_id, MessageRow.sequence > sequence)
        .order_by(col(MessageRow.sequence))
        .limit(limit)
    )
    return session.exec(query).all()
