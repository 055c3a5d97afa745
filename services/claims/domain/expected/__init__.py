"""What a claim should pay, before it is sent: so that a lower payment is seen, and an expected one is no surprise."""

from services.claims.domain.expected.allowed import PayerFees, allowed_by_line
from services.claims.domain.expected.amounts import Range
from services.claims.domain.expected.payment import Benefits, Expected, ExpectedLine, expected_payment

__all__ = ["Benefits", "Expected", "ExpectedLine", "PayerFees", "Range", "allowed_by_line", "expected_payment"]
