"""How many visits: the limit, what remains of it, what is used.

Rules: limit 12 and remaining 5 is used 7; a limit without a remaining leaves the remaining unknown, never 12; only
counts of visits (VS) are read, from EB09/EB10 or from HSD; a limit a year comes before one for life; "one a day" is
no limit of the plan.
"""

from collections.abc import Sequence
from decimal import Decimal

from services.eligibility.domain.massage_benefit import VisitLimit
from services.eligibility.domain.reading.rows import of_type, the_one
from shared.x12 import BenefitInformation

LIMIT = "F"
VISITS = "VS"
REMAINING, USED, LIFETIME, LIFETIME_REMAINING = "29", "24", "32", "33"
A_YEAR = ("23", "22", "25", "21", "")
"""Calendar year, service year, contract, years, and none said."""
MAX_VISITS = 100_000


def visits(rows: Sequence[BenefitInformation], chosen: str | None) -> tuple[VisitLimit, bool]:
    """The limit of the service type that was read, and whether its rows contradict one another."""
    counts = [pair for row in of_type(rows, chosen) if row.information == LIMIT for pair in _counts(row)]
    # The year first: a lifetime limit is rarely what the next visit meets.
    for limits, remainings in ((A_YEAR, REMAINING), ((LIFETIME,), LIFETIME_REMAINING)):
        limit, limits_differ = the_one(count for period, count in counts if period in limits)
        remaining, remains_differ = the_one(count for period, count in counts if period == remainings)
        used, _ = the_one(count for period, count in counts if period == USED)
        if limit is None and remaining is None and not limits_differ and not remains_differ:
            continue
        period = next((period for period, count in counts if period in limits and count == limit and period), None)
        return _limit(limit, remaining, used, period, differ=limits_differ or remains_differ)
    return VisitLimit(), False


def _limit(
    limit: int | None, remaining: int | None, used: int | None, period: str | None, *, differ: bool
) -> tuple[VisitLimit, bool]:
    if limit is not None and remaining is not None and remaining > limit:
        return VisitLimit(limit, None, None, period), True
    if limit is not None and remaining is not None:
        used = limit - remaining
    elif limit is not None and used is not None:
        remaining = max(limit - used, 0)
    return VisitLimit(limit, remaining, used, period), differ


def _counts(row: BenefitInformation) -> list[tuple[str, int]]:
    """(period, visits) as the row counts them: in EB itself, or in its HSD segments."""
    if row.quantity is not None:
        count = _whole(row.quantity) if row.quantity_qualifier == VISITS else None
        return [] if count is None else [(row.time_period, count)]
    found = [
        (delivery.period_qualifier or row.time_period, _whole(delivery.quantity))
        for delivery in row.deliveries
        if delivery.quantity_qualifier == VISITS
    ]
    return [(period, count) for period, count in found if count is not None]


def _whole(quantity: Decimal | None) -> int | None:
    if quantity is None or not quantity.is_finite() or not 0 <= quantity <= MAX_VISITS:
        return None
    return int(quantity) if quantity == quantity.to_integral_value() else None
