"""Patients, payers, authorizations and referrals: put, read, list."""

from fastapi.responses import Response

from services.eligibility.api.common import (
    Deps,
    OfCoverage,
    Reader,
    RecordId,
    Writer,
    answer_put,
    put_responses,
)
from services.eligibility.flows import keeping
from services.eligibility.flows.kinds import AUTHORIZATION, PATIENT, PAYER, REFERRAL
from shared.contracts.eligibility import (
    Authorization,
    AuthorizationPage,
    AuthorizationPut,
    Patient,
    PatientPage,
    PatientPut,
    Payer,
    PayerPage,
    PayerPut,
    Referral,
    ReferralPage,
    ReferralPut,
)
from shared.errors import NotFound, responses
from shared.web.etags import WriteCondition, set_etag
from shared.web.paging import After, Limit
from shared.web.routes import Routes

router = Routes(prefix="/v1")


@router.put("/patients/{record_id}", response_model=Patient, responses=put_responses(Patient), tags=["patients"])
def put_patient(
    *,
    record_id: RecordId,
    body: PatientPut,
    response: Response,
    deps: Deps,
    caller: Writer,
    precondition: WriteCondition,
) -> Patient:
    """Create or replace a patient. The same content again changes nothing."""
    put = keeping.put(deps, deps.database, caller, PATIENT, record_id, body, precondition=precondition)
    answer_put(response, put)
    return put.record


@router.get("/patients/{record_id}", response_model=Patient, responses=responses(NotFound), tags=["patients"])
def get_patient(record_id: RecordId, response: Response, deps: Deps, caller: Reader) -> Patient:
    """One patient."""
    found = keeping.get(deps, caller, PATIENT, record_id)
    set_etag(response, found.version)
    return found.record


@router.get("/patients", response_model=PatientPage, tags=["patients"])
def list_patients(deps: Deps, caller: Reader, after: After = None, limit: Limit = 50) -> PatientPage:
    """Patients by id."""
    items, following = keeping.listed(deps, caller, PATIENT, {}, after, limit)
    return PatientPage(items=items, next=following)


@router.put("/payers/{record_id}", response_model=Payer, responses=put_responses(Payer), tags=["payers"])
def put_payer(
    *, record_id: RecordId, body: PayerPut, response: Response, deps: Deps, caller: Writer, precondition: WriteCondition
) -> Payer:
    """Create or replace a payer with its profile."""
    put = keeping.put(deps, deps.database, caller, PAYER, record_id, body, precondition=precondition)
    answer_put(response, put)
    return put.record


@router.get("/payers/{record_id}", response_model=Payer, responses=responses(NotFound), tags=["payers"])
def get_payer(record_id: RecordId, response: Response, deps: Deps, caller: Reader) -> Payer:
    """One payer."""
    found = keeping.get(deps, caller, PAYER, record_id)
    set_etag(response, found.version)
    return found.record


@router.get("/payers", response_model=PayerPage, tags=["payers"])
def list_payers(deps: Deps, caller: Reader, after: After = None, limit: Limit = 50) -> PayerPage:
    """Payers by id."""
    items, following = keeping.listed(deps, caller, PAYER, {}, after, limit)
    return PayerPage(items=items, next=following)


@router.put(
    "/authorizations/{record_id}",
    response_model=Authorization,
    responses=put_responses(Authorization),
    tags=["authorizations"],
)
def put_authorization(
    *,
    record_id: RecordId,
    body: AuthorizationPut,
    response: Response,
    deps: Deps,
    caller: Writer,
    precondition: WriteCondition,
) -> Authorization:
    """Create or replace a payer's permission. It counts on the date of service."""
    put = keeping.put(deps, deps.database, caller, AUTHORIZATION, record_id, body, precondition=precondition)
    answer_put(response, put)
    return put.record


@router.get(
    "/authorizations/{record_id}", response_model=Authorization, responses=responses(NotFound), tags=["authorizations"]
)
def get_authorization(record_id: RecordId, response: Response, deps: Deps, caller: Reader) -> Authorization:
    """One authorization."""
    found = keeping.get(deps, caller, AUTHORIZATION, record_id)
    set_etag(response, found.version)
    return found.record


@router.get("/authorizations", response_model=AuthorizationPage, tags=["authorizations"])
def list_authorizations(
    deps: Deps, caller: Reader, coverage_id: OfCoverage = None, after: After = None, limit: Limit = 50
) -> AuthorizationPage:
    """Authorizations by id, of one coverage or of all."""
    where = {"coverage_id": coverage_id}
    items, following = keeping.listed(deps, caller, AUTHORIZATION, where, after, limit)
    return AuthorizationPage(items=items, next=following)


@router.put("/referrals/{record_id}", response_model=Referral, responses=put_responses(Referral), tags=["referrals"])
def put_referral(
    *,
    record_id: RecordId,
    body: ReferralPut,
    response: Response,
    deps: Deps,
    caller: Writer,
    precondition: WriteCondition,
) -> Referral:
    """Create or replace a referral or prescription."""
    put = keeping.put(deps, deps.database, caller, REFERRAL, record_id, body, precondition=precondition)
    answer_put(response, put)
    return put.record


@router.get("/referrals/{record_id}", response_model=Referral, responses=responses(NotFound), tags=["referrals"])
def get_referral(record_id: RecordId, response: Response, deps: Deps, caller: Reader) -> Referral:
    """One referral or prescription."""
    found = keeping.get(deps, caller, REFERRAL, record_id)
    set_etag(response, found.version)
    return found.record


@router.get("/referrals", response_model=ReferralPage, tags=["referrals"])
def list_referrals(
    deps: Deps, caller: Reader, coverage_id: OfCoverage = None, after: After = None, limit: Limit = 50
) -> ReferralPage:
    """Referrals by id, of one coverage or of all."""
    where = {"coverage_id": coverage_id}
    items, following = keeping.listed(deps, caller, REFERRAL, where, after, limit)
    return ReferralPage(items=items, next=following)
