"""The worker makes the report of a history from its files, one part in memory at a time and outside of any transaction;
then report and state are kept and the files go, in one."""

import base64
from collections.abc import Iterator, Sequence

from sqlmodel import Session

from services.claims.domain.histories.history_lifecycle import HISTORY_LIFECYCLE, HistoryEvent, HistoryState
from services.claims.domain.histories.history_report import HistoryQuestion, history_report
from services.claims.domain.histories.past import OwnBalance
from services.claims.domain.histories.payer_terms import given_terms
from services.claims.domain.histories.read_past_file import read_past_file
from services.claims.domain.histories.report_view import report_view
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.histories.keep_history import payer_document
from services.claims.store import histories as store
from services.claims.store.history_tables import HistoryReportRow, HistoryRow
from shared.contracts.histories import HistoryReport
from shared.database.operations import add_event
from shared.tenancy import acting_for

HISTORIES_A_PASS = 10
REPORTED, GONE = "reported", "gone"


def asked_histories(deps: Dependencies) -> list[tuple[str, str]]:
    """(organization, id) of those whose report is to be made."""
    with deps.database.reading() as session:
        return store.asked_histories(session, HISTORIES_A_PASS)


def report_history(deps: Dependencies, organization_id: str, history_id: str) -> str:
    """Make the report; safe to repeat: one that is made already is left as it is."""
    with acting_for(organization_id):
        with deps.database.reading() as session:
            row = store.history(session, organization_id, history_id)
            if row is None or row.state != HistoryState.ASKED:
                return GONE
            asked = _asked(deps, row)
            parts = store.parts_by_name(session, organization_id, history_id)
        files = (read_past_file(name, _pieces(deps, organization_id, ids)) for name, ids in parts.items())
        report = report_view(history_report(files, asked))
        return _keep(deps, organization_id, history_id, report)


def _asked(deps: Dependencies, row: HistoryRow) -> HistoryQuestion:
    terms = row.terms
    return HistoryQuestion(
        as_of=row.as_of,
        codes=deps.rule_set.codes,
        rules=tuple(deps.rule_set.rules),
        npis=tuple(terms.npis),
        terms=given_terms({one.identifier: payer_document(one.model_dump()) for one in terms.payers}),
        own_balances={
            one.claim_number: OwnBalance(one.billed_to_patient_cents, one.written_off_cents)
            for one in terms.own_balances
        },
    )


def _pieces(deps: Dependencies, organization_id: str, ids: Sequence[str]) -> Iterator[bytes]:
    """A file's bytes, a part at a time."""
    for part_id in ids:
        with deps.database.reading() as session:
            yield base64.b64decode(store.content(session, organization_id, part_id))


def _keep(deps: Dependencies, organization_id: str, history_id: str, report: HistoryReport) -> str:
    now = deps.clock.now()

    def write(session: Session) -> str:
        row = store.history(session, organization_id, history_id)
        if row is None or row.state != HistoryState.ASKED:
            return GONE
        row.state = HISTORY_LIFECYCLE.step(HistoryState(row.state), HistoryEvent.REPORT)
        row.reported_at = now
        session.add(row)
        session.add(HistoryReportRow(organization_id=organization_id, id=history_id, report=report))
        store.delete_files(session, organization_id, history_id)
        add_event(
            session,
            deps.ids,
            organization_id=organization_id,
            at=now,
            kind="history.reported",
            subject_id=history_id,
            data={"findings": len(report.findings), "claims": len(report.claims)},
        )
        return REPORTED

    return deps.database.run(write)
