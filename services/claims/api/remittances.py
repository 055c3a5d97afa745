"""Routes of remittances: what payers paid, whole, and what a person decides about payments that wait."""

from typing import Annotated

from fastapi import Path, Query

from services.claims.api.parameters import Deps, OfPayer, Reader, ThingId, Writer
from services.claims.domain.remittances.payment_states import RemittanceState
from services.claims.flows.remittances import decide_payment as deciding
from services.claims.flows.remittances import list_remittances as queries
from services.claims.flows.remittances import receive_remittance as receiving
from services.claims.flows.remittances import unmatch_payment as unmatching
from shared.contracts.claims import Claim
from shared.contracts.common import NO_CONTROL_MAX_LENGTH
from shared.contracts.remittances import (
    MAX_REMITTANCE_CHARACTERS,
    PaymentDecision,
    PaymentMatch,
    PaymentSuggestions,
    RemittanceDetail,
    RemittancePage,
    RemittancePayment,
    RemittanceReceipt,
    RemittanceSummary,
    RemittanceUpload,
    TypedRemittance,
)
from shared.errors import BadRequest, Conflict, NotFound, RuleBroken, responses
from shared.roles import Permission
from shared.web.bodies import limited
from shared.web.idempotency import UnitOfWorkDep
from shared.web.paging import After, Limit
from shared.web.persons import permitted
from shared.web.routes import Routes

router = Routes(prefix="/v1", tags=["remittances"])
POST = responses(BadRequest, NotFound, RuleBroken, Conflict)
Number = Annotated[int, Path(ge=1, le=100_000, description="number of the claim payment in its remittance, from 1")]
Trace = Annotated[
    str | None,
    Query(max_length=50, pattern=NO_CONTROL_MAX_LENGTH, description="only with this number of check or transfer"),
]


@router.get("/remittances", response_model=RemittancePage)
def list_remittances(
    *,
    deps: Deps,
    caller: Reader,
    state: Annotated[RemittanceState | None, Query(description="only in this state")] = None,
    payer: OfPayer = None,
    trace: Trace = None,
    after: After = None,
    limit: Limit = 50,
) -> RemittancePage:
    """What payers paid (835), in the order of its coming; `state=waiting` lists what a person has to decide."""
    return queries.list_remittances(deps, caller, state=state, payer=payer, trace=trace, after=after, limit=limit)


@router.post(
    "/remittances", response_model=RemittanceReceipt, status_code=202, responses=responses(BadRequest, Conflict)
)
@limited(max_body_bytes=MAX_REMITTANCE_CHARACTERS + 10_000, max_values=1_000, cost=5)
@permitted(Permission.POST_PAYMENTS)
def upload_remittance(
    body: RemittanceUpload, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> RemittanceReceipt:
    """Upload an 835 from anywhere. It is stored before the answer and posted within seconds, like one from the
    clearinghouse; one that is here already is said to be."""
    return receiving.upload_remittance(deps, unit_of_work, caller, body)


@router.post("/remittances/typed", response_model=RemittanceReceipt, status_code=202, responses=POST)
@permitted(Permission.POST_PAYMENTS)
def type_remittance(
    body: TypedRemittance, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> RemittanceReceipt:
    """Type a paper EOB. What does not add up is refused with each difference in cents (409); else it is posted like any
    other remittance."""
    return receiving.type_remittance(deps, unit_of_work, caller, body)


@router.get("/remittances/{remittance_id}", response_model=RemittanceDetail, responses=responses(NotFound))
def get_remittance(
    remittance_id: ThingId, deps: Deps, caller: Reader, after: After = None, limit: Limit = 200
) -> RemittanceDetail:
    """A remittance whole: payer, trace, claims, lines, adjustments, proofs to the cent, and what each payment did. Of
    more than `limit` payments the others follow `after` the cursor."""
    return queries.get_remittance(deps, caller, remittance_id, after=after, limit=limit)


@router.get(
    "/remittances/{remittance_id}/payments/{payment_number}/suggestions",
    response_model=PaymentSuggestions,
    responses=responses(NotFound),
)
def suggest_claims(remittance_id: ThingId, payment_number: Number, deps: Deps, caller: Reader) -> PaymentSuggestions:
    """The claims that a payment may be for, by member, name, date of service and charge."""
    return queries.suggest_claims(deps, caller, remittance_id, payment_number)


@router.post(
    "/remittances/{remittance_id}/payments/{payment_number}/match", response_model=RemittancePayment, responses=POST
)
@permitted(Permission.POST_PAYMENTS)
def match_payment(
    remittance_id: ThingId,
    payment_number: Number,
    body: PaymentMatch,
    deps: Deps,
    caller: Writer,
    unit_of_work: UnitOfWorkDep,
) -> RemittancePayment:
    """Post a payment that waits, or was set aside, to the claim that a person names."""
    return deciding.match_payment(deps, unit_of_work, caller, remittance_id, payment_number, body)


@router.post(
    "/remittances/{remittance_id}/payments/{payment_number}/set-aside",
    response_model=RemittancePayment,
    responses=POST,
)
@permitted(Permission.POST_PAYMENTS)
def set_aside_payment(
    remittance_id: ThingId,
    payment_number: Number,
    body: PaymentDecision,
    deps: Deps,
    caller: Writer,
    unit_of_work: UnitOfWorkDep,
) -> RemittancePayment:
    """A payment that waits is not to be posted; it is kept, and may still be matched."""
    return deciding.set_aside_payment(deps, unit_of_work, caller, remittance_id, payment_number, body)


@router.post(
    "/remittances/{remittance_id}/payments/{payment_number}/unmatch",
    response_model=RemittancePayment,
    responses=POST,
)
@permitted(Permission.POST_PAYMENTS)
def unmatch_payment(
    remittance_id: ThingId,
    payment_number: Number,
    body: PaymentDecision,
    deps: Deps,
    caller: Writer,
    unit_of_work: UnitOfWorkDep,
) -> RemittancePayment:
    """Take back that a payment was posted to a claim, or set aside: every cent is where it was, and the payment waits
    again. Refused where something rests on it by now; `errors` say what to take back first."""
    return unmatching.unmatch_payment(deps, unit_of_work, caller, remittance_id, payment_number, body)


@router.post("/remittances/{remittance_id}/set-aside", response_model=RemittanceSummary, responses=POST)
@permitted(Permission.POST_PAYMENTS)
def set_aside_remittance(
    remittance_id: ThingId, body: PaymentDecision, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> RemittanceSummary:
    """Set aside every payment of a remittance that waits."""
    return deciding.set_aside_remittance(deps, unit_of_work, caller, remittance_id, body)


@router.post("/claims/{claim_id}/post-waiting-payments", response_model=Claim, responses=POST)
@permitted(Permission.POST_PAYMENTS)
def post_waiting_payments(
    claim_id: ThingId, body: PaymentDecision, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Claim:
    """Post every payment that waits for a claim, as it is: those of a remittance out of balance, or that came before
    the claim was submitted. All of them or none."""
    return deciding.post_waiting_payments(deps, unit_of_work, caller, claim_id, body)
