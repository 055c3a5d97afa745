"""The expected payment of a claim, before it is sent, so that an underpayment is noticed."""

from services.claims.domain.expected.allowed import PayerFees, allowed_by_line
from services.claims.domain.expected.amounts import Range
from services.claims.domain.expected.payment import Benefits, Expected, ExpectedLine, expected_payment

__all__ = ["Benefits", "Expected", "ExpectedLine", "PayerFees", "Range", "allowed_by_line", "expected_payment"]
