"""The route by which a practice takes its claims and its money to a warehouse of its own."""

from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import Response

from services.claims.api.parameters import Deps, Reader
from services.claims.flows.reports.export_changes import MAX_CHANGES
from services.claims.flows.reports.export_changes import export_changes as export
from shared.paging import MAX_CURSOR_LENGTH
from shared.web.bodies import limited
from shared.web.routes import Routes

router = Routes(prefix="/v1/exports", tags=["reports"])
NDJSON = "application/x-ndjson"
LINES: dict[int | str, dict[str, Any]] = {
    200: {"content": {NDJSON: {"schema": {"type": "string"}}}, "description": "One record a line, the last is the end"}
}
Cursor = Annotated[
    str | None, Query(max_length=MAX_CURSOR_LENGTH, description="`cursor` of the end of the page before")
]


@router.get("/changes", response_class=Response, responses=LINES)
@limited(cost=5)
def export_changes(
    deps: Deps,
    caller: Reader,
    after: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=MAX_CHANGES, description="how many changes at most")] = MAX_CHANGES,
) -> Response:
    """Claims, their lines and ledger entries in the order in which they were committed (NDJSON): each line has `type`
    (`claim`, `line`, `ledger_entry`, `claim_removed`) and `data`; the last is of type `end` and has the cursor to go on
    with. Nothing is left out, and each ledger entry comes once; a claim comes again after each change."""
    return Response(export(deps, caller, after=after, limit=limit), media_type=NDJSON)
