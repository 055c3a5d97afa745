"""What the patient bears of an allowed amount: deductible, copay, coinsurance, in the plan's order.

Rules kept here: a copay is taken once a visit, from the first line that can bear it and the rest from the next; the
deductible and the out-of-pocket maximum run on across lines; coinsurance is a percentage of what the earlier steps
left, rounded half up on each line; nothing is shared in a program that never bills patients.
"""

from dataclasses import dataclass, replace

from services.clearinghouse.domain.accumulators import COINSURANCE, COPAY, DEDUCTIBLE
from services.clearinghouse.domain.adjudication.denials import Case
from services.clearinghouse.domain.outcomes import PATIENT, Adjustment
from services.clearinghouse.domain.payer_configuration import Plan, Sharing
from shared.money import percent_of

CODES = {Sharing.DEDUCTIBLE: DEDUCTIBLE, Sharing.COPAY: COPAY, Sharing.COINSURANCE: COINSURANCE}


@dataclass(frozen=True, slots=True)
class Left:
    """What can still be asked of the patient; None means without end."""

    deductible_cents: int
    copay_cents: int
    out_of_pocket_cents: int | None


def left_for(case: Case) -> Left:
    """What is left to ask at the start of the day."""
    plan, used, day = case.plan, case.used, case.day
    maximum = plan.out_of_pocket_cents
    return Left(
        deductible_cents=max(0, plan.deductible_cents - used.deductible_met_cents(day)),
        copay_cents=max(0, plan.copay_cents - used.copay_taken_cents(day)),
        out_of_pocket_cents=None if maximum is None else max(0, maximum - used.out_of_pocket_met_cents(day)),
    )


def share(case: Case, allowed_cents: int, left: Left) -> tuple[tuple[Adjustment, ...], Left]:
    """The patient's adjustments of one line, and what is left to ask of the next."""
    if not case.payer.bills_patients:
        return (), left
    taken: list[Adjustment] = []
    remaining = allowed_cents
    for step in case.plan.cost_sharing:
        amount = min(_wanted(step, case.plan, remaining, left), remaining)
        if left.out_of_pocket_cents is not None:
            # The maximum limits every step, the copay and the deductible too.
            amount = min(amount, left.out_of_pocket_cents)
        if amount:
            taken.append(Adjustment(PATIENT, CODES[step], amount))
            left = _less(step, left, amount)
            remaining -= amount
    return tuple(taken), left


def _wanted(step: Sharing, plan: Plan, remaining_cents: int, left: Left) -> int:
    if step is Sharing.DEDUCTIBLE:
        return left.deductible_cents
    if step is Sharing.COPAY:
        return left.copay_cents
    return percent_of(remaining_cents, plan.coinsurance_basis_points)


def _less(step: Sharing, left: Left, amount_cents: int) -> Left:
    if left.out_of_pocket_cents is not None:
        left = replace(left, out_of_pocket_cents=left.out_of_pocket_cents - amount_cents)
    if step is Sharing.DEDUCTIBLE:
        return replace(left, deductible_cents=left.deductible_cents - amount_cents)
    if step is Sharing.COPAY:
        return replace(left, copay_cents=left.copay_cents - amount_cents)
    return left
