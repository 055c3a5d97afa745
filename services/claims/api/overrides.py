"""Route of overrides: a named person takes responsibility for one finding of a claim."""

from services.claims.api.parameters import Deps, ThingId, Writer
from services.claims.flows.claim import override_finding as flows
from shared.contracts.claims import Claim
from shared.contracts.rules import OverrideCreate
from shared.errors import BadRequest, Conflict, NotFound, RuleBroken, responses
from shared.roles import Permission
from shared.web.idempotency import UnitOfWorkDep
from shared.web.persons import permitted
from shared.web.routes import Routes

router = Routes(prefix="/v1/claims", tags=["claims"])


@router.post(
    "/{claim_id}/overrides",
    response_model=Claim,
    status_code=201,
    responses=responses(BadRequest, NotFound, RuleBroken, Conflict),
)
@permitted(Permission.OVERRIDE_FINDINGS)
def override_finding(
    claim_id: ThingId, body: OverrideCreate, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Claim:
    """Acknowledge a warning, or override a block whose rule allows it. It holds while the finding reads the same."""
    return flows.override_finding(deps, unit_of_work, caller, claim_id, body)
