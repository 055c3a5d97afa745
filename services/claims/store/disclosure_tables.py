"""The table of what left of a patient's claims, and to whom: the accounting of disclosures (45 CFR 164.528)."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from services.claims.store.rows import Row
from shared.database import SealedText, UtcDateTime
from shared.database.row_macs import Authenticated
from shared.database.tables import outside_mac

WHAT_LEFT = outside_mac("it says only what of the claim left; to whom and when is covered")


class DisclosureRow(Row, Authenticated, table=True):
    """What leaves (`kind`; None is the claim itself): to whom, and since when the recipient has it."""

    __tablename__ = "disclosures"
    __table_args__ = (
        Index("disclosures_by_patient", "organization_id", "patient_id", "disclosed_at", "id"),
        Index("disclosures_by_file", "organization_id", "file_id"),
    )

    patient_id: str = Field(max_length=64)
    claim_id: str = Field(max_length=64)
    claim_number: str = Field(max_length=20)
    file_id: str | None = Field(default=None, max_length=64)
    recipient: str = Field(sa_type=SealedText)
    disclosed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    kind: str | None = Field(default=None, max_length=10, sa_column_kwargs={"info": WHAT_LEFT})
