"""What the payer should allow for each line: its fee, a percentage, the reduction for multiple procedures, a cap.

The reduction (Medicare, and VA community care since late 2023): of all always-therapy units of the day, the one with
the highest practice expense is paid in full and every other loses half of its practice expense, across codes. Where
the practice-expense share of a code is not known, the reduction is at most half of the fee: that gives the range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.claims.domain.expected.amounts import Range, known
from services.claims.domain.scrubber_input import ProfessionalClaim, ProfessionalServiceLine
from shared.codesets import CodeSets
from shared.dates import DateRange
from shared.money import multiply, percent_of
from shared.payer_profiles import PayerProfile

HALF = 5_000


@dataclass(frozen=True, slots=True)
class PayerFees:
    """What a payer allows: cents a unit by procedure, or else a share of the charge in basis points.

    ``practice_expense_cents`` is the practice-expense part of one unit, which the reduction halves.
    """

    unit_cents: Mapping[str, int] = field(default_factory=dict)
    percent_of_charge_basis_points: int | None = None
    practice_expense_cents: Mapping[str, int] = field(default_factory=dict)


def allowed_by_line(
    claim: ProfessionalClaim, payer: PayerProfile, fees: PayerFees, codes: CodeSets
) -> tuple[list[Range], list[Range], list[str]]:
    """Allowed and reduction of each line, in order, and why a range is a range. A payer allows no more than charged."""
    reasons: list[str] = []
    full = [_full(line, payer, fees, reasons) for line in claim.lines]
    cuts = _reductions(claim, payer, fees, codes, reasons)
    allowed = [
        Range(max(0, one.low_cents - cut.high_cents), max(0, one.high_cents - cut.low_cents))
        for one, cut in zip(full, cuts, strict=True)
    ]
    return _capped(allowed, payer.daily_cap_cents, reasons), cuts, reasons


def _full(line: ProfessionalServiceLine, payer: PayerProfile, fees: PayerFees, reasons: list[str]) -> Range:
    if line.procedure_code in payer.procedures_bundled or line.procedure_code in payer.procedures_refused:
        reasons.append(f"{line.procedure_code} is not covered by this payer")
        return known(0)
    fee = fees.unit_cents.get(line.procedure_code)
    if fee is not None:
        return known(min(line.charge_cents, multiply(fee, max(line.units, 0))))
    if fees.percent_of_charge_basis_points is not None:
        return known(percent_of(line.charge_cents, fees.percent_of_charge_basis_points))
    reasons.append(f"what the payer allows for {line.procedure_code} is not known")
    return Range(0, max(line.charge_cents, 0))


def _reductions(
    claim: ProfessionalClaim, payer: PayerProfile, fees: PayerFees, codes: CodeSets, reasons: list[str]
) -> list[Range]:
    none = [known(0) for _ in claim.lines]
    begun = DateRange(payer.reduction_effective_from).holds(claim.date_of_service)
    therapy = [place for place, line in enumerate(claim.lines) if codes.procedures.always_therapy(line.procedure_code)]
    therapy = [place for place in therapy if claim.lines[place].procedure_code not in payer.procedures_bundled]
    if not payer.reduction or not begun or sum(claim.lines[place].units for place in therapy) < 2:
        return none
    shares = {place: fees.practice_expense_cents.get(claim.lines[place].procedure_code) for place in therapy}
    unknown = [claim.lines[place].procedure_code for place in therapy if shares[place] is None]
    if unknown:
        reasons.append(f"the practice-expense share of {', '.join(dict.fromkeys(unknown))} is not known")
        return [_widest(claim.lines[place], fees, place in therapy) for place in range(len(claim.lines))]
    # The first line wins a tie, so that the same claim always gives the same expectation.
    paid_whole = max(therapy, key=lambda place: (shares[place] or 0, -place))
    for place in therapy:
        reduced = claim.lines[place].units - (place == paid_whole)
        none[place] = known(percent_of(multiply(shares[place] or 0, max(reduced, 0)), HALF))
    return none


def _widest(line: ProfessionalServiceLine, fees: PayerFees, therapy: bool) -> Range:
    fee = fees.unit_cents.get(line.procedure_code, 0)
    return Range(0, percent_of(multiply(fee, max(line.units, 0)), HALF)) if therapy else known(0)


def _capped(allowed: list[Range], cap_cents: int | None, reasons: list[str]) -> list[Range]:
    if cap_cents is None:
        return allowed
    capped, low_left, high_left = [], cap_cents, cap_cents
    for one in allowed:
        low, high = min(one.low_cents, low_left), min(one.high_cents, high_left)
        low_left, high_left = low_left - low, high_left - high
        capped.append(Range(low, high))
    if capped != allowed:
        reasons.append("the payer's daily cap is reached")
    return capped
