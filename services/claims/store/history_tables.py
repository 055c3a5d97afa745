"""Tables of histories: what is asked of one, its files until the report is made, and the report, all sealed.

Old files name patients by the numbers of an old system, and nothing here knows whose they are; so files stay no longer
than until the report is made, and the report has no patient's name.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from services.claims.store.rows import Row
from shared.contracts.histories import HistoryReport, HistoryTerms
from shared.database import ContractCodec, SealedDocument, SealedText, UtcDateTime
from shared.database.row_macs import Authenticated


class SealedHistoryTerms(SealedDocument):
    """With what a report is made."""

    codec = ContractCodec(HistoryTerms)


class SealedHistoryReport(SealedDocument):
    """A report."""

    codec = ContractCodec(HistoryReport)


class HistoryRow(Row, Authenticated, table=True):
    """One history. `files` and `total_bytes` are what was added to it."""

    __tablename__ = "histories"
    __table_args__ = (Index("histories_by_state", "state", "organization_id", "id"),)

    state: str = Field(max_length=20)
    as_of: date
    created_at: datetime = Field(sa_type=UtcDateTime)
    reported_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    files: int = 0
    total_bytes: int = Field(default=0, sa_type=BigInteger)
    terms: HistoryTerms = Field(sa_type=SealedHistoryTerms)


class HistoryFileRow(Row, Authenticated, table=True):
    """A file of a history that has no report yet; `content` is in base64, since an old file may be no text."""

    __tablename__ = "history_files"
    __table_args__ = (Index("history_files_by_history", "organization_id", "history_id", "id"),)

    history_id: str = Field(max_length=64)
    name: str = Field(sa_type=SealedText)
    content: str = Field(sa_type=SealedText)


class HistoryReportRow(Row, Authenticated, table=True):
    """The report of a history, under its id."""

    __tablename__ = "history_reports"

    report: HistoryReport = Field(sa_type=SealedHistoryReport)
