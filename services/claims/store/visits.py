"""Claims by the notes that they bill. Most bill one; one that bills all visits of a day is found by each of them."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlmodel import Session, and_, col, or_, select

from services.claims.domain.visit_lines import Shares
from services.claims.store.claim_filter import bills_note
from services.claims.store.claims import SUMMARY_COLUMNS
from services.claims.store.tables import NOT_VOIDED, ClaimRow
from services.claims.store.visit_tables import ClaimVisitRow


def other_visits(session: Session, organization_id: str, claim_id: str) -> Sequence[ClaimVisitRow]:
    """The visits that a claim bills beside its own, in the order in which they are on it."""
    query = select(ClaimVisitRow).where(
        ClaimVisitRow.organization_id == organization_id, ClaimVisitRow.claim_id == claim_id
    )
    return session.exec(query.order_by(col(ClaimVisitRow.place))).all()


def notes_and_coverage(session: Session, organization_id: str, claim_id: str) -> tuple[tuple[str, ...], str] | None:
    """The ids of the claim's notes, its own first, and of its coverage, without loading its document."""
    query = select(ClaimRow.note_id, ClaimRow.coverage_id)
    found = session.exec(query.where(ClaimRow.organization_id == organization_id, ClaimRow.id == claim_id)).first()
    if found is None:
        return None
    others = other_visits(session, organization_id, claim_id)
    return (found[0], *(one.note_id for one in others)), found[1]


def claim_of(session: Session, organization_id: str, note_id: str, coverage_id: str, here: Shares) -> ClaimRow | None:
    """The claim of a note and a coverage that bills these units of it, or the rest (`here` is empty); there is at most
    one that is not voided."""
    found = claims_of_note(session, organization_id, note_id)
    return next((one for one in found if one.coverage_id == coverage_id and one.document.options.here == here), None)


def claims_of_note(session: Session, organization_id: str, note_id: str) -> Sequence[ClaimRow]:
    """The claims of a note to its payers, without voided ones."""
    query = select(ClaimRow).where(
        ClaimRow.organization_id == organization_id, bills_note(organization_id, note_id), NOT_VOIDED
    )
    return session.exec(query.order_by(col(ClaimRow.id))).all()


def first_claims_of_note(session: Session, organization_id: str, note_id: str) -> list[ClaimRow]:
    """The claims of a note to first payers, which bill its lines between them, without voided ones."""
    found = claims_of_note(session, organization_id, note_id)
    return [one for one in found if one.document.chain.previous_claim_id is None]


def billed_notes(session: Session, organization_id: str, note_ids: Collection[str]) -> set[str]:
    """Those of some notes that have a claim that is not voided."""
    query = select(ClaimRow.note_id).where(ClaimRow.organization_id == organization_id, NOT_VOIDED)
    own = session.exec(query.where(col(ClaimRow.note_id).in_(note_ids)))
    beside = (
        select(ClaimVisitRow.note_id)
        .join(
            ClaimRow,
            and_(ClaimRow.organization_id == ClaimVisitRow.organization_id, col(ClaimRow.id) == ClaimVisitRow.claim_id),
        )
        .where(ClaimVisitRow.organization_id == organization_id, col(ClaimVisitRow.note_id).in_(note_ids), NOT_VOIDED)
    )
    return {*own, *session.exec(beside)}


def claims_of_day(session: Session, organization_id: str, patient_id: str, day: date) -> Sequence[ClaimRow]:
    """A patient's claims for a day, without voided ones."""
    query = select(ClaimRow).where(
        ClaimRow.organization_id == organization_id,
        ClaimRow.patient_id == patient_id,
        ClaimRow.date_of_service == day,
        NOT_VOIDED,
    )
    return session.exec(query.order_by(col(ClaimRow.id))).all()


def therapist_claims(
    session: Session, organization_id: str, therapist_ids: Collection[str], day: date, exclude_id: str
) -> Sequence[ClaimRow]:
    """All claims for some therapists' work of one day, except one."""
    visits = select(ClaimVisitRow.claim_id).where(
        ClaimVisitRow.organization_id == organization_id,
        col(ClaimVisitRow.therapist_id).in_(therapist_ids),
        ClaimVisitRow.date_of_service == day,
    )
    beside = session.exec(visits).all()
    own = and_(col(ClaimRow.therapist_id).in_(therapist_ids), col(ClaimRow.date_of_service) == day)
    return session.exec(
        select(ClaimRow)
        .where(
            ClaimRow.organization_id == organization_id,
            or_(own, col(ClaimRow.id).in_(beside)) if beside else own,
            ClaimRow.id != exclude_id,
        )
        .options(*SUMMARY_COLUMNS)
    ).all()
