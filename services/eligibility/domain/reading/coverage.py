"""Is the plan active, is massage covered, is an authorization wanted, for which side of the network?

Rules: active under 30 says nothing of massage; "not covered" under BE beats active under 30; absent is unknown, never
no; what contradicts itself is unknown.
"""

from collections.abc import Sequence
from datetime import date

from services.eligibility.domain.massage_benefit import (
    ACTIVE,
    COVERED,
    INACTIVE,
    NOT_COVERED,
    NOT_REQUIRED,
    REQUIRED,
    UNKNOWN,
)
from services.eligibility.domain.reading.rows import ACTIVE_CODES, INACTIVE_CODES, NOT_COVERED_CODE, PLAN, of_type
from shared.x12 import BenefitInformation, DatePeriod, Member

STARTS = ("346", "356", "348")
ENDS = ("347", "357", "349")
PERIODS = ("291", "307", "292")
"""DTP qualifiers: plan, eligibility, benefit; begin, end, and as a period."""


def plan_state(rows: Sequence[BenefitInformation], chosen: str | None) -> tuple[str, bool]:
    """Active, inactive or unknown, and whether the answer contradicts itself. Rows of the plan (30) decide; where
    there are none, those of the service type that was read."""
    for service_type in (PLAN, chosen):
        said = {row.information for row in of_type(rows, service_type or PLAN)}
        active, inactive = bool(said & ACTIVE_CODES), bool(said & INACTIVE_CODES)
        if active or inactive:
            return (UNKNOWN if active and inactive else ACTIVE if active else INACTIVE), active and inactive
    return UNKNOWN, False


def massage_state(rows: Sequence[BenefitInformation], chosen: str | None) -> tuple[str, bool]:
    """Covered, not covered or unknown, and whether the answer contradicts itself."""
    if chosen is None or chosen == PLAN:
        return UNKNOWN, False
    said = {row.information for row in of_type(rows, chosen)}
    yes, no = bool(said & ACTIVE_CODES), NOT_COVERED_CODE in said or bool(said & INACTIVE_CODES)
    if yes and no:
        return UNKNOWN, True
    return (COVERED if yes else NOT_COVERED if no else UNKNOWN), False


def authorization_state(rows: Sequence[BenefitInformation], chosen: str | None) -> tuple[str, bool]:
    """EB11 of the rows that massage was read from: Y required, N not required; U, both or none unknown."""
    if chosen is None or chosen == PLAN:
        return UNKNOWN, False
    said = {row.authorization for row in of_type(rows, chosen)} - {""}
    if said == {"Y"}:
        return REQUIRED, False
    if said == {"N"}:
        return NOT_REQUIRED, False
    return UNKNOWN, {"Y", "N"} <= said


def network_side(rows: Sequence[BenefitInformation], chosen: str | None) -> str:
    """EB12 of the rows that were read: in, out, both or unknown."""
    said = {row.in_network for row in of_type(rows, chosen or PLAN)} - {"", "U"}
    if "W" in said or {"Y", "N"} <= said:
        return "both"
    if said == {"Y"}:
        return "in"
    return "out" if said == {"N"} else UNKNOWN


def plan_dates(member: Member | None, rows: Sequence[BenefitInformation]) -> tuple[date | None, date | None]:
    """First and last day of the plan: as the member has them, else as the active rows do.

    A lone date under 291 is the day that was asked about, as many payers send it back; only a period counts there.
    """
    sources = [member.dates if member else ()]
    sources += [row.dates for row in of_type(rows, PLAN) if row.information in ACTIVE_CODES | INACTIVE_CODES]
    first = last = None
    for dates in sources:
        # Each end by itself: the member may carry the begin and a row the end.
        first = first or _first(dates)
        last = last or _last(dates)
    return first, last


def _first(dates: Sequence[DatePeriod]) -> date | None:
    begun = [d.start for kind in STARTS for d in dates if d.qualifier == kind and d.start]
    within = [d.start for kind in PERIODS for d in dates if d.qualifier == kind and d.start and d.end]
    # A date that is called a begin comes before the first day of a period.
    return next(iter(begun + within), None)


def _last(dates: Sequence[DatePeriod]) -> date | None:
    ended = [d.start for kind in ENDS for d in dates if d.qualifier == kind and d.start]
    within = [d.end for kind in PERIODS for d in dates if d.qualifier == kind and d.start and d.end]
    return next(iter(ended + within), None)
