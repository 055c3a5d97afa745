"""Coverages, and the file of a coverage that the claims service takes as its snapshot."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from services.eligibility.api.common import Deps, Reader, RecordId, Writer
from services.eligibility.flows import coverage_bundle, records
from services.eligibility.flows.resource_types import COVERAGE
from shared.contracts.common import Id, IsoDate
from shared.contracts.eligibility import Coverage, CoverageBundle, CoveragePage, CoveragePut, CoverageSearch
from shared.errors import NotFound, RuleBroken, responses
from shared.roles import Permission
from shared.web.etags import WriteCondition, set_etag
from shared.web.paging import After, Limit
from shared.web.persons import permitted
from shared.web.puts import put_responses, set_put_status
from shared.web.routes import Routes

router = Routes(prefix="/v1/coverages", tags=["coverages"])


@router.put("/{record_id}", response_model=Coverage, responses=put_responses(Coverage, NotFound, RuleBroken))
@permitted(Permission.RECORD_COVERAGES)
def put_coverage(
    *,
    record_id: RecordId,
    body: CoveragePut,
    response: Response,
    deps: Deps,
    caller: Writer,
    precondition: WriteCondition,
) -> Coverage:
    """Create or replace a coverage. Its patient and payer must be there; it stays its patient's."""
    result = records.put(deps, deps.database, caller, COVERAGE, record_id, body, precondition=precondition)
    set_put_status(response, result)
    return result.record


@router.post("/search", response_model=CoveragePage)
def search_coverages(body: CoverageSearch, deps: Deps, caller: Reader) -> CoveragePage:
    """Coverages by member id. A POST, so that the member id is in no URL; a read, so it takes no key."""
    return records.search_coverages(deps, caller, body)


@router.get("/{record_id}", response_model=Coverage, responses=responses(NotFound))
def get_coverage(record_id: RecordId, response: Response, deps: Deps, caller: Reader) -> Coverage:
    """One coverage."""
    found = records.read(deps, caller, COVERAGE, record_id)
    set_etag(response, found.version)
    return found


@router.get("/{record_id}/file", response_model=CoverageBundle, responses=responses(NotFound))
def get_coverage_bundle(
    record_id: RecordId,
    deps: Deps,
    caller: Reader,
    service_date: Annotated[
        IsoDate | None, Query(description="the benefit is of the newest answer that speaks of this day")
    ] = None,
) -> CoverageBundle:
    """The coverage with patient, payer, authorizations, referrals, the patient's other coverages by rank, and the
    benefit of the last check that was answered, or of the one that speaks of a day of service; all of one moment."""
    return coverage_bundle.coverage_bundle(deps, caller, record_id, service_date)


@router.get("", response_model=CoveragePage)
def list_coverages(
    deps: Deps,
    caller: Reader,
    patient_id: Annotated[Id | None, Query(description="of this patient only")] = None,
    after: After = None,
    limit: Limit = 50,
) -> CoveragePage:
    """Coverages by id, of one patient or of all."""
    items, following = records.list_records(deps, caller, COVERAGE, {"patient_id": patient_id}, after, limit)
    return CoveragePage(items=items, next=following)
