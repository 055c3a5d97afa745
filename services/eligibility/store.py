"""The tables of eligibility and every query on them.

What callers put is kept whole as sealed JSON beside the few columns that queries need; a member id is found by its
blind index. Checks keep what they came to; inquiries keep every 270 and 271 as it was, sealed. Primary key:
(organization, id); references hold within an organization.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, func
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel, and_, col, or_, select

from services.eligibility.domain.check_status import ANSWERED
from services.eligibility.domain.inquiry_lifecycle import InquiryState
from services.eligibility.domain.member_ids import MEMBER_FIELD, member_key
from shared.database import OfTenant, SealedJson, SealedText, UtcDateTime
from shared.database.row_macs import Authenticated
from shared.database.tables import blind_of, withheld, x12_of_kind
from shared.tenancy import INSTALLATION_ID

FIRST_CONTROL_NUMBER = 500_000_001
"""The upper half of nine digits: the claims service counts its own interchanges under the same sender from 1."""


REGISTRY = registry()


class Row(OfTenant, Authenticated, registry=REGISTRY):
    """The base of the tables of organizations, all of which are protected by MACs."""

    organization_id: str = Field(primary_key=True, max_length=64)
    id: str = Field(primary_key=True, max_length=64)


class InstallationRow(SQLModel, registry=REGISTRY):
    """Rows that belong to no organization."""

    organization_id: str = Field(primary_key=True, max_length=64)
    id: str = Field(primary_key=True, max_length=64)


class CounterRow(InstallationRow, table=True):
    """A number that only goes up: the control number of the last inquiry of all organizations, which share a sender
    id."""

    __tablename__ = "counters"

    value: int


class RecordRow(Row):
    """What a caller put: its version and its whole content."""

    version: int
    content: dict[str, Any] = Field(sa_type=SealedJson)


class PatientRow(RecordRow, table=True):
    """A patient as it was put, sealed."""

    __tablename__ = "patients"


class PayerRow(RecordRow, table=True):
    """A payer as it was put."""

    __tablename__ = "payers"


def member_of(row: Any) -> tuple[str, str]:
    """What a coverage's blind index is made of: the field, and the member id as it is compared."""
    return MEMBER_FIELD, member_key(row.content["member_id"])


class CoverageRow(RecordRow, table=True):
    """`member_blind` finds coverages by member id without holding it."""

    __tablename__ = "coverages"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "patient_id"], ["patients.organization_id", "patients.id"]),
        ForeignKeyConstraint(["organization_id", "payer_id"], ["payers.organization_id", "payers.id"]),
        Index("coverages_by_patient", "organization_id", "patient_id", "id"),
        Index("coverages_by_member", "organization_id", "member_blind", "id"),
    )

    patient_id: str = Field(max_length=64)
    payer_id: str = Field(max_length=64)
    rank: int
    member_blind: str = Field(max_length=64, sa_column_kwargs={"info": blind_of(member_of)})


class AuthorizationRow(RecordRow, table=True):
    """A payer's authorization for one coverage."""

    __tablename__ = "authorizations"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "coverage_id"], ["coverages.organization_id", "coverages.id"]),
        Index("authorizations_by_coverage", "organization_id", "coverage_id", "id"),
    )

    coverage_id: str = Field(max_length=64)


class ReferralRow(RecordRow, table=True):
    """A referral, prescription or order for one coverage."""

    __tablename__ = "referrals"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "coverage_id"], ["coverages.organization_id", "coverages.id"]),
        Index("referrals_by_coverage", "organization_id", "coverage_id", "id"),
    )

    coverage_id: str = Field(max_length=64)


class CheckRow(Row, table=True):
    """One check and what it came to; `content` holds benefit, rejections and next step."""

    __tablename__ = "eligibility_checks"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "coverage_id"], ["coverages.organization_id", "coverages.id"]),
        Index("checks_by_coverage", "organization_id", "coverage_id", "checked_at", "id"),
    )

    coverage_id: str = Field(max_length=64)
    service_date: date
    status: str = Field(max_length=20)
    checked_at: datetime = Field(sa_type=UtcDateTime)
    content: dict[str, Any] = Field(sa_type=SealedJson)


