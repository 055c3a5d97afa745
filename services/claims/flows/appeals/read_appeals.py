"""Appeals of a claim, and the files of their packets."""

from services.claims.flows.appeals.appeal_act import found_appeal
from services.claims.flows.appeals.appeal_views import appeal_view, packed_body, summary_view
from services.claims.flows.claim.build_claim import found_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.cursors import last_id
from services.claims.store import appeals
from services.claims.store import claims as store
from shared.contracts.appeals import Appeal, AppealFileBody, AppealList
from shared.errors import NotFound
from shared.paging import page_of
from shared.security.caller import Caller


def list_appeals(deps: Dependencies, caller: Caller, claim_id: str, *, after: str | None, limit: int) -> AppealList:
    """The appeals of a claim, the first first. Raises NotFound."""
    last = last_id(after)
    with deps.database.reading() as session:
        row = found_claim(store.claim(session, caller.organization_id, claim_id))
        rows = appeals.appeals_of_claim(session, row.organization_id, row.id, after=last, limit=limit)
        page, following = page_of(rows, limit, lambda one: (one.id,))
        return AppealList(items=[summary_view(session, row, one) for one in page], next=following)


def get_appeal(deps: Dependencies, caller: Caller, claim_id: str, appeal_id: str) -> Appeal:
    """One appeal with its letter and packet. Raises NotFound."""
    with deps.database.reading() as session:
        row = found_claim(store.claim(session, caller.organization_id, claim_id))
        appeal = found_appeal(appeals.appeal(session, row.organization_id, row.id, appeal_id))
        return appeal_view(session, row, appeal, deps.clock.now())


def get_appeal_file(deps: Dependencies, caller: Caller, claim_id: str, appeal_id: str, name: str) -> AppealFileBody:
    """One file of the packet, with its content. Raises NotFound."""
    with deps.database.reading() as session:
        row = found_claim(store.claim(session, caller.organization_id, claim_id))
        appeal = found_appeal(appeals.appeal(session, row.organization_id, row.id, appeal_id))
        body = packed_body(session, row, appeal, deps.clock.now())
        found = next((one for one in body.files if one.name == name), None)
        if found is None:
            raise NotFound("the packet has no such file", code="appeal_file_not_found")
        return found
