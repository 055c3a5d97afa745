"""Tables of a practice's accounts with its payers: entries of remittances, and deposits as the bank has them."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from services.claims.store.remittance_tables import PAYER_FIELD, TRACE_FIELD
from services.claims.store.rows import Row
from shared.database import SealedText, UtcDateTime
from shared.database.row_macs import Authenticated
from shared.database.tables import blind_of


def trace_of(row: "DepositRow") -> tuple[str, str]:
    """What a deposit's blind index is made of: the same as that of a remittance with its trace."""
    return TRACE_FIELD, row.trace


class ProviderEntryRow(Row, Authenticated, table=True):
    """One entry of a practice's account with a payer; never changed, never removed. `reference` is what a provider
    adjustment names, `claim_id` the claim of ours that this is."""

    __tablename__ = "provider_entries"
    __table_args__ = (
        Index("provider_entries_by_remittance", "organization_id", "remittance_id", "id"),
        Index("provider_entries_by_payer", "organization_id", "payer_blind", "id"),
    )

    remittance_id: str = Field(max_length=64)
    payer_blind: str = Field(max_length=64, sa_column_kwargs={"info": blind_of(lambda row: (PAYER_FIELD, row.payer))})
    payer: str = Field(sa_type=SealedText)
    posted_at: datetime = Field(sa_type=UtcDateTime)
    source: str = Field(max_length=20)
    target: str = Field(max_length=20)
    amount_cents: int = Field(sa_type=BigInteger)
    reason: str = Field(max_length=20)
    reference: str = Field(sa_type=SealedText)
    claim_id: str | None = Field(default=None, max_length=64)


class DepositRow(Row, Authenticated, table=True):
    """A check or transfer as the bank has it. `id` is a digest of what it says, so that it is entered once."""

    __tablename__ = "deposits"
    __table_args__ = (
        Index("deposits_by_trace", "organization_id", "trace_blind"),
        Index("deposits_by_day", "organization_id", "deposited_on", "id"),
    )

    trace: str = Field(sa_type=SealedText)
    trace_blind: str = Field(max_length=64, sa_column_kwargs={"info": blind_of(trace_of)})
    amount_cents: int = Field(sa_type=BigInteger)
    deposited_on: date
    payer_name: str = Field(sa_type=SealedText)
    entered_at: datetime = Field(sa_type=UtcDateTime)