class InquiryRow(Row, table=True):
    """One 270 that was about to leave. `sent_at` is wall time; `control_number` is never used twice."""

    __tablename__ = "inquiries"
    __table_args__ = (
        # An organization that was moved here brings numbers that others have had here.
        UniqueConstraint("organization_id", "control_number"),
        Index("inquiries_by_coverage", "organization_id", "coverage_id", "sent_at"),
    )

    check_id: str = Field(max_length=64)
    coverage_id: str = Field(max_length=64)
    service_date: date
    service_types: str = Field(max_length=20)
    control_number: int
    state: str = Field(max_length=20)
    sent_at: datetime = Field(sa_type=UtcDateTime)
    request_x12: str = Field(sa_type=SealedText, sa_column_kwargs={"info": x12_of_kind(lambda _row: "270")})
    response_x12: str | None = Field(
        default=None, sa_type=SealedText, sa_column_kwargs={"info": x12_of_kind(lambda _row: "271")}
    )


class LegalHoldRow(RecordRow, table=True):
    """A hold on a patient, or on the whole organization (`patient_id` empty), until `released_at`. `content` is the
    contract with who placed it, `release` who ended it and why."""

    __tablename__ = "legal_holds"
    __table_args__ = (
        Index("legal_holds_by_patient", "organization_id", "patient_id"),
        {"info": withheld("it is compiled in anticipation of a proceeding: 45 CFR 164.524(a)(1)(ii)")},
    )

    patient_id: str | None = Field(default=None, max_length=64)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    release: dict[str, Any] | None = Field(default=None, sa_type=SealedJson)


class DisposalRow(Row, table=True):
    """The destruction of a patient's records in all services. Until `active_until` (wall time) a process is at it, and
    a hold waits for that; it is over with `finished_at`. The last date of service goes with the records."""

    __tablename__ = "disposals"
    __table_args__ = (
        Index("disposals_by_patient", "organization_id", "patient_id"),
        {"info": withheld("it is of the keeping of records, and decides nothing about her: 45 CFR 164.501")},
    )

    patient_id: str = Field(max_length=64)
    rule: str = Field(max_length=300)
    destroyable_from: date
    last_service_on: date | None = None
    started_at: datetime = Field(sa_type=UtcDateTime)
    active_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


K = TypeVar("K", bound=RecordRow)
OfCoverage = AuthorizationRow | ReferralRow | CheckRow | InquiryRow
C = TypeVar("C", bound=OfCoverage)


def find(session: Session, kind: type[K], organization_id: str, row_id: str) -> K | None:
    """The row, or None also where it is another organization's."""
    return session.get(kind, (organization_id, row_id))


def page(
    session: Session, kind: type[K], organization_id: str, where: dict[str, str], *, after: str | None, count: int
) -> Sequence[K]:
    """At most `count` rows by id, from `after` (exclusive) on; `where` maps a column's name to its value."""
    query = select(kind).where(col(kind.organization_id) == organization_id)
    for column, value in where.items():
        query = query.where(getattr(kind, column) == value)
    if after is not None:
        query = query.where(col(kind.id) > after)
    return session.exec(query.order_by(col(kind.id)).limit(count)).all()


def patients_of_coverages(session: Session, organization_id: str, coverage_ids: Collection[str]) -> Sequence[str]:
    """The patients of some coverages; nothing sealed is opened."""
    if not coverage_ids:
        return []
    query = select(CoverageRow.patient_id).where(CoverageRow.organization_id == organization_id)
    return session.exec(query.where(col(CoverageRow.id).in_(coverage_ids)).distinct()).all()


def count(session: Session, kind: type[RecordRow], organization_id: str, where: dict[str, str]) -> int:
    """How many rows hold these values."""
    query = select(func.count()).select_from(kind).where(col(kind.organization_id) == organization_id)
    for column, value in where.items():
        query = query.where(getattr(kind, column) == value)
    return session.exec(query).one()


def check(session: Session, organization_id: str, check_id: str) -> CheckRow | None:
    """The eligibility check, or None."""
    return session.get(CheckRow, (organization_id, check_id))


def checks(
    session: Session, organization_id: str, coverage_id: str | None, *, after: str | None, count: int
) -> Sequence[CheckRow]:
    """At most `count` checks by id, from `after` (exclusive) on."""
    query = select(CheckRow).where(CheckRow.organization_id == organization_id)
    if coverage_id is not None:
        query = query.where(CheckRow.coverage_id == coverage_id)
    if after is not None:
        query = query.where(col(CheckRow.id) > after)
    return session.exec(query.order_by(col(CheckRow.id)).limit(count)).all()


def answered_checks(session: Session, organization_id: str, coverage_id: str, count: int) -> Sequence[CheckRow]:
    """The newest checks of a coverage that a payer answered, newest first, at most `count`."""
    return session.exec(
        select(CheckRow)
        .where(
            CheckRow.organization_id == organization_id,
            CheckRow.coverage_id == coverage_id,
            CheckRow.status == ANSWERED,
        )
        .order_by(col(CheckRow.checked_at).desc(), col(CheckRow.id).desc())
        .limit(count)
    ).all()


