"""The sums of one transaction."""

from shared.x12.model.records.parts import Part


class Totals(Part, frozen=True, kw_only=True):
    """Sums over one transaction, in cents: what was charged, what was paid, and the payment in the header."""

    records: int = 0
    segments: int = 0
    charge_cents: int = 0
    paid_cents: int = 0
    provider_adjustment_cents: int = 0
    payment_cents: int | None = None
