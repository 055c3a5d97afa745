"""Interest that a payer owes on a bill which it has not paid in the days that the law gives it.

For each whole month after those days, rounded half up, and at least the least for a month: so the amount is the least
that is due. Source: the profile's.
"""

from dataclasses import dataclass
from datetime import date

from shared.dates import add_days, add_months
from shared.money import percent_of
from shared.payer_profiles import LatePaymentInterest, PayerProfile


@dataclass(frozen=True, slots=True)
class InterestDue:
    """Interest of at least `amount_cents` for `months` whole months from the day after `overdue_from`."""

    amount_cents: int
    months: int
    overdue_from: date
    source: str


def interest_due(profile: PayerProfile, open_cents: int, received_on: date | None, today: date) -> InterestDue | None:
    """None where no law of the profile gives any, where nothing is open, or where no month has passed yet."""
    rule = next(iter(profile.interest), None)
    if rule is None or received_on is None or open_cents <= 0:
        return None
    start = add_days(received_on, rule.after_days)
    months = _whole_months(start, today)
    return InterestDue(_cents(rule, open_cents) * months, months, start, rule.source) if months else None


def _cents(rule: LatePaymentInterest, open_cents: int) -> int:
    return max(rule.monthly_minimum_cents, percent_of(open_cents, rule.monthly_basis_points))


def _whole_months(start: date, today: date) -> int:
    months = max(0, (today.year - start.year) * 12 + today.month - start.month)
    return months if add_months(start, months) <= today else max(0, months - 1)
