"""Routes of the worklist: everything that is to be done, its totals, and one act on many."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from services.claims.api.parameters import Deps, Reader, Writer
from services.claims.flows import work_in_bulk as bulk
from services.claims.flows.queries import worklist as queries
from services.claims.store.worklist import WorklistFilter
from shared.contracts.claim_work import ActionKindName
from shared.contracts.common import Id, IsoDate
from shared.contracts.worklist import WorklistBulk, WorklistPage, WorklistResults, WorklistTotals
from shared.errors import BadRequest, responses
from shared.roles import Permission
from shared.web.bodies import limited
from shared.web.idempotency import UnitOfWorkDep
from shared.web.paging import After, Limit
from shared.web.persons import permitted
from shared.web.routes import Routes

router = Routes(prefix="/v1/worklist", tags=["worklist"])
MANY = 20
Kinds = Annotated[list[ActionKindName], Query(max_length=MANY, description="one of these kinds of next action")]
Owners = Annotated[
    list[Literal["handbill", "therapist", "biller", "payer", "patient"]],
    Query(max_length=5, description="of one of these owners"),
]
Payers = Annotated[list[Id], Query(max_length=MANY, description="of one of these payers")]
Reasons = Annotated[
    list[Annotated[str, Query(pattern=r"^[a-z0-9_]{1,80}$")]],
    Query(max_length=MANY, description="for one of these reasons: codes as in `rule`"),
]
Assignees = Annotated[list[Id], Query(max_length=MANY, description="given to one of these persons")]
From = Annotated[IsoDate | None, Query(description="due on this day or later")]
By = Annotated[IsoDate | None, Query(description="due by this day")]
Amount = Annotated[int | None, Query(ge=-9_999_999_999, le=9_999_999_999)]


def worklist_filter(
    *,
    kind: Kinds = [],  # noqa: B006  (FastAPI copies it)
    owner: Owners = [],  # noqa: B006
    payer_id: Payers = [],  # noqa: B006
    reason: Reasons = [],  # noqa: B006
    assignee_id: Assignees = [],  # noqa: B006
    unassigned: Annotated[bool, Query(description="given to nobody")] = False,
    due_from: From = None,
    due_by: By = None,
    amount_from_cents: Amount = None,
    amount_to_cents: Amount = None,
) -> WorklistFilter:
    """The filter that a request's query asks for."""
    return WorklistFilter(
        due_from=due_from,
        due_by=due_by,
        kinds=tuple(kind),
        owners=tuple(owner),
        payer_ids=tuple(payer_id),
        rules=tuple(reason),
        assignee_ids=tuple(assignee_id),
        unassigned=unassigned,
        amount_from_cents=amount_from_cents,
        amount_to_cents=amount_to_cents,
    )


Only = Annotated[WorklistFilter, Depends(worklist_filter)]


@router.get("", response_model=WorklistPage)
def list_worklist(deps: Deps, caller: Reader, only: Only, after: After = None, limit: Limit = 50) -> WorklistPage:
    """Everything that is to be done, the most urgent first: claims by their next action, and what is no claim. Every
    parameter that is given narrows the list; one that is given several times takes any of its values."""
    return queries.list_worklist(deps, caller, only=only, after=after, limit=limit)


@router.get("/totals", response_model=WorklistTotals)
def count_worklist(deps: Deps, caller: Reader, only: Only) -> WorklistTotals:
    """How much there is to do by kind: how many, about how much money, and since when."""
    return queries.count_worklist(deps, caller, only=only)


@router.post("/bulk", response_model=WorklistResults, responses=responses(BadRequest))
@limited(max_body_bytes=64_000, max_values=1_000, cost=3)
@permitted(Permission.WORK_ON_CLAIMS)
def work_in_bulk(body: WorklistBulk, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep) -> WorklistResults:
    """Report, put off or assign up to 200 things at once. Each has a result of its own; one that is refused keeps
    nobody else from being done."""
    return bulk.work_in_bulk(deps, unit_of_work, caller, body)
