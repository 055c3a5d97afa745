"""`GET /v1/audit-entries`: the audit trail of an organization in one service, for whoever has the scope `audit:read`.

Reading it leaves an entry like every other read.
"""

from typing import Annotated

from fastapi import Depends, Query, Request

from shared.contracts.audit import AuditTrailEntry, AuditTrailPage
from shared.contracts.common import Id, IsoDateTime
from shared.database.audit_entries import AuditFilter, audit_page
from shared.database.operations import AuditEntry
from shared.paging import MAX_PAGE
from shared.security.caller import Caller
from shared.web.auth import requires_itself
from shared.web.routes import Routes

router = Routes(prefix="/v1/audit-entries", tags=["audit"])
MAX_SEQUENCE = 2**31 - 1
Auditor = Annotated[Caller, Depends(requires_itself("audit:read"))]


@router.get("", response_model=AuditTrailPage)
def list_audit_entries(
    *,
    request: Request,
    caller: Auditor,
    subject_id: Annotated[Id | None, Query(description="about this claim, note, client, ... only")] = None,
    patient_id: Annotated[Id | None, Query(description="about this patient only")] = None,
    client_id: Annotated[Id | None, Query(description="of this API client only")] = None,
    start: Annotated[IsoDateTime | None, Query(alias="from", description="`wall_at` from this moment on")] = None,
    end: Annotated[IsoDateTime | None, Query(alias="to", description="`wall_at` before this moment")] = None,
    after: Annotated[int, Query(ge=0, le=MAX_SEQUENCE, description="`next` of the page before")] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100,
) -> AuditTrailPage:
    """Who did what in this service, oldest first. Every parameter that is given narrows the list. It has reads,
    refusals and what Handbill did by itself; persons and reasons are opened for you, and your reading is recorded."""
    wanted = AuditFilter(subject_id, patient_id, client_id, start, end)
    with request.app.state.database.reading() as session:
        rows = audit_page(session, caller.organization_id, wanted, after=after, count=limit + 1)
    return AuditTrailPage(
        items=[_view(row) for row in rows[:limit]], next=rows[limit - 1].sequence if len(rows) > limit else None
    )


def _view(row: AuditEntry) -> AuditTrailEntry:
    moments = {"at": row.at.isoformat(), "wall_at": row.wall_at.isoformat()}
    return AuditTrailEntry.model_validate({**row.model_dump(), **moments})
