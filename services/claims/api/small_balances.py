"""Routes of the practice's rule for small balances."""

from fastapi.responses import Response

from services.claims.api.parameters import Deps, Reader, Writer
from services.claims.flows.claim import small_balances as flows
from shared.contracts.small_balances import SmallBalanceRule, SmallBalanceRulePut
from shared.errors import NotFound, responses
from shared.roles import Permission
from shared.web.etags import WriteCondition, set_etag
from shared.web.persons import permitted
from shared.web.puts import put_responses, set_put_status
from shared.web.routes import Routes

router = Routes(prefix="/v1/small-balance-rule", tags=["practice"])


@router.put("", response_model=SmallBalanceRule, responses=put_responses(SmallBalanceRule))
@permitted(Permission.ENTER_MONEY)
def put_small_balance_rule(
    *, body: SmallBalanceRulePut, response: Response, deps: Deps, caller: Writer, precondition: WriteCondition
) -> SmallBalanceRule:
    """Up to which amount Handbill writes off what is left of a claim, the patient's and apart from it the insurer's,
    once every payer has answered. Nothing is written off before the practice has put it; zeros end it."""
    result = flows.put_small_balance_rule(deps, deps.database, caller, body, precondition)
    set_put_status(response, result)
    return result.record


@router.get("", response_model=SmallBalanceRule, responses=responses(NotFound))
def get_small_balance_rule(response: Response, deps: Deps, caller: Reader) -> SmallBalanceRule:
    """The rule in force."""
    view = flows.get_small_balance_rule(deps, caller)
    set_etag(response, view.version)
    return view
