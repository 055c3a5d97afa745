"""What a check came to: the payer answered, would not answer, or takes no such questions."""

ANSWERED, REJECTED, NOT_AVAILABLE = "answered", "rejected", "not_available"
