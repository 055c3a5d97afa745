"""Rows of the practice: billing provider, therapists, fee schedules."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlmodel import Session, col, select

from services.claims.domain.sanitize import can_be_ours
from services.claims.store.tables import (
    BillingNpiRow,
    FeeScheduleRow,
    PayerFeesRow,
    PracticeRow,
    TherapistRow,
)
from shared.tenancy import INSTALLATION_ID

PRACTICE_ID = "practice"
NPIS_AT_ONCE = 500
NPIS_LISTED = 10_000


def practice(session: Session, organization_id: str) -> PracticeRow | None:
    """The organization's billing provider, or None before it was put."""
    return session.get(PracticeRow, (organization_id, PRACTICE_ID))


def billing_npi(session: Session, npi: str) -> BillingNpiRow | None:
    """The row of an NPI that is or was confirmed, or None."""
    return session.get(BillingNpiRow, (INSTALLATION_ID, npi))


def confirmed_npi(session: Session, npi: str) -> BillingNpiRow | None:
    """Its row where the NPI is confirmed for an organization."""
    row = billing_npi(session, npi)
    return row if row is not None and row.confirmed_at is not None else None


def confirmed_npis(session: Session) -> Sequence[BillingNpiRow]:
    """All that are confirmed, in order."""
    query = select(BillingNpiRow).where(col(BillingNpiRow.confirmed_at).is_not(None))
    return session.exec(query.order_by(col(BillingNpiRow.id)).limit(NPIS_LISTED)).all()


def npis_of_practices(session: Session) -> dict[str, list[str]]:
    """The organizations whose practice has an NPI, by NPI."""
    query = select(PracticeRow.npi, PracticeRow.organization_id).limit(NPIS_LISTED)
    found: dict[str, list[str]] = {}
    for npi, organization_id in session.exec(query.order_by(PracticeRow.npi, PracticeRow.organization_id)):
        found.setdefault(npi, []).append(organization_id)
    return found


def organizations_with_npi(session: Session, npi: str) -> list[str]:
    """The organizations whose practice has this NPI, whomever it is confirmed for."""
    query = select(PracticeRow.organization_id).where(PracticeRow.npi == npi)
    return list(session.exec(query.order_by(PracticeRow.organization_id)))


def confirmed_holders(session: Session, npis: Collection[str]) -> dict[str, str]:
    """The organizations for which the operator has confirmed these NPIs, by NPI."""
    found: dict[str, str] = {}
    wanted = sorted(one for one in npis if can_be_ours(one))
    for start in range(0, len(wanted), NPIS_AT_ONCE):
        some = wanted[start : start + NPIS_AT_ONCE]
        query = select(BillingNpiRow).where(col(BillingNpiRow.confirmed_at).is_not(None))
        # Whole rows: a holder that was changed from outside is found by its MAC.
        found.update((row.id, row.holder) for row in session.exec(query.where(col(BillingNpiRow.id).in_(some))))
    return found


def therapist(session: Session, organization_id: str, therapist_id: str) -> TherapistRow | None:
    """The therapist, or None."""
    return session.get(TherapistRow, (organization_id, therapist_id))


def fee_schedule(session: Session, organization_id: str, schedule_id: str) -> FeeScheduleRow | None:
    """The fee schedule with this id, or None."""
    return session.get(FeeScheduleRow, (organization_id, schedule_id))


def fee_schedule_from(
    session: Session, organization_id: str, effective_from: date, *, exclude_id: str
) -> FeeScheduleRow | None:
    """Another schedule that begins on exactly this day, or None."""
    return session.exec(
        select(FeeScheduleRow)
        .where(
            FeeScheduleRow.organization_id == organization_id,
            FeeScheduleRow.effective_from == effective_from,
            FeeScheduleRow.id != exclude_id,
        )
        .limit(1)
    ).first()


def fee_schedule_on(session: Session, organization_id: str, day: date) -> FeeScheduleRow | None:
    """The schedule in force on a day: the latest that is effective by then."""
    return session.exec(
        select(FeeScheduleRow)
        .where(FeeScheduleRow.organization_id == organization_id, FeeScheduleRow.effective_from <= day)
        .order_by(col(FeeScheduleRow.effective_from).desc(), col(FeeScheduleRow.id).desc())
        .limit(1)
    ).first()


def payer_fees(session: Session, organization_id: str, payer_id: str, effective_from: date) -> PayerFeesRow | None:
    """What this payer allows from exactly this day on, or None."""
    return session.get(PayerFeesRow, (organization_id, payer_id, effective_from))


def payer_fees_on(session: Session, organization_id: str, payer_id: str, day: date) -> PayerFeesRow | None:
    """What a payer allows on a day: the latest fees that are effective by then."""
    return session.exec(
        select(PayerFeesRow)
        .where(
            PayerFeesRow.organization_id == organization_id,
            PayerFeesRow.id == payer_id,
            PayerFeesRow.effective_from <= day,
        )
        .order_by(col(PayerFeesRow.effective_from).desc())
        .limit(1)
    ).first()
