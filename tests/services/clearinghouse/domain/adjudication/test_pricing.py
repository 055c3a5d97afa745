"""Fees, reduction and cap: what a line is worth before anybody shares it."""

from dataclasses import replace
from datetime import date

from services.clearinghouse.domain.accumulators import PastClaim
from services.clearinghouse.domain.payer_configuration import Reduction
from shared.codesets.programs import Program
from tests.services.clearinghouse.factories import PAYER, claim, decide, line, reasons

REDUCTION = Reduction(5000, (("97112", 1501), ("97124", 1422), ("97140", 1286)))


def test_the_allowed_amount_is_never_more_than_the_charge():
    outcome = decide(claim(line(charge_cents=10000)))
    assert (outcome.paid_cents, reasons(outcome)) == (10000, [[]])


def test_every_unit_but_the_one_with_the_highest_expense_loses_half_of_it():
    """97112 15.01 is the highest: one of its two units is whole. 15.01/2 = 7.505 -> 7.51; 2 x 12.86/2 = 12.86."""
    reduced = replace(PAYER, reduction=REDUCTION)
    outcome = decide(claim(line("97140", 2, 1), line("97112", 2, 2)), reduced)
    assert reasons(outcome) == [[("CO-45", 2000), ("CO-59", 1286)], [("CO-45", 1800), ("CO-59", 751)]]
    assert [item.paid_cents for item in outcome.lines] == [7000 - 1286, 7200 - 751]


def test_four_units_of_massage_lose_three_halves_of_the_expense():
    """3 x 14.22 / 2 = 21.33; 120.00 - 21.33 = 98.67."""
    outcome = decide(claim(), replace(PAYER, reduction=REDUCTION))
    assert (outcome.paid_cents, reasons(outcome)) == (9867, [[("CO-45", 6000), ("CO-59", 2133)]])


def test_a_second_claim_of_the_day_has_no_whole_unit():
    reduced = replace(PAYER, reduction=REDUCTION)
    first = claim(line("97140", 1))
    history = (PastClaim(first, decide(first, reduced)),)
    assert history[0].outcome.paid_cents == 3500
    assert decide(claim(line("97112", 1)), reduced, history).paid_cents == 3600 - 751


def test_a_reduction_below_the_charge_takes_nothing_twice():
    outcome = decide(claim(line(charge_cents=10000)), replace(PAYER, reduction=REDUCTION))
    assert reasons(outcome) == [[("CO-59", 133)]]
    assert outcome.paid_cents == 9867


def test_a_code_without_expense_is_not_reduced():
    only = replace(PAYER, reduction=Reduction(5000, (("97140", 1286),)))
    assert decide(claim(line("97112", 4)), only).paid_cents == 14400


def test_a_daily_cap_takes_from_the_last_line_and_counts_earlier_claims():
    capped = replace(PAYER, daily_cap_cents=15000)
    both = claim(line("97112", 2, 1), line("97140", 3, 2))
    outcome = decide(both, capped)
    assert [item.paid_cents for item in outcome.lines] == [7200, 7800]
    assert reasons(outcome)[1] == [("CO-45", 3000 + 2700)]
    later = decide(claim(line("97124", 1)), replace(capped, code_pairs=()), (PastClaim(both, outcome),))
    assert reasons(later) == [[("CO-45", 4500)]]


def test_two_days_on_one_claim_are_priced_apart():
    reduced = replace(PAYER, reduction=REDUCTION, program=Program.VA)
    two = claim(line("97140", 1, 1), line("97140", 1, 2, service_date=date(2026, 4, 21)))
    assert [item.paid_cents for item in decide(two, reduced).lines] == [3500, 3500]
