"""What is less than a payer should have allowed, by line and rule, in cents; only what is certain counts."""

from datetime import date

import pytest

from services.claims.domain.expected import PayerFees, Range
from services.claims.domain.next_payer import answer_of
from services.claims.domain.payer_responses import AdjustmentResponse, PayerResponses, PaymentResponse
from services.claims.domain.scrubber_input import ProfessionalClaim, ProfessionalServiceLine
from services.claims.domain.underpayment import UnderpaidLine, underpaid_lines


def claim(sequence="P"):
    line = ProfessionalServiceLine("97140", 2, 15_000)
    return ProfessionalClaim("clm", "pat", "thr", "pay", date(2026, 3, 2), (line,), ("M54.2",), sequence=sequence)


def paid(paid_cents, *adjustments, sign=1, paid_on=date(2026, 3, 9), digest="a"):
    cut = tuple(AdjustmentResponse(1, g, r, (), sign * c, "", meaning, "none") for g, r, c, meaning in adjustments)
    amounts = {
        "charge_cents": sign * 15_000,
        "paid_cents": sign * paid_cents,
        "paid_by_line": ((1, sign * paid_cents),),
    }
    return PaymentResponse(paid_on, digest, reversal=sign < 0, adjustments=cut, **amounts)


def found(*payments, low=12_000, cut=0, fees=None, sequence="P"):
    responses = PayerResponses(payments=payments)
    known = PayerFees({"97140": 6_000}) if fees is None else fees
    ranges = [Range(low, 12_000)], [Range(0, cut)]
    return underpaid_lines(claim(sequence), responses, answer_of(responses), *ranges, known)


CONTRACT = ("CO", "45", 4_755, "write_off")
COPAY = ("PR", "3", 2_500, "patient")
SHORT = paid(7_745, CONTRACT, COPAY)


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({}, "payer_fee"),
        ({"cut": 1}, "payer_fee_after_multiple_procedure_reduction"),
        ({"fees": PayerFees(percent_of_charge_basis_points=8_000)}, "percent_of_charge"),
    ],
)
def test_a_line_that_was_allowed_too_little_is_named_with_the_rule_that_says_so(given, rule):
    assert found(SHORT, **given) == (UnderpaidLine(1, 12_000, 10_245, rule),)
    assert found(SHORT)[0].short_cents == 1_755


DENIED = ("CO", "50", 3_000, "insurer")


@pytest.mark.parametrize(
    "payments",
    [
        pytest.param((), id="not answered"),
        pytest.param((paid(9_500, ("CO", "45", 3_000, "write_off"), COPAY),), id="to the cent"),
        pytest.param((paid(9_310, ("CO", "253", 190, "write_off"), COPAY),), id="sequestration"),
        pytest.param((paid(9_500, DENIED, COPAY, sign=1),), id="paid to the cent and the rest denied"),
        pytest.param((paid(7_745, DENIED, COPAY),), id="denied in part"),
    ],
)
def test_nothing_is_underpaid(payments):
    assert found(*payments) == ()


def test_what_a_payer_may_allow_is_not_held_against_it_and_a_later_payer_owes_no_fee():
    assert found(SHORT, low=10_245) == ()
    assert found(SHORT, low=10_246) == (UnderpaidLine(1, 10_246, 10_245, "payer_fee"),)
    assert found(SHORT, sequence="S") == ()


def test_a_denial_that_was_reversed_does_not_hide_what_was_allowed_too_little():
    denied = ("CO", "50", 15_000, "insurer")
    before = paid(0, denied, digest="b", paid_on=date(2026, 3, 1))
    back = paid(0, denied, digest="c", paid_on=date(2026, 3, 8), sign=-1)
    assert found(before, back, SHORT) == (UnderpaidLine(1, 12_000, 10_245, "payer_fee"),)
