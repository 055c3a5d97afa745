"""Tables of remittances: one row for a remittance, one for each of its payments that could not be posted by itself.

What a remittance says stays in its message, sealed; the columns here are for queries. Trace and payer are found by
blind indexes.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from services.claims.store.rows import Row
from shared.database import SealedText, UtcDateTime
from shared.database.row_macs import Authenticated
from shared.database.tables import blind_of

TRACE_FIELD, PAYER_FIELD = "remittance_trace", "remittance_payer"


def trace_of(row: "RemittanceRow") -> tuple[str, str]:
    """What a trace's blind index is made of: the field, and the trace."""
    return TRACE_FIELD, row.trace


def payer_of(row: "RemittanceRow") -> tuple[str, str]:
    """What a payer's blind index is made of: the field, and the payer's own identifier in the trace."""
    return PAYER_FIELD, row.payer_identifier


class RemittanceRow(Row, Authenticated, table=True):
    """One 835 transaction, known by the digest of its content: what comes again is the same row. `message_id` is the
    message that it came in first. `payer_identifier` is TRN03, or the payer's name where there is none."""

    __tablename__ = "remittances"
    __table_args__ = (
        Index("remittances_by_digest", "organization_id", "digest", unique=True),
        Index("remittances_by_message", "organization_id", "message_id"),
        Index("remittances_by_state", "organization_id", "state", "id"),
        Index("remittances_by_payer", "organization_id", "payer_blind", "id"),
        Index("remittances_by_trace", "organization_id", "trace_blind"),
        Index("remittances_by_day", "organization_id", "paid_on", "id"),
    )

    digest: str = Field(max_length=64)
    message_id: str = Field(max_length=64)
    payer_name: str = Field(sa_type=SealedText)
    payer_identifier: str = Field(sa_type=SealedText)
    payer_blind: str = Field(max_length=64, sa_column_kwargs={"info": blind_of(payer_of)})
    trace: str = Field(sa_type=SealedText)
    trace_blind: str = Field(max_length=64, sa_column_kwargs={"info": blind_of(trace_of)})
    method: str = Field(max_length=3)
    amount_cents: int = Field(sa_type=BigInteger)
    paid_on: date
    received_at: datetime = Field(sa_type=UtcDateTime)
    payments: int
    waiting: int = 0
    state: str = Field(max_length=20)


class RemittancePaymentRow(Row, Authenticated, table=True):
    """A claim payment that could not be posted by itself. `id` is the digest under which it would be posted, `number`
    its place in the remittance, `code` why it waits. `claim_id` is the claim that it names or was matched to."""

    __tablename__ = "remittance_payments"
    __table_args__ = (
        Index("remittance_payments_by_remittance", "organization_id", "remittance_id", "state"),
        Index("remittance_payments_by_claim", "organization_id", "claim_id", "state"),
    )

    remittance_id: str = Field(max_length=64)
    number: int
    claim_id: str | None = Field(default=None, max_length=64)
    paid_cents: int = Field(sa_type=BigInteger)
    code: str = Field(max_length=40)
    waits_since: date
    state: str = Field(max_length=20)
