"""Tables of a practice that has moved in: where its opening balances come from, and what was used before it came.

The money of an opening balance is its claim's. The number that a payer knows such a claim by was given by another
system: it may be another practice's too, so it routes no message, and is found within the organization alone.
"""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from services.claims.store.rows import Row
from shared.database import SealedText, UtcDateTime
from shared.database.row_macs import Authenticated
from shared.database.tables import blind_of

REFERENCE_FIELD, EARLIER_NUMBER_FIELD = "opening_reference", "earlier_claim_number"
STANDS = text("withdrawn_at IS NULL")
"""A reference is entered once, and again after it was withdrawn."""


class OpeningBalanceRow(Row, Authenticated, table=True):
    """Where the figures of a claim come from that was sent elsewhere; `claim_number` is empty where it has none."""

    __tablename__ = "opening_balances"
    __table_args__ = (
        Index(
            "opening_balances_by_reference",
            "organization_id",
            "reference_blind",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        Index("opening_balances_by_number", "organization_id", "claim_number_blind"),
        Index("opening_balances_by_claim", "organization_id", "claim_id"),
    )

    claim_id: str = Field(max_length=64)
    reference: str = Field(sa_type=SealedText)
    reference_blind: str = Field(
        max_length=64, sa_column_kwargs={"info": blind_of(lambda row: (REFERENCE_FIELD, row.reference))}
    )
    claim_number: str = Field(sa_type=SealedText)
    claim_number_blind: str = Field(
        max_length=64, sa_column_kwargs={"info": blind_of(lambda row: (EARLIER_NUMBER_FIELD, row.claim_number))}
    )
    figures_from: str = Field(sa_type=SealedText)
    as_of: date
    entered_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class OpeningVisitsRow(Row, Authenticated, table=True):
    """What was used before of an authorization, a referral or a coverage's benefit (`id`)."""

    __tablename__ = "opening_visits"
    __table_args__ = (Index("opening_visits_by_patient", "organization_id", "patient_id"),)

    version: int = 1
    kind: str = Field(max_length=20)
    patient_id: str = Field(max_length=64)
    coverage_id: str = Field(max_length=64)
    visits: int
    units: int
    counted_through: date
    figures_from: str = Field(sa_type=SealedText)
