"""Routes of payers' allowed amounts."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from services.claims.api.parameters import Deps, Reader, ThingId, Writer
from services.claims.flows.practice import payer_fees as flows
from shared.contracts.common import IsoDate
from shared.contracts.rules import PayerFees, PayerFeesPut
from shared.errors import NotFound, responses
from shared.roles import Permission
from shared.web.bodies import limited
from shared.web.etags import WriteCondition, set_etag
from shared.web.persons import permitted
from shared.web.puts import put_responses, set_put_status
from shared.web.routes import Routes

router = Routes(prefix="/v1/payer-fees", tags=["practice"])


@router.put("/{payer_id}", response_model=PayerFees, responses=put_responses(PayerFees))
@limited(max_values=6_000)
@permitted(Permission.SET_UP_BILLING)
def put_payer_fees(
    *,
    payer_id: ThingId,
    body: PayerFeesPut,
    response: Response,
    deps: Deps,
    caller: Writer,
    precondition: WriteCondition,
) -> PayerFees:
    """What a payer allows by contract, from a date on: the expected payment of a claim is calculated from it."""
    result = flows.put_payer_fees(deps, deps.database, caller, payer_id, body, precondition)
    set_put_status(response, result)
    return result.record


@router.get("/{payer_id}", response_model=PayerFees, responses=responses(NotFound))
def get_payer_fees(
    payer_id: ThingId,
    response: Response,
    deps: Deps,
    caller: Reader,
    on: Annotated[IsoDate | None, Query(description="in force on this day; today when absent")] = None,
) -> PayerFees:
    """What a payer allows on a day."""
    view = flows.get_payer_fees(deps, caller, payer_id, on)
    set_etag(response, view.version)
    return view
