"""What the patient pays: copay, coinsurance, deductible, out-of-pocket.

Rules: copay and coinsurance are read only from the service type that answered for massage, never from the plan's rows;
deductible and out-of-pocket are the plan's where massage has none of its own; EB06 29 is what remains, 24 what was
met so far, anything else the total. Two different amounts for one thing give neither.
"""

from collections.abc import Sequence
from decimal import Decimal

from services.eligibility.domain.massage_benefit import PlanAmount
from services.eligibility.domain.reading.rows import PLAN, of_type, the_one
from shared.money import MAX_AMOUNT_CENTS
from shared.x12 import BenefitInformation

COINSURANCE, COPAY, DEDUCTIBLE, OUT_OF_POCKET = "A", "B", "C", "G"
INDIVIDUAL = frozenset({"IND", ""})
FAMILY = frozenset({"FAM"})
REMAINING, MET = "29", "24"
A_VISIT = frozenset({"", "7", "13", "27"})
"""Periods of a copay that mean one visit: none said, a day, 24 hours, a visit."""
ONE = Decimal(10_000)


def cents_of(row: BenefitInformation) -> int | None:
    """EB07 in cents, or None where it is absent or cannot be a plan amount."""
    return row.amount_cents if row.amount_cents is not None and 0 <= row.amount_cents <= MAX_AMOUNT_CENTS else None


def copay(rows: Sequence[BenefitInformation], chosen: str | None) -> tuple[int | None, bool]:
    """Cents a visit, and whether several differ."""
    if chosen is None or chosen == PLAN:
        return None, False
    found = (cents_of(r) for r in of_type(rows, chosen) if r.information == COPAY and r.time_period in A_VISIT)
    return the_one(cents for cents in found if cents is not None)


def coinsurance(rows: Sequence[BenefitInformation], chosen: str | None) -> tuple[int | None, bool]:
    """The patient's share in basis points (EB08 0.2 is 2000), and whether several differ."""
    if chosen is None or chosen == PLAN:
        return None, False
    shares = [basis_points_of(row) for row in of_type(rows, chosen) if row.information == COINSURANCE]
    return the_one(share for share in shares if share is not None)


def basis_points_of(row: BenefitInformation) -> int | None:
    """EB08 as basis points, or None where it is absent or is no share between 0 and 1 in whole basis points."""
    if row.percent is None or not row.percent.is_finite() or not 0 <= row.percent <= 1:
        return None
    points = row.percent * ONE
    return int(points) if points == points.to_integral_value() else None


def amount(
    rows: Sequence[BenefitInformation], chosen: str | None, information: str, levels: frozenset[str]
) -> tuple[PlanAmount, bool]:
    """A deductible or out-of-pocket for one coverage level, and whether its rows contradict one another."""
    # One level or the other, never both: a deductible of its own for massage beside the plan's is no contradiction.
    for service_type in (chosen, PLAN):
        wanted = [
            (row, cents)
            for row in of_type(rows, service_type or PLAN)
            if row.information == information and row.coverage_level in levels and (cents := cents_of(row)) is not None
        ]
        if wanted:
            return _amount(wanted)
    return PlanAmount(), False


def _amount(rows: Sequence[tuple[BenefitInformation, int]]) -> tuple[PlanAmount, bool]:
    total, totals_differ = the_one(cents for row, cents in rows if row.time_period not in (REMAINING, MET))
    remaining, remains_differ = the_one(cents for row, cents in rows if row.time_period == REMAINING)
    met, _ = the_one(cents for row, cents in rows if row.time_period == MET)
    periods = [row.time_period for row, cents in rows if row.time_period not in (REMAINING, MET) and cents == total]
    # Not where the payer gave two remainders: arithmetic would choose between them, and one of them is wrong.
    if remaining is None and not remains_differ and total is not None and met is not None:
        remaining = max(total - met, 0)
    # More left than there ever was: one of the two is misread or mistyped, so the remainder is not used.
    impossible = total is not None and remaining is not None and remaining > total
    amount = PlanAmount(total, None if impossible else remaining, next(iter(filter(None, periods)), None))
    return amount, totals_differ or remains_differ or impossible
