"""The practice's numbers: one table with the definition of each figure, the same as JSON, as CSV and drawn; and the
records that they can be counted from elsewhere."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from shared.contracts.claims import ClaimLine, Money
from shared.contracts.common import IsoDate, View
from shared.contracts.ledger import LedgerEntry


class ReportColumn(View):
    """One figure of a report. A quotient names the figures that it divides."""

    name: str = Field(examples=["clean_claim_rate_basis_points"])
    unit: str = Field(examples=["cents", "count", "days", "tenths_of_days", "basis_points"])
    definition: str
    numerator: str | None = None
    denominator: str | None = None


class ReportRow(View):
    """The figures of one group; null where there is nothing to divide by or to choose from."""

    group: dict[str, str] = Field(examples=[{"payer_id": "pay_cascade1"}])
    values: dict[str, int | None]


class PracticeReport(View):
    """A report as of the end of a day. `total` has every group, also the `groups_left_out`."""

    report: str
    title: str
    definition: str
    counted_by: str = Field(description="which date counts")
    as_of: IsoDate
    time_zone: str
    from_date: IsoDate | None = Field(default=None, description="first day of the period; null where there is none")
    to_date: IsoDate | None = None
    counted_from: Literal["service", "submission"] | None = None
    by: str
    columns: list[ReportColumn]
    rows: list[ReportRow]
    total: dict[str, int | None]
    groups_left_out: int


class ReportKind(View):
    """A report that can be asked for."""

    report: str
    path: str
    title: str
    definition: str
    by: list[str]
    columns: list[ReportColumn]


class ReportKinds(View):
    """All reports."""

    items: list[ReportKind]


class ExportedClaim(View):
    """A claim as it is now, without what it was made from."""

    id: str
    version: int
    note_id: str
    coverage_id: str
    patient_id: str
    payer_id: str
    claim_number: str
    date_of_service: IsoDate
    state: str
    state_by: str | None = None
    outcome: str
    frequency: str
    previous_claim_id: str | None = None
    money: Money
    submitted_at: datetime | None = None
    created_at: datetime


class ExportedLine(ClaimLine):
    """A line of a claim; all lines of a claim follow it."""

    claim_id: str


class RemovedClaim(View):
    """A claim that was destroyed by the rules of retention, with its lines and its ledger."""

    id: str


class ExportEnd(View):
    """The last line of an export: where to go on with `after`, and whether there may be more by now."""

    cursor: str
    more: bool


class ExportRecord(View):
    """One line of an export."""

    type: Literal["claim", "line", "ledger_entry", "claim_removed", "end"]
    data: ExportedClaim | ExportedLine | LedgerEntry | RemovedClaim | ExportEnd