def open_inquiry(
    session: Session, organization_id: str, coverage_id: str, service_date: date, since: datetime, until: datetime
) -> InquiryRow | None:
    """The newest inquiry about that coverage and day that left after `since` and has no answer yet; one that left after
    `until`, by a clock that was wrong, is none."""
    return session.exec(
        select(InquiryRow)
        .where(
            InquiryRow.organization_id == organization_id,
            InquiryRow.coverage_id == coverage_id,
            InquiryRow.service_date == service_date,
            InquiryRow.state == InquiryState.SENT,
            InquiryRow.sent_at > since,
            InquiryRow.sent_at < until,
        )
        .order_by(col(InquiryRow.sent_at).desc())
        .limit(1)
    ).first()


def inquiry(session: Session, organization_id: str, inquiry_id: str) -> InquiryRow | None:
    """The inquiry with its 270 and 271, or None."""
    return session.get(InquiryRow, (organization_id, inquiry_id))


def next_control_number(session: Session) -> int:
    """The next control number of an inquiry. It goes back with a transaction that is rolled back."""
    row = session.get(CounterRow, (INSTALLATION_ID, "inquiry"))
    if row is None:
        row = CounterRow(organization_id=INSTALLATION_ID, id="inquiry", value=FIRST_CONTROL_NUMBER - 1)
    row.value += 1
    session.add(row)
    return row.value


def last_control_number(session: Session, organization_id: str) -> int:
    """The highest of the organization's inquiries; 0 without any."""
    query = select(func.max(InquiryRow.control_number)).where(InquiryRow.organization_id == organization_id)
    return session.exec(query).one() or 0


def count_inquiries_from(session: Session, number: int) -> None:
    """Let the next control number be higher than this one."""
    row = session.get(CounterRow, (INSTALLATION_ID, "inquiry"))
    if row is None:
        row = CounterRow(organization_id=INSTALLATION_ID, id="inquiry", value=FIRST_CONTROL_NUMBER - 1)
    row.value = max(row.value, number)
    session.add(row)


def holds_in_force(session: Session, organization_id: str, patient_id: str | None = None) -> Sequence[LegalHoldRow]:
    """The holds that are not released, all of them or those that bind one patient: hers and the organization's."""
    query = select(LegalHoldRow).where(
        LegalHoldRow.organization_id == organization_id, col(LegalHoldRow.released_at).is_(None)
    )
    if patient_id is not None:
        query = query.where(or_(col(LegalHoldRow.patient_id).is_(None), LegalHoldRow.patient_id == patient_id))
    return session.exec(query.order_by(col(LegalHoldRow.id))).all()


def unfinished_disposals(
    session: Session, organization_id: str, patient_id: str | None = None
) -> Sequence[DisposalRow]:
    """The disposals that have begun and are not over, of one patient or of all."""
    query = select(DisposalRow).where(
        DisposalRow.organization_id == organization_id, col(DisposalRow.finished_at).is_(None)
    )
    if patient_id is not None:
        query = query.where(DisposalRow.patient_id == patient_id)
    return session.exec(query.order_by(col(DisposalRow.id))).all()


def coverages_of(session: Session, organization_id: str, patient_ids: Collection[str]) -> Sequence[CoverageRow]:
    """All coverages of some patients."""
    query = select(CoverageRow).where(CoverageRow.organization_id == organization_id)
    return session.exec(query.where(col(CoverageRow.patient_id).in_(patient_ids)).order_by(col(CoverageRow.id))).all()


def last_checks(session: Session, organization_id: str, patient_ids: Collection[str]) -> dict[str, datetime]:
    """When eligibility was last checked for some patients."""
    query = (
        select(CoverageRow.patient_id, func.max(CheckRow.checked_at))
        .join(
            CheckRow,
            and_(CheckRow.organization_id == CoverageRow.organization_id, CheckRow.coverage_id == CoverageRow.id),
        )
        .where(CoverageRow.organization_id == organization_id, col(CoverageRow.patient_id).in_(patient_ids))
        .group_by(CoverageRow.patient_id)
    )
    return dict(session.exec(query).all())


def rows_of_coverage(
    session: Session, kind: type[C], organization_id: str, coverage_id: str, count: int, after: str = ""
) -> Sequence[C]:
    """At most `count` rows of a coverage by id, from `after` (exclusive) on."""
    query = select(kind).where(
        col(kind.organization_id) == organization_id, kind.coverage_id == coverage_id, col(kind.id) > after
    )
    return session.exec(query.order_by(col(kind.id)).limit(count)).all()
