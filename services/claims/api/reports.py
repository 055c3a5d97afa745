"""Routes of the practice's numbers: each as JSON, as CSV or drawn (`format`), as of the end of any day."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from fastapi.responses import Response

from services.claims.api.parameters import Deps, Reader
from services.claims.domain.reports.report import Start
from services.claims.flows import Dependencies
from services.claims.flows.reports import answer_report as flows
from services.claims.flows.reports.as_csv import as_csv
from services.claims.flows.reports.as_svg import as_svg
from shared.contracts.common import IsoDate
from shared.contracts.reports import PracticeReport, ReportKinds
from shared.security.caller import Caller
from shared.web.auth import requires
from shared.web.bodies import limited
from shared.web.routes import Routes

router = Routes(prefix="/v1/reports", tags=["reports"])
MAX_GROUPS = 1_000
COST = 5
"""Every claim of the practice is counted for one answer."""
CSV, SVG = "text/csv", "image/svg+xml"
TEXT: dict[str, Any] = {"schema": {"type": "string"}}
FORMS: dict[int | str, dict[str, Any]] = {
    200: {"content": {CSV: TEXT, SVG: TEXT}, "description": "The report in the form that `format` names"}
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What every report may be asked."""

    as_of: date | None
    format: Literal["json", "csv", "svg"]
    groups: int


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a report about a period."""

    first: date | None = None
    last: date | None = None


def _asked(
    *,
    as_of: Annotated[IsoDate | None, Query(description="by the end of this day; today where it is absent")] = None,
    format: Annotated[Literal["json", "csv", "svg"], Query(description="the form of the answer")] = "json",  # noqa: A002
    groups: Annotated[int, Query(ge=1, le=MAX_GROUPS, description="how many groups at most")] = 100,
) -> Asked:
    return Asked(as_of, format, groups)


def _period(
    *,
    from_date: Annotated[IsoDate | None, Query(description="first day; 89 before the last where it is absent")] = None,
    to_date: Annotated[IsoDate | None, Query(description="last day; `as_of` where it is absent")] = None,
) -> Period:
    return Period(from_date, to_date)


Common = Annotated[Asked, Depends(_asked)]
Days = Annotated[Period, Depends(_period)]
ByPayer = Annotated[Literal["payer_class", "payer"], Query(description="what is a group")]
ByPatientToo = Annotated[Literal["payer_class", "payer", "patient"], Query(description="what is a group")]
ByReasonToo = Annotated[Literal["payer_class", "payer", "reason"], Query(description="what is a group")]
ByProcedureToo = Annotated[Literal["payer_class", "payer", "procedure"], Query(description="what is a group")]
CountedFrom = Annotated[Start, Query(description="what an age or a wait is counted from")]


@router.get("", response_model=ReportKinds, dependencies=[Depends(requires("claims:read"))])
def list_reports() -> ReportKinds:
    """All reports, each with its definition, its figures and what it can be grouped by."""
    return flows.list_reports()


@router.get("/aging", response_model=PracticeReport, responses=FORMS)
@limited(cost=COST)
def get_aging(
    deps: Deps,
    caller: Reader,
    asked: Common,
    by: ByPatientToo = "payer_class",
    counted_from: CountedFrom = Start.SERVICE,
) -> PracticeReport | Response:
    """What insurers and patients owe, by age: 0 to 30, 31 to 60, 61 to 90, 91 to 120 and more than 120 days."""
    return _report(deps, caller, "aging", asked, by, counted_from=counted_from)


@router.get("/days-in-receivables", response_model=PracticeReport, responses=FORMS)
@limited(cost=COST)
def get_days_in_receivables(
    deps: Deps, caller: Reader, asked: Common, period: Days, by: ByPayer = "payer_class"
) -> PracticeReport | Response:
    """How many days of average charges are owed."""
    return _report(deps, caller, "days-in-receivables", asked, by, period)


@router.get("/clean-claims", response_model=PracticeReport, responses=FORMS)
@limited(cost=COST)
def get_clean_claims(
    deps: Deps, caller: Reader, asked: Common, period: Days, by: ByPayer = "payer"
) -> PracticeReport | Response:
    """Of the claims first submitted in the period, those that nobody rejected as they were first sent."""
    return _report(deps, caller, "clean-claims", asked, by, period)


@router.get("/first-pass", response_model=PracticeReport, responses=FORMS)
@limited(cost=COST)
def get_first_pass(
    deps: Deps, caller: Reader, asked: Common, period: Days, by: ByPayer = "payer"
) -> PracticeReport | Response:
    """Of the claims first decided in the period, those decided as first sent, with nothing denied."""
    return _report(deps, caller, "first-pass", asked, by, period)


@router.get("/denials", response_model=PracticeReport, responses=FORMS)
@limited(cost=COST)
def get_denials(
    deps: Deps, caller: Reader, asked: Common, period: Days, by: ByReasonToo = "payer"
) -> PracticeReport | Response:
    """Of the claims decided in the period, those of which an amount was denied; also by payer and reason."""
    return _report(deps, caller, "denials", asked, by, period)


@router.get("/collections", response_model=PracticeReport, responses=FORMS)
@limited(cost=COST)
def get_collections(
    deps: Deps, caller: Reader, asked: Common, period: Days, by: ByPayer = "payer"
) -> PracticeReport | Response:
    """What came in of the charges of a period: of all of them (gross), and of what contracts left of them (net)."""
    return _report(deps, caller, "collections", asked, by, period)


@router.get("/time-to-payment", response_model=PracticeReport, responses=FORMS)
@limited(cost=COST)
def get_time_to_payment(
    deps: Deps,
    caller: Reader,
    asked: Common,
    period: Days,
    by: ByPayer = "payer",
    counted_from: CountedFrom = Start.SUBMISSION,
) -> PracticeReport | Response:
    """How long payers take to the first payment: the median, and what nine of ten claims did not exceed."""
    return _report(deps, caller, "time-to-payment", asked, by, period, counted_from)


@router.get("/expected", response_model=PracticeReport, responses=FORMS)
@limited(cost=COST)
def get_expected(
    deps: Deps, caller: Reader, asked: Common, period: Days, by: ByProcedureToo = "payer"
) -> PracticeReport | Response:
    """What the payers' fees had them allow, against what they allowed and paid."""
    return _report(deps, caller, "expected", asked, by, period)


@router.get("/allowed", response_model=PracticeReport, responses=FORMS)
@limited(cost=COST)
def get_allowed(deps: Deps, caller: Reader, asked: Common, period: Days) -> PracticeReport | Response:
    """What payers allow for one unit of each procedure, month by month."""
    return _report(deps, caller, "allowed", asked, "month", period)


NO_PERIOD = Period()


def _report(
    deps: Dependencies,
    caller: Caller,
    name: str,
    asked: Asked,
    by: str,
    period: Period = NO_PERIOD,
    counted_from: Start = Start.SERVICE,
) -> PracticeReport | Response:
    table = flows.answer_report(
        deps,
        caller,
        name,
        as_of=asked.as_of,
        first=period.first,
        last=period.last,
        by=by,
        counted_from=counted_from,
        groups=asked.groups,
    )
    if asked.format == "csv":
        return Response(as_csv(table), media_type=CSV)
    if asked.format == "svg":
        return Response(as_svg(table), media_type=SVG)
    return flows.report_view(table, caller.time_zone)
