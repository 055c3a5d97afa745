"""A report is answered: what is asked is checked, the claims of that day are read, and counted.

`as_of` is no day to come, the period ends by then, and is at most five years long.
"""

from datetime import date, timedelta

from services.claims.domain.reports.catalog import REPORTS, REPORTS_BY_NAME
from services.claims.domain.reports.report import Column, Question, ReportDefinition, Start, Table, answer
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.reports.read_history import read_history
from shared.audit import about_patient
from shared.contracts.reports import PracticeReport, ReportColumn, ReportKind, ReportKinds, ReportRow
from shared.dates import days_between, local_date
from shared.errors import Fault, Malformed
from shared.security.caller import Caller

MAX_PERIOD_DAYS = 1_827
USUAL_PERIOD = timedelta(days=89)
PATIENT = "patient_id"


def answer_report(
    deps: Dependencies,
    caller: Caller,
    name: str,
    *,
    as_of: date | None,
    first: date | None,
    last: date | None,
    by: str,
    counted_from: Start,
    groups: int,
) -> Table:
    """The report of this name. Raises Malformed where the days do not go together."""
    today = local_date(deps.clock.now(), caller.time_zone)
    question = _question(today, as_of, first, last, by=by, counted_from=counted_from, groups=groups)
    with deps.database.reading() as session:
        claims = read_history(session, caller.organization_id, question.as_of, caller.time_zone)
    table = answer(REPORTS_BY_NAME[name], claims, question)
    if PATIENT in table.members:
        for row in table.rows:
            about_patient(row.key[table.members.index(PATIENT)])
    return table


def _question(
    today: date,
    as_of: date | None,
    first: date | None,
    last: date | None,
    *,
    by: str,
    counted_from: Start,
    groups: int,
) -> Question:
    told = as_of or today
    if told > today:
        raise _malformed("as_of", "as_of_in_future", "It is a day to come.", "Ask for today or an earlier day.")
    end = last or told
    if end > told:
        raise _malformed("to_date", "period_after_as_of", "The period ends after `as_of`.", "End it by `as_of`.")
    start = first or max(date.min + USUAL_PERIOD, end) - USUAL_PERIOD
    if start > end:
        raise _malformed("from_date", "period_reversed", "It is after the last day.", "Swap the two.")
    if days_between(start, end) >= MAX_PERIOD_DAYS:
        raise _malformed("from_date", "period_too_long", "The period is longer than five years.", "Ask for parts.")
    return Question(told, start, end, by, counted_from, groups)


def _malformed(name: str, code: str, message: str, fix: str) -> Malformed:
    return Malformed("the days of the report do not go together", errors=[Fault(f"/query/{name}", code, message, fix)])


def report_view(table: Table, time_zone: str) -> PracticeReport:
    """A report as callers read it."""
    definition, question = table.definition, table.question
    return PracticeReport(
        report=definition.name,
        title=definition.title,
        definition=definition.definition,
        counted_by=counted_by(table, time_zone),
        as_of=question.as_of,
        time_zone=time_zone,
        from_date=question.first if definition.period else None,
        to_date=question.last if definition.period else None,
        counted_from=question.counted_from.value if definition.ages else None,
        by=question.by,
        columns=[_column_view(one) for one in definition.columns],
        rows=[
            ReportRow(group=dict(zip(table.members, row.key, strict=True)), values=dict(row.figures))
            for row in table.rows
        ],
        total=dict(table.total),
        groups_left_out=table.left_out,
    )


def counted_by(table: Table, time_zone: str) -> str:
    """Which date counts, in a sentence or two."""
    period = table.definition.period
    booked = f"Whatever was booked by the end of {table.question.as_of} in {time_zone} counts, and nothing after it."
    return f"{booked} A claim is in the period by the day on which {period}." if period else booked


def list_reports() -> ReportKinds:
    """What can be asked for."""
    return ReportKinds(items=[_kind_view(one) for one in REPORTS])


def _kind_view(definition: ReportDefinition[object]) -> ReportKind:
    return ReportKind(
        report=definition.name,
        path=f"/v1/reports/{definition.name}",
        title=definition.title,
        definition=definition.definition,
        by=list(definition.groups),
        columns=[_column_view(one) for one in definition.columns],
    )


def _column_view(one: Column) -> ReportColumn:
    return ReportColumn(
        name=one.name,
        unit=one.unit.value,
        definition=one.definition,
        numerator=one.numerator,
        denominator=one.denominator,
    )
