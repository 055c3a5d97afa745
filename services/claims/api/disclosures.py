"""The route of the accounting of disclosures, for whoever answers a patient that asks for it."""

from typing import Annotated

from fastapi import Depends

from services.claims.api.parameters import Deps, ThingId
from services.claims.flows import disclosures as flows
from shared.contracts.disclosures import DisclosurePage
from shared.security.caller import Caller
from shared.web.auth import requires_itself
from shared.web.paging import After, Limit
from shared.web.routes import Routes

router = Routes(prefix="/v1/patients", tags=["disclosures"])
Auditor = Annotated[Caller, Depends(requires_itself("audit:read"))]


@router.get("/{patient_id}/disclosures", response_model=DisclosurePage)
def list_disclosures(
    patient_id: ThingId, deps: Deps, caller: Auditor, after: After = None, limit: Limit = 100
) -> DisclosurePage:
    """The accounting of disclosures that a patient may ask for (45 CFR 164.528): each claim that left in the last six
    years, with date, recipient, what it said and why, oldest first. Questions to payers (270) are in the eligibility
    service's audit trail: `GET /v1/audit-entries?patient_id=` there."""
    return flows.list_disclosures(deps, caller, patient_id, after=after, limit=limit)
