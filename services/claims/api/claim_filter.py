"""The query parameters that narrow a list of claims."""

from typing import Annotated

from fastapi import Query

from services.claims.domain.lifecycle import Outcome
from services.claims.store.claim_filter import ClaimFilter
from shared.contracts.claims import ClaimStateName
from shared.contracts.common import Id, IsoDate
from shared.dates import DateRange

ClaimState = Annotated[list[ClaimStateName], Query(max_length=8, description="in one of these states, by whomever")]
NextAction = Annotated[str | None, Query(max_length=40, pattern=r"^[a-z_]+$", description="with this next action")]
From = Annotated[IsoDate | None, Query(description="first date of service")]
To = Annotated[IsoDate | None, Query(description="last date of service")]


def claim_filter(
    *,
    state: ClaimState = [],  # noqa: B006  (FastAPI copies it)
    payer_id: Annotated[Id | None, Query()] = None,
    patient_id: Annotated[Id | None, Query()] = None,
    therapist_id: Annotated[Id | None, Query()] = None,
    note_id: Annotated[Id | None, Query()] = None,
    outcome: Annotated[Outcome | None, Query(description="what adjudication came to")] = None,
    next_action: NextAction = None,
    date_of_service_from: From = None,
    date_of_service_to: To = None,
) -> ClaimFilter:
    """The filter that a request's query asks for."""
    return ClaimFilter(
        states=tuple(state),
        payer_id=payer_id,
        patient_id=patient_id,
        therapist_id=therapist_id,
        note_id=note_id,
        outcome=outcome,
        next_action=next_action,
        dates_of_service=DateRange(date_of_service_from, date_of_service_to),
    )
