"""Routes of code sets: diagnoses by search words, and one diagnosis on one day."""

from typing import Annotated

from fastapi import Path, Query

from services.claims.api.parameters import Deps, Reader
from services.claims.flows.queries import diagnoses as flows
from shared.contracts.common import NO_CONTROL_MAX_LENGTH, IsoDate
from shared.contracts.rules import Diagnosis, DiagnosisCandidates
from shared.web.routes import Routes

router = Routes(prefix="/v1/codes", tags=["codes"])
On = Annotated[IsoDate | None, Query(description="the date of service that decides validity; today when absent")]
Words = Annotated[
    str,
    Query(min_length=2, max_length=100, pattern=NO_CONTROL_MAX_LENGTH, description="words, or the beginning of a code"),
]
AnyCode = Annotated[str, Path(pattern=r"^[A-Za-z0-9.]{1,10}$", description="with or without its dot")]


@router.get("/diagnoses", response_model=DiagnosisCandidates)
def search_diagnoses(
    *,
    deps: Deps,
    caller: Reader,
    q: Words,
    on: On = None,
    limit: Annotated[int, Query(ge=1, le=50, description="how many at most")] = 10,
) -> DiagnosisCandidates:
    """Diagnoses that are billable on a day, found by a therapist's words (`low back`, `whiplash`)."""
    return flows.search_diagnoses(deps, caller, q, on, limit)


@router.get("/diagnoses/{code}", response_model=Diagnosis)
def get_diagnosis(code: AnyCode, deps: Deps, caller: Reader, on: On = None) -> Diagnosis:
    """Whether a diagnosis is billable on a day, its period of validity, and which codes could be used instead."""
    return flows.get_diagnosis(deps, caller, code, on)
