"""Claims as callers read them: one, lists, the worklist, the ledger."""

from datetime import date

from services.claims.flows.claim.build_claim import found_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.cursors import last_id
from services.claims.flows.queries.views import claim_view, claim_views, ledger_view
from services.claims.store import claims as store
from services.claims.store.claim_filter import ClaimFilter
from shared.contracts.claims import Claim, ClaimPage, LedgerPage
from shared.errors import Malformed
from shared.paging import Cursor, page_of
from shared.security.caller import Caller


def get_claim(deps: Dependencies, caller: Caller, claim_id: str) -> Claim:
    with deps.database.reading() as session:
        return claim_view(session, found_claim(store.claim(session, caller.organization_id, claim_id)))


def list_claims(deps: Dependencies, caller: Caller, *, only: ClaimFilter, after: str | None, limit: int) -> ClaimPage:
    """Claims in order of id."""
    last = last_id(after)
    with deps.database.reading() as session:
        rows = store.claims_page(session, caller.organization_id, only=only, after=last, limit=limit)
        page, following = page_of(rows, limit, lambda row: (row.id,))
        return ClaimPage(items=claim_views(session, page), next=following)


def list_work(
    deps: Dependencies, caller: Caller, *, due_by: date, only: ClaimFilter, after: str | None, limit: int
) -> ClaimPage:
    """The worklist: claims with something to do by a day, the most urgent first. Raises Malformed."""
    last = _last_due(after)
    with deps.database.reading() as session:
        rows = store.worklist_page(session, caller.organization_id, due_by=due_by, only=only, after=last, limit=limit)
        page, following = page_of(rows, limit, lambda row: (row.next_due_on.isoformat(), row.id))
        return ClaimPage(items=claim_views(session, page), next=following)


def list_ledger(deps: Dependencies, caller: Caller, claim_id: str, *, after: str | None, limit: int) -> LedgerPage:
    """The entries of one claim's ledger in the order of their booking."""
    last = last_id(after)
    with deps.database.reading() as session:
        found_claim(store.note_and_coverage(session, caller.organization_id, claim_id))
        rows = store.ledger_rows(session, caller.organization_id, claim_id, after=last, limit=limit)
        page, following = page_of(rows, limit, lambda row: (row.id,))
        return LedgerPage(items=[ledger_view(row) for row in page], next=following)


def _last_due(after: str | None) -> tuple[date, str] | None:
    key = Cursor.read(after, (str, str))
    if key is None:
        return None
    try:
        return date.fromisoformat(str(key[0])), str(key[1])
    except ValueError:
        raise Malformed("the cursor is not one that this list gave", code="cursor_invalid") from None
