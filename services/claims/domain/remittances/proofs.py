"""The three proofs of a remittance, in cents: line, claim and payment. A difference of zero is a proof that holds.

Line: SVC02 - CAS = SVC03. Claim: CLP03 - all CAS = CLP04. Payment: BPR02 = sum of CLP04 - sum of PLB. Source: the
balancing rules of 005010X221A1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.claims.domain.remittances.numbered_payments import NumberedPayment
from shared import x12


@dataclass(frozen=True, slots=True)
class PaymentProof:
    """What a remittance says it pays, what its claims and provider adjustments come to, and what is missing."""

    amount_cents: int
    payments_cents: int
    provider_adjustments_cents: int

    @property
    def difference_cents(self) -> int:
        """By how much the payment is more than it adds up to."""
        return self.amount_cents - (self.payments_cents - self.provider_adjustments_cents)


def payment_proof(
    header: x12.Remittance, payments: Sequence[NumberedPayment], adjustments: Sequence[x12.ProviderAdjustment]
) -> PaymentProof:
    """The proof of the whole."""
    return PaymentProof(
        amount_cents=header.payment_cents,
        payments_cents=sum(one.payment.paid_cents for one in payments),
        provider_adjustments_cents=sum(item.amount_cents for one in adjustments for item in one.items),
    )


def line_difference(service: x12.ServicePayment) -> int:
    """By how many cents a line was paid more than its charge less its adjustments."""
    return service.paid_cents - (service.charge_cents - adjusted(service.adjustments))


def claim_difference(payment: x12.ClaimPayment) -> int:
    """The same of a claim, over its own adjustments and those of its lines."""
    taken = adjusted(payment.adjustments) + sum(adjusted(one.adjustments) for one in payment.services)
    return payment.paid_cents - (payment.charge_cents - taken)


def payment_difference(payment: x12.ClaimPayment) -> int:
    """By how many cents a claim payment does not add up: as a claim, else on the first line that does not."""
    return claim_difference(payment) or next(filter(None, map(line_difference, payment.services)), 0)


def adjusted(adjustments: Iterable[x12.ClaimAdjustment]) -> int:
    """The sum of adjustments in cents."""
    return sum(one.amount_cents for one in adjustments)
