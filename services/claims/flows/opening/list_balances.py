"""The opening balances of a practice, as callers read them."""

from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.cursors import last_id
from services.claims.store import opening_balances as store
from services.claims.store.opening_tables import OpeningBalanceRow
from shared.contracts.opening_balances import OpeningBalance, OpeningBalancePage
from shared.paging import page_of
from shared.security.caller import Caller


def list_opening_balances(deps: Dependencies, caller: Caller, *, after: str | None, limit: int) -> OpeningBalancePage:
    """In the order of their entry, withdrawn ones too."""
    last = last_id(after)
    with deps.database.reading() as session:
        rows = store.opening_balances_page(session, caller.organization_id, after=last, limit=limit)
        page, following = page_of(rows, limit, lambda row: (row.id,))
        return OpeningBalancePage(items=[_view(row) for row in page], next=following)


def _view(row: OpeningBalanceRow) -> OpeningBalance:
    return OpeningBalance(
        id=row.id,
        claim_id=row.claim_id,
        reference=row.reference,
        claim_number=row.claim_number or None,
        as_of=row.as_of,
        source=row.figures_from,
        entered_at=row.entered_at,
        withdrawn_at=row.withdrawn_at,
    )
