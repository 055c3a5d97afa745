"""Patients, payers, authorizations and referrals: put, read, list."""

from fastapi.responses import Response

from services.eligibility.api.common import (
    Deps,
    OfCoverage,
    Reader,
    RecordId,
    Writer,
)
from services.eligibility.flows import profiles, records
from services.eligibility.flows.resource_types import AUTHORIZATION, PATIENT, PAYER, REFERRAL
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
from shared.contracts.payer_profiles import RuleProfilePage
from shared.errors import NotFound, RuleBroken, responses
from shared.roles import Permission
from shared.web.etags import WriteCondition, set_etag
from shared.web.paging import After, Limit
from shared.web.persons import permitted
from shared.web.puts import put_responses, set_put_status
from shared.web.routes import Routes

router = Routes(prefix="/v1")


@router.put(
    "/patients/{record_id}",
    response_model=Patient,
    responses=put_responses(Patient, NotFound, RuleBroken),
    tags=["patients"],
)
@permitted(Permission.RECORD_COVERAGES)
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
    result = records.put(deps, deps.database, caller, PATIENT, record_id, body, precondition=precondition)
    set_put_status(response, result)
    return result.record


@router.get("/patients/{record_id}", response_model=Patient, responses=responses(NotFound), tags=["patients"])
def get_patient(record_id: RecordId, response: Response, deps: Deps, caller: Reader) -> Patient:
    """One patient."""
    found = records.read(deps, caller, PATIENT, record_id)
    set_etag(response, found.version)
    return found


@router.get("/patients", response_model=PatientPage, tags=["patients"])
def list_patients(deps: Deps, caller: Reader, after: After = None, limit: Limit = 50) -> PatientPage:
    """Patients by id."""
    items, following = records.list_records(deps, caller, PATIENT, {}, after, limit)
    return PatientPage(items=items, next=following)


@router.put(
    "/payers/{record_id}", response_model=Payer, responses=put_responses(Payer, NotFound, RuleBroken), tags=["payers"]
)
@permitted(Permission.SET_UP_BILLING)
def put_payer(
    *, record_id: RecordId, body: PayerPut, response: Response, deps: Deps, caller: Writer, precondition: WriteCondition
) -> Payer:
    """Create or replace a payer with its profile."""
    result = records.put(deps, deps.database, caller, PAYER, record_id, body, precondition=precondition)
    set_put_status(response, result)
    return result.record


@router.get("/payers/{record_id}", response_model=Payer, responses=responses(NotFound), tags=["payers"])
def get_payer(record_id: RecordId, response: Response, deps: Deps, caller: Reader) -> Payer:
    """One payer."""
    found = records.read(deps, caller, PAYER, record_id)
    set_etag(response, found.version)
    return found


@router.get("/payers", response_model=PayerPage, tags=["payers"])
def list_payers(deps: Deps, caller: Reader, after: After = None, limit: Limit = 50) -> PayerPage:
    """Payers by id."""
    items, following = records.list_records(deps, caller, PAYER, {}, after, limit)
    return PayerPage(items=items, next=following)


@router.get("/profiles", response_model=RuleProfilePage, tags=["payers"])
def list_profiles(_caller: Reader, after: After = None, limit: Limit = 50) -> RuleProfilePage:
    """What a payer's `profile` may name, by name. They come with Handbill and are the same for every organization."""
    return profiles.list_profiles(after=after, limit=limit)


@router.put(
    "/authorizations/{record_id}",
    response_model=Authorization,
    responses=put_responses(Authorization, NotFound, RuleBroken),
    tags=["authorizations"],
)
@permitted(Permission.RECORD_COVERAGES)
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
    result = records.put(deps, deps.database, caller, AUTHORIZATION, record_id, body, precondition=precondition)
    set_put_status(response, result)
    return result.record


@router.get(
    "/authorizations/{record_id}", response_model=Authorization, responses=responses(NotFound), tags=["authorizations"]
)
def get_authorization(record_id: RecordId, response: Response, deps: Deps, caller: Reader) -> Authorization:
    """One authorization."""
    found = records.read(deps, caller, AUTHORIZATION, record_id)
    set_etag(response, found.version)
    return found


@router.get("/authorizations", response_model=AuthorizationPage, tags=["authorizations"])
def list_authorizations(
    deps: Deps, caller: Reader, coverage_id: OfCoverage = None, after: After = None, limit: Limit = 50
) -> AuthorizationPage:
    """Authorizations by id, of one coverage or of all."""
    where = {"coverage_id": coverage_id}
    items, following = records.list_records(deps, caller, AUTHORIZATION, where, after, limit)
    return AuthorizationPage(items=items, next=following)


@router.put(
    "/referrals/{record_id}",
    response_model=Referral,
    responses=put_responses(Referral, NotFound, RuleBroken),
    tags=["referrals"],
)
@permitted(Permission.RECORD_COVERAGES)
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
    result = records.put(deps, deps.database, caller, REFERRAL, record_id, body, precondition=precondition)
    set_put_status(response, result)
    return result.record


@router.get("/referrals/{record_id}", response_model=Referral, responses=responses(NotFound), tags=["referrals"])
def get_referral(record_id: RecordId, response: Response, deps: Deps, caller: Reader) -> Referral:
    """One referral or prescription."""
    found = records.read(deps, caller, REFERRAL, record_id)
    set_etag(response, found.version)
    return found


@router.get("/referrals", response_model=ReferralPage, tags=["referrals"])
def list_referrals(
    deps: Deps, caller: Reader, coverage_id: OfCoverage = None, after: After = None, limit: Limit = 50
) -> ReferralPage:
    """Referrals by id, of one coverage or of all."""
    where = {"coverage_id": coverage_id}
    items, following = records.list_records(deps, caller, REFERRAL, where, after, limit)
    return ReferralPage(items=items, next=following)
