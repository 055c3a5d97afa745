"""Claims, their lines and ledger entries in the order in which they were committed, from a cursor on: for a warehouse.

The order is that of the audit trail, which names every row that a transaction wrote and has no gaps: whoever reads from
the last cursor on misses nothing, however many write meanwhile, and has each ledger entry once. A claim comes after
each of its changes, as it is now. A page is whole, with its end, or it is asked for again.
"""

from collections.abc import Iterator, Sequence

from sqlmodel import Session

from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.views import claim_views, ledger_view
from services.claims.store import claims as store
from services.claims.store import reports
from services.claims.store.tables import ClaimRow, LedgerRow
from shared.audit import about_patient
from shared.contracts.claims import Claim
from shared.contracts.reports import ExportedClaim, ExportedLine, ExportEnd, ExportRecord, RemovedClaim
from shared.database.audit_entries import RowChange, changes_page
from shared.paging import Cursor
from shared.security.caller import Caller

MAX_CHANGES = 500
ENTRIES_AT_ONCE = 2_000
"""Entries of the audit trail that one page looks through; most are of reads and name no row."""
CLAIMS, LEDGER = str(ClaimRow.__tablename__), str(LedgerRow.__tablename__)


def export_changes(deps: Dependencies, caller: Caller, *, after: str | None, limit: int) -> str:
    """Up to `limit` changes after a cursor, a record a line (NDJSON), the last with the next cursor. Raises
    Malformed."""
    key = Cursor.read(after, (int, int))
    start = (int(key[0]), int(key[1])) if key else (0, 0)
    with deps.database.reading() as session:
        owner = caller.organization_id
        found, last = changes_page(session, owner, {CLAIMS, LEDGER}, after=start, entries=ENTRIES_AT_ONCE)
        page = found[:limit]
        looked_through = last is not None and last - start[0] >= ENTRIES_AT_ONCE - 1
        more = len(found) > limit or looked_through
        position = start
        if last is not None and looked_through and len(found) <= limit:
            position = (last + 1, 0)
        elif page:
            # Not behind the reads that came after, of which asking is one: who asks again is answered the same.
            position = (page[-1].sequence, page[-1].place)
        end = ExportRecord(type="end", data=ExportEnd(cursor=Cursor.write(*position), more=more))
        records = [*_records(session, owner, _newest(page)), end]
    return "".join(f"{record.model_dump_json()}\n" for record in records)


def _newest(changes: Sequence[RowChange]) -> list[RowChange]:
    """Each row's last change in the page."""
    return sorted({(one.table, one.key): one for one in changes}.values(), key=lambda one: (one.sequence, one.place))


def _records(session: Session, organization_id: str, changes: Sequence[RowChange]) -> Iterator[ExportRecord]:
    rows = reports.claims_by_id(session, organization_id, [one.key for one in changes if one.table == CLAIMS])
    claims = {one.id: one for one in claim_views(session, list(rows.values()))}
    entries = reports.ledger_rows_by_id(session, organization_id, [one.key for one in changes if one.table == LEDGER])
    for patient_id in store.patients_of_claims(session, organization_id, {one.claim_id for one in entries.values()}):
        about_patient(patient_id)
    for change in changes:
        if change.table == LEDGER and change.key in entries:
            yield ExportRecord(type="ledger_entry", data=ledger_view(entries[change.key]))
        elif change.table == CLAIMS and change.removed:
            yield ExportRecord(type="claim_removed", data=RemovedClaim(id=change.key))
        elif change.table == CLAIMS and change.key in claims:
            yield from _claim_records(claims[change.key])


def _claim_records(claim: Claim) -> Iterator[ExportRecord]:
    yield ExportRecord(type="claim", data=ExportedClaim.model_validate(claim.model_dump()))
    for line in claim.lines:
        yield ExportRecord(type="line", data=ExportedLine(claim_id=claim.id, **line.model_dump()))
