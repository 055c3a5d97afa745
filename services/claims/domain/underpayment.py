"""A payer that allowed less than it should: by line, in cents, with the rule that says what it should have allowed.

Allowed is what the payer paid and left to the patient, and what a law took from the payment (CO-253, sequestration).
A line is underpaid only by what is certain: below the least that is expected. A line of which an amount is still open
is disputed for that, not for this. Of a later payer nothing is expected.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.claims.domain.expected import PayerFees, Range
from services.claims.domain.next_payer import FIRST_PAYER, Answer, AnsweredLine
from services.claims.domain.payer_responses import OPEN, PayerResponses
from services.claims.domain.scrubber_input import ProfessionalClaim

TAKEN_BY_LAW = frozenset({("CO", "253")})
PATIENTS_GROUP = "PR"


class UnderpaymentRule(StrEnum):
    """What says how much the payer should have allowed."""

    FEE = "payer_fee"
    FEE_AFTER_REDUCTION = "payer_fee_after_multiple_procedure_reduction"
    PERCENT_OF_CHARGE = "percent_of_charge"


class UnderpaymentDecision(StrEnum):
    """What a person has done about it."""

    DISPUTED = "disputed"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class UnderpaidLine:
    """One line: what should have been allowed at the least, what was, and by which rule."""

    line_number: int
    expected_cents: int
    allowed_cents: int
    rule: str

    @property
    def short_cents(self) -> int:
        """How much less was allowed."""
        return self.expected_cents - self.allowed_cents


def underpaid_lines(
    claim: ProfessionalClaim,
    responses: PayerResponses,
    answer: Answer | None,
    expected: Sequence[Range],
    reductions: Sequence[Range],
    fees: PayerFees,
) -> tuple[UnderpaidLine, ...]:
    """The lines of a claim to a first payer that were allowed less than expected; `expected` and `reductions` are of
    its lines in order."""
    if answer is None or claim.sequence != FIRST_PAYER:
        return ()
    made = (one for payment in responses.payments_in_force for one in payment.adjustments)
    still_open = {one.line_number for one in made if one.meaning == OPEN and one.amount_cents > 0}
    places = {number: place for place, number in enumerate(claim.numbered_lines)}
    found = []
    for line in answer.lines:
        place = places.get(line.line_number)
        if place is None:
            # The payer answered for a line that a correction has taken off the claim.
            continue
        least, cut = expected[place].low_cents, reductions[place].high_cents
        allowed = allowed_cents(line)
        if allowed < least and line.line_number not in still_open:
            rule = _rule(claim.lines[place].procedure_code, cut, fees)
            found.append(UnderpaidLine(line.line_number, least, allowed, rule))
    return tuple(found)


def expected_by_line(claim: ProfessionalClaim, expected: Sequence[Range]) -> tuple[tuple[int, int], ...]:
    """(line number, cents) of the least that a first payer should allow, without lines of which nothing is known;
    `expected` is of the claim's lines in order."""
    if claim.sequence != FIRST_PAYER:
        return ()
    by_line = zip(claim.numbered_lines, expected, strict=True)
    return tuple((number, one.low_cents) for number, one in by_line if one.low_cents or not one.high_cents)


def allowed_cents(line: AnsweredLine) -> int:
    """What the payer allowed for a line."""
    counted = (
        cents for group, reason, cents in line.adjustments if group == PATIENTS_GROUP or (group, reason) in TAKEN_BY_LAW
    )
    return line.paid_cents + sum(counted)


def _rule(procedure_code: str, reduction_cents: int, fees: PayerFees) -> UnderpaymentRule:
    if procedure_code not in fees.unit_cents:
        return UnderpaymentRule.PERCENT_OF_CHARGE
    return UnderpaymentRule.FEE_AFTER_REDUCTION if reduction_cents else UnderpaymentRule.FEE
