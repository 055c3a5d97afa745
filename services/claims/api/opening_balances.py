"""Routes of what a practice that moves in has open, and of what was used before it came."""

from fastapi.responses import Response

from services.claims.api.parameters import Deps, Reader, ThingId, Writer
from services.claims.flows.opening import enter_balance as entering
from services.claims.flows.opening import import_balances as importing
from services.claims.flows.opening import list_balances as listing
from services.claims.flows.opening import used_before as using
from shared.contracts.claims import Claim
from shared.contracts.opening_balances import (
    MAX_CSV_CHARACTERS,
    OpeningBalanceCreate,
    OpeningBalanceImport,
    OpeningBalancePage,
    OpeningBalancesImported,
    OpeningBalanceWithdraw,
    OpeningVisits,
    OpeningVisitsPut,
)
from shared.errors import BadRequest, Conflict, NotFound, Unavailable, responses
from shared.roles import Permission
from shared.web.bodies import limited
from shared.web.etags import WriteCondition, set_etag
from shared.web.idempotency import UnitOfWorkDep
from shared.web.paging import After, Limit
from shared.web.persons import permitted
from shared.web.puts import put_responses, set_put_status
from shared.web.routes import Routes

router = Routes(prefix="/v1", tags=["claims"])
POST = responses(BadRequest, NotFound, Conflict)


@router.post("/opening-balances", response_model=Claim, status_code=201, responses=POST | responses(Unavailable))
@permitted(Permission.ENTER_MONEY)
def create_opening_balance(
    body: OpeningBalanceCreate, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Claim:
    """Enter what is open of a claim that was sent before the practice moved in. It is a claim from then on: it is
    followed up, its payer's remittance finds it by its old number, and payments are entered on it."""
    return entering.create_opening_balance(deps, unit_of_work, caller, body)


@router.post(
    "/opening-balances/import", response_model=OpeningBalancesImported, responses=POST | responses(Unavailable)
)
@limited(max_body_bytes=2 * MAX_CSV_CHARACTERS, max_values=50_000, cost=10)
@permitted(Permission.ENTER_MONEY)
def import_opening_balances(
    body: OpeningBalanceImport, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> OpeningBalancesImported:
    """Enter the opening balances of a CSV file, with a result for each row. What is entered already stays as it is, so
    that a file may come again once its rejected rows are corrected."""
    return importing.import_opening_balances(deps, unit_of_work, caller, body)


@router.get("/opening-balances", response_model=OpeningBalancePage)
def list_opening_balances(deps: Deps, caller: Reader, after: After = None, limit: Limit = 100) -> OpeningBalancePage:
    """Opening balances in the order of their entry, withdrawn ones too, each with its claim."""
    return listing.list_opening_balances(deps, caller, after=after, limit=limit)


@router.post("/opening-balances/{opening_id}/withdraw", response_model=Claim, responses=POST)
@permitted(Permission.ENTER_MONEY)
def withdraw_opening_balance(
    opening_id: ThingId, body: OpeningBalanceWithdraw, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Claim:
    """Take an entry back that was wrong, as long as no money has moved on it since."""
    return entering.withdraw_opening_balance(deps, unit_of_work, caller, opening_id, body)


@router.put(
    "/opening-visits/{grant_id}",
    response_model=OpeningVisits,
    responses=put_responses(OpeningVisits, NotFound, Conflict, Unavailable),
)
@permitted(Permission.PREPARE_CLAIMS)
def put_opening_visits(
    *,
    grant_id: ThingId,
    body: OpeningVisitsPut,
    response: Response,
    deps: Deps,
    caller: Writer,
    precondition: WriteCondition,
) -> OpeningVisits:
    """What was used of an authorization, a referral or a coverage's benefit (by its id) before the practice moved in;
    the rules and the authorization's account count it."""
    result = using.put_opening_visits(deps, deps.database, caller, grant_id, body, precondition)
    set_put_status(response, result)
    return result.record


@router.get("/opening-visits/{grant_id}", response_model=OpeningVisits, responses=responses(NotFound))
def get_opening_visits(grant_id: ThingId, response: Response, deps: Deps, caller: Reader) -> OpeningVisits:
    """What was said to be used before."""
    view = using.get_opening_visits(deps, caller, grant_id)
    set_etag(response, view.version)
    return view
