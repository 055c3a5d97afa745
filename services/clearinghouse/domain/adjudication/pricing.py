"""What the lines of one day are worth: fees, multiple-procedure reduction, daily cap.

Rules kept here: the allowed amount is never more than the charge; of all reduced units of the day only the one with the
highest practice expense is paid whole, across lines and claims (the first of equals); the reduction is rounded half up
once on each line; a daily cap takes from the last lines first. What the fee leaves of the charge is contractual (45),
what the reduction takes is its own reason (59).
"""

from dataclasses import dataclass

from services.clearinghouse.domain.adjudication.denials import Case
from services.clearinghouse.domain.payer_configuration import Reduction
from services.clearinghouse.domain.submitted_claim import SubmittedLine
from shared.money import multiply, percent_of


@dataclass(frozen=True, slots=True)
class Price:
    """One line's worth: charge = allowed + contractual + reduced."""

    allowed_cents: int
    contractual_cents: int
    reduced_cents: int


def price_lines(case: Case, lines: tuple[SubmittedLine, ...]) -> tuple[Price, ...]:
    """A price for every line, in order. Every line has a fee and whole units here."""
    whole = _whole_line(case, lines)
    prices = tuple(_price(case, line, has_whole_unit=place == whole) for place, line in enumerate(lines))
    return _capped(case, prices)


def _whole_line(case: Case, lines: tuple[SubmittedLine, ...]) -> int | None:
    """The place of the line that holds the day's one whole unit, None when an earlier claim of the day had it."""
    reduction = case.payer.reduction
    if reduction is None:
        return None
    # The day's whole unit was paid on an earlier claim; adjudication never goes back to it, also where a dearer one
    # comes now.
    if any(reduction.expense_of(service.procedure_code) for service in case.used.on(case.day)):
        return None
    expenses = [reduction.expense_of(line.procedure_code) for line in lines]
    return expenses.index(max(expenses)) if any(expenses) else None


def _price(case: Case, line: SubmittedLine, has_whole_unit: bool) -> Price:
    units = line.units or 0
    fee = multiply(case.payer.fee_of(line.procedure_code) or 0, units)
    before = min(line.charge_cents, fee)
    taken = 0
    if case.payer.reduction:
        taken = _reduction_cents(case.payer.reduction, line.procedure_code, units - has_whole_unit)
    # A charge under the fee limits both: the reduction shows only as far as it goes below the charge.
    allowed = min(line.charge_cents, fee - taken)
    return Price(allowed, line.charge_cents - before, before - allowed)


def _reduction_cents(reduction: Reduction, procedure_code: str, units: int) -> int:
    expense = multiply(reduction.expense_of(procedure_code), max(units, 0))
    return percent_of(expense, reduction.basis_points)


def _capped(case: Case, prices: tuple[Price, ...]) -> tuple[Price, ...]:
    cap = case.payer.daily_cap_cents
    if cap is None:
        return prices
    left = max(0, cap - sum(service.line.allowed_cents for service in case.used.on(case.day)))
    capped = []
    for price in prices:
        allowed = min(price.allowed_cents, left)
        left -= allowed
        over = price.allowed_cents - allowed
        capped.append(Price(allowed, price.contractual_cents + over, price.reduced_cents))
    return tuple(capped)
