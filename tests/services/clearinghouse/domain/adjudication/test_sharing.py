"""Deductible, copay, coinsurance and the out-of-pocket maximum, within a claim and across claims."""

from dataclasses import replace
from datetime import date

import pytest

from services.clearinghouse.domain.accumulators import PastClaim
from services.clearinghouse.domain.payer_configuration import Sharing
from services.clearinghouse.domain.submitted_claim import PriorPayment
from shared.codesets.programs import Program
from tests.services.clearinghouse.factories import PAYER, claim, decide, line, reasons, with_plan


def test_a_copay_comes_before_coinsurance_of_the_rest():
    """120.00 - 25.00 = 95.00; 20 % = 19.00; paid 76.00."""
    outcome = decide(claim(), with_plan(copay_cents=2500, coinsurance_basis_points=2000))
    assert reasons(outcome) == [[("CO-45", 6000), ("PR-3", 2500), ("PR-2", 1900)]]
    assert (outcome.paid_cents, outcome.patient_cents) == (7600, 4400)


def test_a_plan_may_take_coinsurance_before_the_copay():
    order = (Sharing.DEDUCTIBLE, Sharing.COINSURANCE, Sharing.COPAY)
    outcome = decide(claim(), with_plan(copay_cents=2500, coinsurance_basis_points=2000, cost_sharing=order))
    assert reasons(outcome) == [[("CO-45", 6000), ("PR-2", 2400), ("PR-3", 2500)]]


def test_coinsurance_is_rounded_half_up_on_each_line():
    plan = replace(with_plan(coinsurance_basis_points=1500), fees=(("97112", 3310), ("97140", 3310)))
    outcome = decide(claim(line("97112", 1, 1), line("97140", 1, 2)), plan)
    assert [entry[1] for entry in reasons(outcome)] == [("PR-2", 497), ("PR-2", 497)]


def test_a_copay_is_taken_once_a_visit_and_goes_on_to_the_next_line():
    plan = with_plan(copay_cents=5000)
    outcome = decide(claim(line("97140", 1, 1), line("97112", 1, 2)), plan)
    assert [entry[1] for entry in reasons(outcome)] == [("PR-3", 3500), ("PR-3", 1500)]
    later = decide(claim(line("97530", 1)), replace(plan, fees=(("97530", 4000),)), (PastClaim(claim(), outcome),))
    assert later.patient_cents == 0


def test_a_deductible_runs_on_across_claims_until_it_is_met():
    plan = with_plan(deductible_cents=150000, coinsurance_basis_points=2000)
    member = replace(PAYER.members[0], deductible_met_cents=130000)
    first = claim()
    outcome = decide(first, plan, member=member)
    assert reasons(outcome) == [[("CO-45", 6000), ("PR-1", 12000)]]
    second = claim(line(service_date=date(2026, 4, 21)))
    after = decide(second, plan, (PastClaim(first, outcome),), member=member)
    assert reasons(after) == [[("CO-45", 6000), ("PR-1", 8000), ("PR-2", 800)]]
    assert after.paid_cents == 3200


def test_a_new_year_begins_a_new_deductible():
    plan = with_plan(deductible_cents=5000)
    member = replace(PAYER.members[0], deductible_met_cents=5000)
    assert decide(claim(), plan, member=member).patient_cents == 0
    assert decide(claim(line(service_date=date(2027, 1, 2))), plan, member=member).patient_cents == 5000


def test_the_out_of_pocket_maximum_ends_all_sharing():
    plan = with_plan(copay_cents=2500, coinsurance_basis_points=2000, out_of_pocket_cents=100000)
    member = replace(PAYER.members[0], out_of_pocket_met_cents=97000)
    assert reasons(decide(claim(), plan, member=member)) == [[("CO-45", 6000), ("PR-3", 2500), ("PR-2", 500)]]
    done = replace(member, out_of_pocket_met_cents=100000)
    assert decide(claim(), plan, member=done).patient_cents == 0


def test_a_new_year_begins_a_new_out_of_pocket_maximum_of_its_full_amount():
    plan = with_plan(copay_cents=2500, coinsurance_basis_points=2000, out_of_pocket_cents=2600)
    member = replace(PAYER.members[0], out_of_pocket_met_cents=2600)
    assert decide(claim(), plan, member=member).patient_cents == 0
    next_year = decide(claim(line(service_date=date(2027, 1, 2))), plan, member=member)
    assert reasons(next_year) == [[("CO-45", 6000), ("PR-3", 2500), ("PR-2", 100)]]


@pytest.mark.parametrize("program", [Program.WORKERS_COMP, Program.VA])
def test_comp_and_va_never_bill_the_patient(program):
    plan = replace(with_plan(copay_cents=2500, deductible_cents=99999), program=program)
    assert (decide(claim(), plan).patient_cents, decide(claim(), plan).paid_cents) == (0, 12000)


def test_a_second_payer_pays_what_is_open_but_never_more_than_its_own_benefit():
    """Charge 180: first paid 71.20, wrote off 66.00, 42.80 open. Own benefit 84.00 > 42.80, so all of it is paid."""
    secondary = claim(line(prior=PriorPayment(7120, 6600)), responsibility="S")
    outcome = decide(secondary, with_plan(coinsurance_basis_points=3000))
    assert (outcome.paid_cents, outcome.status) == (4280, "2")
    assert reasons(outcome) == [[("OA-23", 13720)]]


def test_a_second_payer_leaves_its_own_share_to_the_patient_and_writes_off_the_rest():
    """Open 150.00; own benefit 120 - 90 deductible = 30.00; open 120.00: 90.00 the patient's, 30.00 contractual."""
    secondary = claim(line(prior=PriorPayment(1000, 2000)), responsibility="S")
    outcome = decide(secondary, with_plan(deductible_cents=9000))
    assert outcome.paid_cents == 3000
    assert reasons(outcome) == [[("CO-45", 3000), ("OA-23", 3000), ("PR-1", 9000)]]


def test_a_first_payer_that_paid_everything_leaves_nothing():
    outcome = decide(claim(line(prior=PriorPayment(18000, 0)), responsibility="T"))
    assert (outcome.paid_cents, outcome.status, reasons(outcome)) == (0, "3", [[("OA-23", 18000)]])
