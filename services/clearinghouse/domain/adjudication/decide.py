"""One claim, adjudicated: its days in order, each with what the days before have used up.

Pure and deterministic: the same claim with the same history always comes to the same cents. Every line comes back, in
the order in which it was billed, and balances (see `outcomes`).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.clearinghouse.domain.accumulators import PastClaim, used_by
from services.clearinghouse.domain.adjudication.coordination import coordinate
from services.clearinghouse.domain.adjudication.denials import Case, Denial, denial_of
from services.clearinghouse.domain.adjudication.pricing import Price, price_lines
from services.clearinghouse.domain.adjudication.sharing import left_for, share
from services.clearinghouse.domain.outcomes import CONTRACT, OTHER, Adjustment, ClaimOutcome, LineOutcome
from services.clearinghouse.domain.payer_configuration import Member, Payer
from services.clearinghouse.domain.submitted_claim import SubmittedClaim, SubmittedLine

STATUS_BY_RESPONSIBILITY = {"P": "1", "S": "2", "T": "3"}


def adjudicate(
    payer: Payer,
    member: Member,
    claim: SubmittedClaim,
    history: tuple[PastClaim, ...],
    *,
    received_on: date,
    payer_control_number: str,
    overturned: frozenset[int] = frozenset(),
) -> ClaimOutcome:
    """Decide one claim. Every line has a date and whole units here, since the edits have let it through. The lines of
    the numbers `overturned` are not denied, whatever speaks against them."""
    used = used_by(payer, member, history)
    outcomes: dict[int, LineOutcome] = {}
    days = sorted({line.service_date for line in claim.lines if line.service_date})
    for day in days:
        case = Case(payer, payer.plan_of(member), member, claim, received_on, used, day)
        decided = _decide_day(case, [line for line in claim.lines if line.service_date == day], overturned)
        outcomes.update({line.number: line for line in decided})
        # The next day of the same claim sees what this one has used up.
        used = used.with_lines(claim, day, decided)
    status = STATUS_BY_RESPONSIBILITY.get(claim.responsibility, "1")
    ordered = tuple(outcomes[line.number] for line in claim.lines if line.number in outcomes)
    return ClaimOutcome(claim.claim_number, payer_control_number, status, ordered)


NOBODY_KNOWN = Denial(CONTRACT, "31")
"""The payer knows no such member any more."""
TAKEN_BACK_BEFORE = Denial(OTHER, "18")
"""A void whose original another correction has already taken back."""


DENIED_UNTIL_REPLACED = Denial(CONTRACT, "16", "N822")
"""What the scenario replacement_paid answers to an original: a modifier is missing."""
UNNECESSARY = Denial(CONTRACT, "50")
"""What the scenario denied_as_unnecessary answers."""
DUPLICATE = Denial(CONTRACT, "18")
"""What the scenario replacement_duplicate answers to a replacement."""


def refuse(claim: SubmittedClaim, payer_control_number: str, denial: Denial) -> ClaimOutcome:
    """Deny every line for one reason that lies outside the lines."""
    lines = tuple(_denied(line, denial) for line in claim.lines)
    return ClaimOutcome(claim.claim_number, payer_control_number, "1", lines)


def _decide_day(case: Case, lines: Sequence[SubmittedLine], overturned: frozenset[int]) -> tuple[LineOutcome, ...]:
    denials = {line.number: None if line.number in overturned else denial_of(case, line) for line in lines}
    # Only what is payable is priced: a denied line must not take the one unit that the reduction leaves whole.
    payable = tuple(line for line in lines if denials[line.number] is None)
    prices = dict(zip((line.number for line in payable), price_lines(case, payable), strict=True))
    left = left_for(case)
    decided = []
    for line in lines:
        denial = denials[line.number]
        if denial is not None:
            decided.append(_denied(line, denial))
            continue
        price = prices[line.number]
        shared, left = share(case, price.allowed_cents, left)
        decided.append(_paid(line, price, shared))
    return tuple(decided)


def _denied(line: SubmittedLine, denial: Denial) -> LineOutcome:
    reason = Adjustment(denial.group, denial.code, line.charge_cents)
    return replace(
        _outline(line),
        paid_cents=0,
        adjustments=(reason,) if line.charge_cents else (),
        remarks=(denial.remark,) if denial.remark else (),
        denied=True,
    )


def _paid(line: SubmittedLine, price: Price, shared: tuple[Adjustment, ...]) -> LineOutcome:
    own_payment = price.allowed_cents - sum(item.amount_cents for item in shared)
    if line.prior is not None:
        paid, adjustments = coordinate(line.charge_cents, own_payment, shared, line.prior)
        return replace(_outline(line), allowed_cents=price.allowed_cents, paid_cents=paid, adjustments=adjustments)
    contractual = (Adjustment(CONTRACT, "45", price.contractual_cents), Adjustment(CONTRACT, "59", price.reduced_cents))
    adjustments = tuple(item for item in contractual if item.amount_cents) + shared
    return replace(_outline(line), allowed_cents=price.allowed_cents, paid_cents=own_payment, adjustments=adjustments)


def _outline(line: SubmittedLine) -> LineOutcome:
    """The line as billed and paid in full, from which outcomes are made."""
    return LineOutcome(
        number=line.number,
        control_number=line.control_number,
        procedure_code=line.procedure_code,
        modifiers=line.modifiers,
        units=line.units or 0,
        service_date=line.service_date.isoformat() if line.service_date else "",
        charge_cents=line.charge_cents,
        allowed_cents=0,
        paid_cents=line.charge_cents,
    )
