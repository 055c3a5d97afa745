"""The practice's numbers: one table with the definition of each figure, the same as JSON, as CSV and drawn."""

from typing import Literal

from pydantic import Field

from shared.contracts.common import IsoDate, View


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


class Report(View):
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
