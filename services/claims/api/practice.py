"""Routes of the practice's own data: billing provider, therapists, fee schedules."""

from fastapi.responses import Response

from services.claims.api.parameters import Deps, Reader, ThingId, Writer
from services.claims.flows.practice import records as flows
from shared.contracts.practice import FeeSchedule, FeeSchedulePut, PracticePut, PracticeRecord, Therapist, TherapistPut
from shared.errors import NotFound, RuleBroken, responses
from shared.roles import Permission
from shared.web.bodies import limited
from shared.web.etags import WriteCondition, set_etag
from shared.web.persons import permitted
from shared.web.puts import put_responses, set_put_status
from shared.web.routes import Routes

router = Routes(prefix="/v1", tags=["practice"])


@router.put("/practice", response_model=PracticeRecord, responses=put_responses(PracticeRecord, RuleBroken))
@permitted(Permission.SET_UP_BILLING)
def put_practice(
    *, body: PracticePut, response: Response, deps: Deps, caller: Writer, precondition: WriteCondition
) -> PracticeRecord:
    """The billing provider of the organization: who bills, under which NPI and tax id, from where."""
    result = flows.put_practice(deps, deps.database, caller, body, precondition)
    set_put_status(response, result)
    return result.record


@router.get("/practice", response_model=PracticeRecord, responses=responses(NotFound))
def get_practice(response: Response, deps: Deps, caller: Reader) -> PracticeRecord:
    """The billing provider."""
    view = flows.get_practice(deps, caller)
    set_etag(response, view.version)
    return view


@router.put("/therapists/{therapist_id}", response_model=Therapist, responses=put_responses(Therapist, RuleBroken))
@limited(max_values=6_000)
@permitted(Permission.SET_UP_BILLING)
def put_therapist(
    *,
    therapist_id: ThingId,
    body: TherapistPut,
    response: Response,
    deps: Deps,
    caller: Writer,
    precondition: WriteCondition,
) -> Therapist:
    """A therapist who treats and is named as rendering provider."""
    result = flows.put_therapist(deps, deps.database, caller, therapist_id, body, precondition)
    set_put_status(response, result)
    return result.record


@router.get("/therapists/{therapist_id}", response_model=Therapist, responses=responses(NotFound))
def get_therapist(therapist_id: ThingId, response: Response, deps: Deps, caller: Reader) -> Therapist:
    """One therapist."""
    view = flows.get_therapist(deps, caller, therapist_id)
    set_etag(response, view.version)
    return view


@router.put("/fee-schedules/{schedule_id}", response_model=FeeSchedule, responses=put_responses(FeeSchedule))
@limited(max_values=6_000)
@permitted(Permission.SET_UP_BILLING)
def put_fee_schedule(
    *,
    schedule_id: ThingId,
    body: FeeSchedulePut,
    response: Response,
    deps: Deps,
    caller: Writer,
    precondition: WriteCondition,
) -> FeeSchedule:
    """The practice's charges by procedure and unit, one for every payer, from a date on."""
    result = flows.put_fee_schedule(deps, deps.database, caller, schedule_id, body, precondition)
    set_put_status(response, result)
    return result.record


@router.get("/fee-schedules/{schedule_id}", response_model=FeeSchedule, responses=responses(NotFound))
def get_fee_schedule(schedule_id: ThingId, response: Response, deps: Deps, caller: Reader) -> FeeSchedule:
    """One fee schedule."""
    view = flows.get_fee_schedule(deps, caller, schedule_id)
    set_etag(response, view.version)
    return view
