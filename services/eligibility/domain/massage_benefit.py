"""The massage benefit: what a payer answered about massage, as read from one or more 271s.

Unknown is None or `unknown`, never a guess. Amounts are cents, shares are basis points (2000 is 20%), `period` is the
code of EB06. `doubts` are our own codes for what a person should settle; they decide the next step.
"""

from dataclasses import dataclass
from datetime import date

ACTIVE, INACTIVE, UNKNOWN = "active", "inactive", "unknown"
COVERED, NOT_COVERED = "covered", "not_covered"
REQUIRED, NOT_REQUIRED = "required", "not_required"

CONTRADICTION = "contradiction"
"""Two parts of the answer exclude each other."""
NETWORK_DECIDES = "network_decides"
"""What is in network and what is out of it differ, and the coverage does not say which holds."""
ASK_THE_PAYER = "ask_the_payer"
"""EB01 = U: the payer itself wants to be asked."""
LIMIT_IN_TEXT = "limit_in_text"
"""A message speaks of visits or limits, and no element does."""
OTHER_PAYER = "other_payer"
"""EB01 = R: another payer may be first."""
OUT_OF_RANGE = "out_of_range"
"""An amount, a share or a count that cannot be."""


@dataclass(frozen=True, slots=True)
class PlanAmount:
    """A plan amount in cents: its total, what is left of it, and for which period."""

    total_cents: int | None = None
    remaining_cents: int | None = None
    period: str | None = None


@dataclass(frozen=True, slots=True)
class VisitLimit:
    """A limit in visits. Used is known only where limit and remaining are."""

    limit: int | None = None
    remaining: int | None = None
    used: int | None = None
    period: str | None = None


@dataclass(frozen=True, slots=True)
class MassageBenefit:
    """What a payer answered; `service_type` is EB03 of the answer that massage was read from."""

    active: str = UNKNOWN
    massage: str = UNKNOWN
    service_type: str | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    copay_cents: int | None = None
    coinsurance_basis_points: int | None = None
    deductible_individual: PlanAmount = PlanAmount()
    deductible_family: PlanAmount = PlanAmount()
    out_of_pocket_individual: PlanAmount = PlanAmount()
    out_of_pocket_family: PlanAmount = PlanAmount()
    visits: VisitLimit = VisitLimit()
    authorization: str = UNKNOWN
    network: str = UNKNOWN
    plan_name: str | None = None
    messages: tuple[str, ...] = ()
    doubts: frozenset[str] = frozenset()
