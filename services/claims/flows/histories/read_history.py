"""What histories there are, and their reports, page by page."""

from collections.abc import Sequence
from typing import TypeVar

from services.claims.domain.histories.finding_kinds import FindingKind
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.cursors import last_id
from services.claims.store import histories as store
from services.claims.store.history_tables import HistoryReportRow, HistoryRow
from shared.contracts.histories import (
    History,
    HistoryClaimPage,
    HistoryFindingPage,
    HistoryPage,
    HistoryReport,
    HistorySummary,
)
from shared.errors import NotFound, RuleBroken
from shared.paging import Cursor, page_of
from shared.security.caller import Caller

FILES_SHOWN = 200
T = TypeVar("T")


def list_histories(deps: Dependencies, caller: Caller, *, after: str | None, limit: int) -> HistoryPage:
    """Histories in the order of their making, without their reports."""
    last = last_id(after)
    with deps.database.reading() as session:
        rows = store.histories_page(session, caller.organization_id, after=last, limit=limit)
        page, following = page_of(rows, limit, lambda row: (row.id,))
        return HistoryPage(items=[history_view(row, None) for row in page], next=following)


def get_history(deps: Dependencies, caller: Caller, history_id: str) -> History:
    """A history with the summary of its report. Raises NotFound."""
    with deps.database.reading() as session:
        row = found_history(store.history(session, caller.organization_id, history_id))
        return history_view(row, store.report(session, caller.organization_id, history_id))


def list_history_findings(
    deps: Dependencies, caller: Caller, history_id: str, *, kind: FindingKind | None, after: str | None, limit: int
) -> HistoryFindingPage:
    """Findings in the order of the report. Raises NotFound, RuleBroken before it is made."""
    report = _report(deps, caller, history_id)
    found = [one for one in report.findings if kind is None or one.kind == kind]
    items, following = _page(found, after, limit)
    return HistoryFindingPage(items=list(items), next=following)


def list_history_claims(
    deps: Dependencies, caller: Caller, history_id: str, *, after: str | None, limit: int
) -> HistoryClaimPage:
    """Claims in the order of the report. Raises NotFound, RuleBroken before it is made."""
    items, following = _page(_report(deps, caller, history_id).claims, after, limit)
    return HistoryClaimPage(items=list(items), next=following)


def found_history(row: HistoryRow | None) -> HistoryRow:
    """The row. Raises NotFound."""
    if row is None:
        raise NotFound("there is no such history", code="history_not_found")
    return row


def history_view(row: HistoryRow, report: HistoryReportRow | None) -> History:
    """A history as it is answered."""
    return History(
        id=row.id,
        state=row.state,
        as_of=row.as_of,
        created_at=row.created_at,
        reported_at=row.reported_at,
        files=row.files,
        total_bytes=row.total_bytes,
        report=_summary(report.report) if report is not None else None,
    )


def _summary(report: HistoryReport) -> HistorySummary:
    return HistorySummary(
        totals=report.totals,
        findings=len(report.findings),
        claims=len(report.claims),
        files=[file for file in report.files if file.problems][:FILES_SHOWN],
        payers=report.payers,
        rules=report.rules,
        claims_of_several_days=report.claims_of_several_days,
    )


def _report(deps: Dependencies, caller: Caller, history_id: str) -> HistoryReport:
    with deps.database.reading() as session:
        found_history(store.history(session, caller.organization_id, history_id))
        row = store.report(session, caller.organization_id, history_id)
        if row is None:
            raise RuleBroken(
                "the report is not made yet",
                code="history_not_reported",
                pointer="/history_id",
                fix="Ask again when its report is there.",
            )
        return row.report


def _page(rows: Sequence[T], after: str | None, limit: int) -> tuple[Sequence[T], str | None]:
    """By place in the report, which never changes."""
    key = Cursor.read(after, (int,))
    start = max(0, int(key[0])) if key else 0
    end = start + limit
    return rows[start:end], Cursor.write(end) if end < len(rows) else None
