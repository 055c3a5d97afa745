"""A payer's decision as the timeline keeps it: what one payment denied, and what all answers in force say by then.

The timeline keeps both when the payment is posted, so that whoever looks back sees what was known on that day: a later
reversal, correction or change of fees alters nothing of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.claims.domain.next_payer import answer_of
from services.claims.domain.payer_responses import NOTHING, OPEN, AdjustmentResponse, PayerResponses, PaymentResponse
from services.claims.domain.scrubber_input import ProfessionalServiceLine
from services.claims.domain.underpayment import allowed_cents


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """One line by the payer's answers in force, in cents; `expected_cents` is None where no fee is known."""

    line_number: int
    procedure_code: str
    units: int
    charge_cents: int
    allowed_cents: int
    paid_cents: int
    denied_cents: int
    expected_cents: int | None


def denials_of(payment: PaymentResponse) -> tuple[AdjustmentResponse, ...]:
    """The adjustments that a payment denies: amounts that stay with the payer and ask for an act. A reversal denies
    nothing."""
    if payment.reversal:
        return ()
    return tuple(
        one
        for one in payment.adjustments
        if one.meaning == OPEN and one.next_action != NOTHING and one.amount_cents > 0
    )


def decided_lines(
    responses: PayerResponses, lines: Mapping[int, ProfessionalServiceLine], expected_cents: Mapping[int, int]
) -> tuple[DecidedLine, ...]:
    """The lines that the answers in force decide; none where a payer has answered its claim as a whole. `lines` and
    `expected_cents` are by line number."""
    answer = answer_of(responses)
    newest = {number: one for one in responses.payments_in_force for number, _ in one.paid_by_line}
    return tuple(
        DecidedLine(
            line_number=one.line_number,
            procedure_code=lines[one.line_number].procedure_code,
            units=lines[one.line_number].units,
            charge_cents=lines[one.line_number].charge_cents,
            allowed_cents=allowed_cents(one),
            paid_cents=one.paid_cents,
            denied_cents=_denied_cents(newest[one.line_number], one.line_number),
            expected_cents=expected_cents.get(one.line_number),
        )
        for one in (answer.lines if answer else ())
        if one.line_number in lines
    )


def _denied_cents(payment: PaymentResponse, line_number: int) -> int:
    return sum(one.amount_cents for one in denials_of(payment) if one.line_number == line_number)
