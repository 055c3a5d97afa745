"""Claims as callers read them: one, lists, the worklist, the ledger, the timeline."""

from datetime import date

from services.claims.flows.claim.build_claim import found_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.cursors import last_id, last_pair, moment
from services.claims.flows.queries.views import claim_view, claim_views, ledger_view, timeline_view
from services.claims.store import claims as store
from services.claims.store.claim_filter import ClaimFilter
from services.claims.store.timeline import timeline_page
from shared.audit import about_patient
from shared.contracts.claims import Claim, ClaimPage
from shared.contracts.ledger import LedgerPage
from shared.contracts.timeline import TimelinePage
from shared.paging import page_of
from shared.security.caller import Caller


def get_claim(deps: Dependencies, caller: Caller, claim_id: str) -> Claim:
    """One claim of the caller's organization. Raises NotFound."""
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
    last = last_pair(after, date.fromisoformat)
    with deps.database.reading() as session:
        rows = store.worklist_page(session, caller.organization_id, due_by=due_by, only=only, after=last, limit=limit)
        page, following = page_of(rows, limit, lambda row: (row.next_due_on.isoformat(), row.id))
        return ClaimPage(items=claim_views(session, page), next=following)


def list_ledger(deps: Dependencies, caller: Caller, claim_id: str, *, after: str | None, limit: int) -> LedgerPage:
    """The entries of one claim's ledger in the order of their booking."""
    last = last_id(after)
    with deps.database.reading() as session:
        about_patient(found_claim(store.patient_of_claim(session, caller.organization_id, claim_id)))
        rows = store.ledger_rows(session, caller.organization_id, claim_id, after=last, limit=limit)
        page, following = page_of(rows, limit, lambda row: (row.id,))
        return LedgerPage(items=[ledger_view(row) for row in page], next=following)


def get_timeline(deps: Dependencies, caller: Caller, claim_id: str, *, after: str | None, limit: int) -> TimelinePage:
    """What happened to a claim and to the files it went out in, oldest first. Raises NotFound."""
    last, organization_id = last_pair(after, moment), caller.organization_id
    with deps.database.reading() as session:
        found_claim(store.claim(session, organization_id, claim_id))
        subjects = [claim_id, *store.file_ids_of_claim(session, organization_id, claim_id)]
        rows = timeline_page(session, organization_id, subjects, after=last, limit=limit)
        page, following = page_of(rows, limit, lambda row: (row.at.isoformat(), row.id))
        return TimelinePage(items=[timeline_view(row) for row in page], next=following)
