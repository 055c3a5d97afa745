"""What a claim payment says of the payer after this one: whether the claim was sent on, and whose payment it is.

Source: CLP02 and NM1*TT of 005010X221A1.
"""

from shared import x12

FORWARDED = frozenset({"19", "20", "21", "23"})
CROSSOVER_CARRIER = "TT"
RANKS = {"2": 2, "20": 2, "3": 3, "21": 3}
"""CLP02 of a claim that was processed as secondary or tertiary."""
AS_LATER_PAYER = frozenset(RANKS)


def is_forwarded(payment: x12.ClaimPayment) -> bool:
    """The payer has sent the claim on to the next one: CLP02 says so, or a crossover carrier (NM1*TT) is named."""
    return payment.status in FORWARDED or any(party.entity == CROSSOVER_CARRIER for party in payment.parties)
