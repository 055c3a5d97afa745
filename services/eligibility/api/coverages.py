"""Coverages, and the file of a coverage that the claims service takes as its snapshot."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from services.eligibility.api.common import Deps, Reader, RecordId, Writer, answer_put, put_responses
from services.eligibility.flows import filing, keeping
from services.eligibility.flows.kinds import COVERAGE
from shared.contracts.common import Id
from shared.contracts.eligibility import Coverage, CoverageFile, CoveragePage, CoveragePut, CoverageSearch
from shared.errors import BadRequest, Conflict, NotFound, responses
from shared.web.etags import IfMatch, set_etag
from shared.web.idempotency import OnceDepends
from shared.web.paging import After, Limit
from shared.web.routes import Routes

router = Routes(prefix="/v1/coverages", tags=["coverages"])


@router.put("/{record_id}", response_model=Coverage, responses=put_responses(Coverage))
def put_coverage(
    *, record_id: RecordId, body: CoveragePut, response: Response, deps: Deps, who: Writer, if_match: IfMatch = None
) -> Coverage:
    """Create or replace a coverage. Its patient and payer must be there; it stays its patient's."""
    put = keeping.put(deps, deps.database, who, COVERAGE, record_id, body, if_match=if_match)
    answer_put(response, put)
    return put.record


@router.post("/search", response_model=CoveragePage, responses=responses(BadRequest, Conflict))
def search_coverages(body: CoverageSearch, deps: Deps, who: Reader, work: OnceDepends) -> CoveragePage:
    """Coverages by member id. A POST, so that the member id is in no URL; ask again with a new Idempotency-Key."""
    return keeping.coverages_of_member(deps, work, who, body)


@router.get("/{record_id}", response_model=Coverage, responses=responses(NotFound))
def get_coverage(record_id: RecordId, response: Response, deps: Deps, who: Reader) -> Coverage:
    """One coverage."""
    found = keeping.get(deps, who, COVERAGE, record_id)
    set_etag(response, found.version)
    return found.record


@router.get("/{record_id}/file", response_model=CoverageFile, responses=responses(NotFound))
def get_coverage_file(record_id: RecordId, deps: Deps, who: Reader) -> CoverageFile:
    """The coverage with patient, payer, authorizations, referrals, the patient's other coverages by rank, and the
    benefit of the last check that was answered; all of one moment."""
    return filing.coverage_file(deps, who, record_id)


@router.get("", response_model=CoveragePage)
def list_coverages(
    deps: Deps,
    who: Reader,
    patient_id: Annotated[Id | None, Query(description="of this patient only")] = None,
    after: After = None,
    limit: Limit = 50,
) -> CoveragePage:
    """Coverages by id, of one patient or of all."""
    items, following = keeping.listed(deps, who, COVERAGE, {"patient_id": patient_id}, after, limit)
    return CoveragePage(items=items, next=following)
