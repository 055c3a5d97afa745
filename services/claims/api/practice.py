"""Routes of the practice's own data: billing provider, therapists, fee schedules."""

from fastapi.responses import Response

from services.claims.api.parameters import Deps, Reader, ThingId, Writer
from services.claims.flows.practice import records as flows
from shared.contracts.claims import (
    FeeSchedule,
    FeeSchedulePut,
    Practice,
    PracticePut,
    Therapist,
    TherapistPut,
)
from shared.errors import Conflict, NotFound, PreconditionFailed, responses
from shared.web.etags import WriteCondition, set_etag
from shared.web.routes import Routes

router = Routes(prefix="/v1", tags=["practice"])
PUT = responses(Conflict, PreconditionFailed)


@router.put("/practice", response_model=Practice, responses=PUT)
def put_practice(
    *, body: PracticePut, response: Response, deps: Deps, caller: Writer, precondition: WriteCondition
) -> Practice:
    """The billing provider of the organization: who bills, under which NPI and tax id, from where."""
    view = flows.put_practice(deps, deps.database, caller, body, precondition)
    set_etag(response, view.version)
    return view


@router.get("/practice", response_model=Practice, responses=responses(NotFound))
def get_practice(response: Response, deps: Deps, caller: Reader) -> Practice:
    """The billing provider."""
    view = flows.get_practice(deps, caller)
    set_etag(response, view.version)
    return view


@router.put("/therapists/{therapist_id}", response_model=Therapist, responses=PUT)
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
    view = flows.put_therapist(deps, deps.database, caller, therapist_id, body, precondition)
    set_etag(response, view.version)
    return view


@router.get("/therapists/{therapist_id}", response_model=Therapist, responses=responses(NotFound))
def get_therapist(therapist_id: ThingId, response: Response, deps: Deps, caller: Reader) -> Therapist:
    """One therapist."""
    view = flows.get_therapist(deps, caller, therapist_id)
    set_etag(response, view.version)
    return view


@router.put("/fee-schedules/{schedule_id}", response_model=FeeSchedule, responses=PUT)
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
    view = flows.put_fee_schedule(deps, deps.database, caller, schedule_id, body, precondition)
    set_etag(response, view.version)
    return view


@router.get("/fee-schedules/{schedule_id}", response_model=FeeSchedule, responses=responses(NotFound))
def get_fee_schedule(schedule_id: ThingId, response: Response, deps: Deps, caller: Reader) -> FeeSchedule:
    """One fee schedule."""
    view = flows.get_fee_schedule(deps, caller, schedule_id)
    set_etag(response, view.version)
    return view
