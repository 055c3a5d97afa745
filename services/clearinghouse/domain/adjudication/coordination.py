"""What a later payer pays of a line that an earlier payer has already answered.

The earlier payer's payment and write-off are settled and come as OA-23. This payer pays at most what it would have paid
alone and at most what is still open. What is open after that is the patient's as far as this plan shares cost, and
contractual beyond; a second 45 never takes more than what is open.
"""

from services.clearinghouse.domain.outcomes import CONTRACT, OTHER, Adjustment
from services.clearinghouse.domain.submitted_claim import PriorPayment


def coordinate(
    charge_cents: int, own_payment_cents: int, own_share: tuple[Adjustment, ...], prior: PriorPayment
) -> tuple[int, tuple[Adjustment, ...]]:
    """Paid cents and all adjustments of the line; together they are exactly the charge."""
    # Other payers' figures come from outside: more than the charge, or less than nothing, would break the balance of
    # the line.
    settled = min(charge_cents, max(0, prior.settled_cents))
    open_cents = charge_cents - settled
    paid = min(own_payment_cents, open_cents)
    open_cents -= paid
    adjustments = [Adjustment(OTHER, "23", settled)] if settled else []
    for item in own_share:
        amount = min(item.amount_cents, open_cents)
        if amount:
            adjustments.append(Adjustment(item.group, item.code, amount))
            open_cents -= amount
    if open_cents:
        adjustments.insert(0, Adjustment(CONTRACT, "45", open_cents))
    return paid, tuple(adjustments)
