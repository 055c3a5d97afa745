"""Table of the visits that a claim bills beside its own, where a payer wants one claim for all visits of a day."""

from datetime import date

from sqlalchemy import Index
from sqlmodel import Field

from services.claims.store.rows import Row
from shared.database.row_macs import Authenticated


class ClaimVisitRow(Row, Authenticated, table=True):
    """Another visit of the day that a claim bills beside that of its own note: found by its note, and by its therapist
    among her other work of that day."""

    __tablename__ = "claim_visits"
    __table_args__ = (
        Index("claim_visits_by_claim", "organization_id", "claim_id"),
        Index("claim_visits_by_note", "organization_id", "note_id"),
        Index("claim_visits_by_therapist", "organization_id", "therapist_id", "date_of_service"),
    )

    claim_id: str = Field(max_length=64)
    note_id: str = Field(max_length=64)
    therapist_id: str = Field(max_length=64)
    date_of_service: date
    place: int
