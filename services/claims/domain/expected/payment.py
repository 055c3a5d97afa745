"""From allowed amount to payment: the patient's share in the plan's order, and a range for every unknown.

Order: the deductible first (the lower of the remaining individual and family deductibles), then copay and coinsurance
in the plan's order, all capped by the remaining out-of-pocket maximum. In programs that forbid billing the patient for
accepted care, the patient owes nothing. An unknown gives a range and a reason, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.claims.domain.expected.allowed import PayerFees, allowed_by_line
from services.claims.domain.expected.amounts import Range, known, total
from services.claims.domain.scrubber_input import ProfessionalClaim
from shared.codesets import CodeSets
from shared.codesets.programs import NEVER_PATIENT
from shared.money import percent_of
from shared.payer_profiles import PayerProfile

WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Benefits:
    """The plan's amounts for this visit, from the benefit record. None is unknown; 0 is nothing.

    ``has_*`` say whether a deductible or maximum exists at all: a plan may have no family deductible.
    """

    copay_cents: int | None = None
    coinsurance_basis_points: int | None = None
    deductible_left_cents: int | None = None
    family_deductible_left_cents: int | None = None
    out_of_pocket_left_cents: int | None = None
    family_out_of_pocket_left_cents: int | None = None
    has_family: bool = False
    copay_first: bool = True
    """True when the copay comes before coinsurance, and coinsurance is of what is left after it."""


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """One line: what should be allowed after the reduction, and how much the reduction takes."""

    procedure_code: str
    allowed: Range
    reduction: Range


@dataclass(frozen=True, slots=True)
class Expected:
    """The whole claim. ``payer`` and ``patient`` add up to ``allowed`` wherever all are exact."""

    lines: tuple[ExpectedLine, ...]
    allowed: Range
    patient: Range
    payer: Range
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _CostSharing:
    """The plan's amounts with every unknown replaced by a bound."""

    deductible_cents: int
    copay_cents: int
    coinsurance_basis_points: int
    cap_cents: int | None
    copay_first: bool


def expected_payment(
    claim: ProfessionalClaim, payer: PayerProfile, fees: PayerFees, benefits: Benefits, codes: CodeSets
) -> Expected:
    """What the payer should pay and the patient owe, as ranges with reasons."""
    allowed, cuts, reasons = allowed_by_line(claim, payer, fees, codes)
    whole = total(allowed)
    if payer.program in NEVER_PATIENT:
        patient, paid = known(0), whole
    else:
        least, most = _lowest_cost_sharing(benefits), _highest_cost_sharing(benefits, whole.high_cents)
        low, high = _patient_share(allowed, least, low=True), _patient_share(allowed, most, low=False)
        patient = Range(low, max(low, high))
        # The least that can be paid: the least that is allowed, with the most cost sharing. The most is the other way
        # round.
        paid_low = whole.low_cents - _patient_share(allowed, most, low=True)
        paid = Range(paid_low, max(paid_low, whole.high_cents - _patient_share(allowed, least, low=False)))
        reasons += _unknowns(benefits)
    lines = tuple(
        ExpectedLine(line.procedure_code, one, cut) for line, one, cut in zip(claim.lines, allowed, cuts, strict=True)
    )
    return Expected(lines, whole, patient, paid, tuple(dict.fromkeys(reasons)))


def _lower(one: int | None, family: int | None, has_family: bool) -> int | None:
    """The lower of the remaining individual and family amounts; None if one that matters is unknown."""
    if not has_family:
        return one
    if one == 0 or family == 0:
        return 0
    return None if one is None or family is None else min(one, family)


def _lowest_cost_sharing(benefits: Benefits) -> _CostSharing:
    """The plan's amounts with every unknown in the patient's favor."""
    deductible = _lower(benefits.deductible_left_cents, benefits.family_deductible_left_cents, benefits.has_family)
    cap = _lower(benefits.out_of_pocket_left_cents, benefits.family_out_of_pocket_left_cents, benefits.has_family)
    return _CostSharing(
        deductible or 0,
        benefits.copay_cents or 0,
        benefits.coinsurance_basis_points or 0,
        0 if cap is None else cap,
        benefits.copay_first,
    )


def _highest_cost_sharing(benefits: Benefits, allowed_cents: int) -> _CostSharing:
    """The plan's amounts with every unknown against the patient."""
    known_left = [benefits.deductible_left_cents]
    caps = [benefits.out_of_pocket_left_cents]
    if benefits.has_family:
        known_left.append(benefits.family_deductible_left_cents)
        caps.append(benefits.family_out_of_pocket_left_cents)
    lefts = [left for left in known_left if left is not None]
    bounds = [cap for cap in caps if cap is not None]
    return _CostSharing(
        min(lefts) if lefts else allowed_cents,
        allowed_cents if benefits.copay_cents is None else benefits.copay_cents,
        WHOLE if benefits.coinsurance_basis_points is None else benefits.coinsurance_basis_points,
        min(bounds) if bounds else None,
        benefits.copay_first,
    )


def _patient_share(allowed: list[Range], sharing: _CostSharing, *, low: bool) -> int:
    """The patient's share in cents; percentages are rounded on each line."""
    owed, deductible, copay = 0, sharing.deductible_cents, sharing.copay_cents
    for one in allowed:
        left = one.low_cents if low else one.high_cents
        taken = min(left, deductible)
        deductible, left, owed = deductible - taken, left - taken, owed + taken
        if sharing.copay_first:
            taken = min(left, copay)
            copay, left, owed = copay - taken, left - taken, owed + taken
        share = percent_of(left, sharing.coinsurance_basis_points)
        left, owed = left - share, owed + share
        if not sharing.copay_first:
            taken = min(left, copay)
            copay, owed = copay - taken, owed + taken
    return owed if sharing.cap_cents is None else min(owed, sharing.cap_cents)


def _unknowns(benefits: Benefits) -> list[str]:
    asked = [
        (benefits.deductible_left_cents, "what is left of the deductible is not known"),
        (benefits.copay_cents, "the copay is not known"),
        (benefits.coinsurance_basis_points, "the coinsurance is not known"),
        (benefits.out_of_pocket_left_cents, "what is left of the out-of-pocket maximum is not known"),
    ]
    if benefits.has_family:
        asked.append((benefits.family_deductible_left_cents, "what is left of the family deductible is not known"))
        asked.append((benefits.family_out_of_pocket_left_cents, "what is left of the family's maximum is not known"))
    return [reason for amount, reason in asked if amount is None]
