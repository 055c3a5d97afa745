"""278 (005010X217): asking for an authorization or referral, and the reviewer's answer.

One `ReviewHeader`, then one `Review` for each patient event, with the levels above it and the services
beneath. The same record serves the request (`purpose` 13) and the response (`purpose` 11, with `decision`).
"""

import datetime

from shared.x12.model.records.parts import (
    DatePeriod,
    HealthCode,
    Part,
    Party,
    Reference,
    RequestValidation,
    Segment,
    Trace,
)

__all__ = [
    "Review",
    "ReviewDecision",
    "ReviewHeader",
    "ReviewMember",
    "ReviewRequest",
    "ReviewService",
]


class ReviewHeader(Part, frozen=True):
    """BHT of a 278: `purpose` 13 request, 11 response."""

    reference: str
    created: datetime.date
    created_time: str
    structure: str = "0007"
    purpose: str = "13"
    kind: str = ""


class ReviewRequest(Part, frozen=True):
    """UM: what is asked. `category` HS services, SC specialty care, AR admission; `certification` I
    initial, R renewal.
    """

    category: str
    certification: str = ""
    service_type: str = ""
    facility_code: str = ""
    facility_qualifier: str = ""
    related_causes: tuple[str, ...] = ()
    accident_state: str = ""
    accident_country: str = ""
    level_of_service: str = ""
    release: str = ""
    delay_reason: str = ""


class ReviewDecision(Part, frozen=True):
    """HCR: the answer. `action` A1 certified in total, A2 partly, A3 not, A4 pended, A6 modified, CT
    contact payer.
    """

    action: str
    number: str = ""
    reason: str = ""
    second_opinion: str = ""


class ReviewService(Part, frozen=True):
    """Level SS: one service asked for: procedure (SV1, SV2, SV3 kept as segments), amount by HSD, decision."""

    traces: tuple[Trace, ...] = ()
    request: ReviewRequest | None = None
    decision: ReviewDecision | None = None
    rejections: tuple[RequestValidation, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[DatePeriod, ...] = ()
    codes: tuple[HealthCode, ...] = ()
    others: tuple[Segment, ...] = ()
    messages: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()


class ReviewMember(Part, frozen=True):
    """Level 22 or 23: subscriber or dependent."""

    party: Party
    traces: tuple[Trace, ...] = ()
    diagnoses: tuple[HealthCode, ...] = ()
    others: tuple[Segment, ...] = ()


class Review(Part, frozen=True):
    """Level EV: one patient event with its services; `quantity` stays in the HSD among `others`."""

    reviewer: Party
    requester: Party | None = None
    subscriber: ReviewMember | None = None
    dependent: ReviewMember | None = None
    traces: tuple[Trace, ...] = ()
    rejections: tuple[RequestValidation, ...] = ()
    request: ReviewRequest | None = None
    decision: ReviewDecision | None = None
    references: tuple[Reference, ...] = ()
    dates: tuple[DatePeriod, ...] = ()
    diagnoses: tuple[HealthCode, ...] = ()
    others: tuple[Segment, ...] = ()
    messages: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()
    services: tuple[ReviewService, ...] = ()
