"""Rows of the practice: billing provider, therapists, fee schedules."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from services.claims.store.sanitize import can_be_ours
from services.claims.store.tables import FeeScheduleRow, PayerFeesRow, PracticeRow, TherapistRow

PRACTICE_ID = "practice"
NPIS_AT_MOST = 500


def practice(session: Session, organization_id: str) -> PracticeRow | None:
    """The organization's billing provider, or None before it was put."""
    return session.get(PracticeRow, (organization_id, PRACTICE_ID))


def organizations_of_npis(session: Session, npis: Sequence[str]) -> set[str]:
    """The organizations that bill under these NPIs."""
    wanted = [one for one in npis if can_be_ours(one)][:NPIS_AT_MOST]
    if not wanted:
        return set()
    return set(session.exec(select(PracticeRow.organization_id).where(col(PracticeRow.npi).in_(wanted))))


def therapist(session: Session, organization_id: str, therapist_id: str) -> TherapistRow | None:
    """The therapist, or None."""
    return session.get(TherapistRow, (organization_id, therapist_id))


def fee_schedule(session: Session, organization_id: str, schedule_id: str) -> FeeScheduleRow | None:
    """The fee schedule with this id, or None."""
    return session.get(FeeScheduleRow, (organization_id, schedule_id))


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
