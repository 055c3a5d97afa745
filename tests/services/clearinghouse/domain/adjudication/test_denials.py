"""Each reason not to pay a line, and the case beside it that is paid."""

from dataclasses import replace
from datetime import date

import pytest

from services.clearinghouse.domain.accumulators import PastClaim
from services.clearinghouse.domain.payer_configuration import (
    Authorization,
    AuthorizationRule,
    CodePair,
    OtherCoverage,
    OtherPays,
)
from services.clearinghouse.domain.submitted_claim import PriorPayment
from shared.codesets.programs import Program
from tests.services.clearinghouse.factories import PAYER, claim, decide, line, reasons, with_plan


def test_a_clean_line_is_paid_to_the_fee_and_the_rest_is_contractual():
    outcome = decide(claim())
    assert (outcome.paid_cents, outcome.status) == (12000, "1")
    assert reasons(outcome) == [[("CO-45", 6000)]]


@pytest.mark.parametrize(
    ("member", "code"),
    [({"effective_from": date(2026, 4, 21)}, "26"), ({"effective_to": date(2026, 4, 19)}, "27")],
)
def test_a_service_outside_the_coverage_is_denied(member, code):
    outcome = decide(claim(), member=replace(PAYER.members[0], **member))
    assert reasons(outcome) == [[(f"CO-{code}", 18000)]]
    assert outcome.paid_cents == 0


def test_the_first_and_last_day_of_a_coverage_are_covered():
    day = date(2026, 4, 20)
    assert decide(claim(), member=replace(PAYER.members[0], effective_from=day, effective_to=day)).paid_cents == 12000


def test_a_claim_after_the_filing_limit_is_denied_and_on_its_last_day_paid():
    short = replace(PAYER, filing_limit_days=14)
    assert decide(claim(), short, received_on=date(2026, 5, 4)).paid_cents == 12000
    assert reasons(decide(claim(), short, received_on=date(2026, 5, 5))) == [[("CO-29", 18000)]]


def test_the_same_service_twice_is_a_duplicate_of_the_payers_own_group():
    past = (PastClaim(claim(), decide(claim())),)
    assert reasons(decide(claim(claim_number="K2"), history=past)) == [[("OA-18", 18000)]]
    comp = replace(PAYER, duplicate_group="CO")
    assert reasons(decide(claim(claim_number="K2"), comp, past)) == [[("CO-18", 18000)]]


def test_a_service_by_another_therapist_or_after_a_denial_is_no_duplicate():
    past = (PastClaim(claim(), decide(claim())),)
    assert decide(claim(rendering_npi="1992999999"), history=past).paid_cents == 12000
    denied = (PastClaim(claim(), decide(claim(), member=replace(PAYER.members[0], effective_to=date(2026, 1, 1)))),)
    assert decide(claim(claim_number="K2"), history=denied).paid_cents == 12000


def test_a_second_payer_waits_for_the_first():
    other = OtherCoverage("X", "Other", "Y", OtherPays.FIRST)
    member = replace(PAYER.members[0], other_coverage=other)
    assert reasons(decide(claim(), member=member)) == [[("CO-22", 18000)]]
    answered = claim(line(prior=PriorPayment(9000, 6000)), responsibility="S")
    assert decide(answered, member=member).paid_cents == 3000
    after_us = replace(PAYER.members[0], other_coverage=replace(other, pays=OtherPays.SECOND))
    assert decide(claim(), member=after_us).paid_cents == 12000


def test_a_line_without_a_diagnosis_is_denied_with_a_remark():
    outcome = decide(claim(line(diagnoses=())))
    assert reasons(outcome) == [[("CO-16", 18000)]]
    assert outcome.lines[0].remarks == ("M76",)


def test_a_plan_without_massage_leaves_97124_to_the_patient_but_never_in_comp():
    plan = with_plan(massage_covered=False)
    both = claim(line(), line("97112", 1, 2))
    assert reasons(decide(both, plan)) == [[("PR-204", 18000)], [("CO-45", 900)]]
    comp = replace(plan, program=Program.WORKERS_COMP)
    assert reasons(decide(claim(), comp)) == [[("CO-204", 18000)]]


def test_97124_with_97140_on_one_day_is_denied_even_with_59():
    both = claim(line("97140", 2, 1), line("97124", 2, 2, modifiers=("GP", "59")))
    assert reasons(decide(both)) == [[("CO-45", 2000)], [("CO-97", 9000)]]
    assert [line.remarks for line in decide(both).lines] == [(), ("M15",)]


def test_97124_is_denied_when_97140_of_that_day_came_on_an_earlier_claim():
    first = claim(line("97140", 2))
    assert reasons(decide(claim(claim_number="K2"), history=(PastClaim(first, decide(first)),))) == [[("CO-97", 18000)]]


def test_a_separable_pair_is_paid_with_59_and_denied_without():
    pair = replace(PAYER, code_pairs=(CodePair("97140", "97112", separable=True),))
    sanitize = claim(line("97140", 1, 1), line("97112", 1, 2))
    freed = claim(line("97140", 1, 1), line("97112", 1, 2, modifiers=("XS",)))
    assert reasons(decide(sanitize, pair))[1] == [("CO-97", 4500)]
    assert decide(freed, pair).lines[1].paid_cents == 3600


def test_a_code_without_a_fee_is_not_covered():
    outcome = decide(claim(line("97010", 1)))
    assert reasons(outcome) == [[("CO-96", 4500)]]
    assert outcome.lines[0].remarks == ("N130",)


def test_a_missing_gp_is_denied_where_the_payer_wants_it():
    strict = replace(PAYER, always_modifiers=(("97124", "GP"),))
    assert decide(claim(), strict).paid_cents == 12000
    assert reasons(decide(claim(line(modifiers=())), strict)) == [[("CO-4", 18000)]]


def test_a_line_is_necessary_when_one_of_its_diagnoses_is():
    plan = with_plan(covered_diagnoses=("M", "S"), uncovered_diagnoses=("M7918",))
    assert reasons(decide(claim(line(diagnoses=("F439",))), plan)) == [[("CO-50", 18000)]]
    assert reasons(decide(claim(line(diagnoses=("M7918",))), plan)) == [[("CO-50", 18000)]]
    assert decide(claim(line(diagnoses=("F439", "M542"))), plan).paid_cents == 12000


AUTHORIZATION = Authorization("A1", date(2026, 4, 1), date(2026, 4, 30), 2)


def _authorized(from_visit):
    plan = with_plan(authorization=AuthorizationRule(from_visit))
    return replace(plan, members=(replace(PAYER.members[0], authorizations=(AUTHORIZATION,)),))


@pytest.mark.parametrize("number", ["", "A2"])
def test_no_or_a_wrong_authorization_is_denied(number):
    outcome = decide(claim(authorization_number=number), _authorized(1))
    assert reasons(outcome) == [[("CO-197", 18000)]]


def test_an_authorization_counts_on_the_date_of_service():
    wants = _authorized(1)
    last = claim(line(service_date=date(2026, 4, 30)), authorization_number="A1")
    late = claim(line(service_date=date(2026, 5, 1)), authorization_number="A1")
    assert decide(last, wants).paid_cents == 12000
    assert reasons(decide(late, wants)) == [[("CO-197", 18000)]]


def test_an_authorization_is_used_up_after_its_visits():
    wants = _authorized(1)
    history = ()
    for day in (20, 21):
        billed = claim(line(service_date=date(2026, 4, day)), authorization_number="A1", claim_number=f"K{day}")
        history += (PastClaim(billed, decide(billed, wants, history)),)
    third = claim(line(service_date=date(2026, 4, 22)), authorization_number="A1")
    assert [past.outcome.paid_cents for past in history] == [12000, 12000]
    assert reasons(decide(third, wants, history)) == [[("CO-198", 18000)]]


def test_a_lines_own_authorization_counts_before_the_claims_and_is_used_up_by_itself():
    wants, day = _authorized(1), date(2026, 4, 20)
    lines = [line(number=1, service_date=day, authorization_number="A1"), line(number=2, service_date=day)]
    billed = claim(*lines, authorization_number="B9")
    outcome = decide(billed, wants)
    assert [one.paid_cents > 0 for one in outcome.lines] == [True, False]
    assert reasons(outcome)[1] == [("CO-197", 18000)]
    history = (PastClaim(billed, outcome),)
    again = claim(line(service_date=date(2026, 4, 21)), authorization_number="A1")
    assert decide(again, wants, history).paid_cents == 12000
    history += (PastClaim(again, decide(again, wants, history)),)
    third = claim(line(service_date=date(2026, 4, 22)), authorization_number="A1")
    assert reasons(decide(third, wants, history)) == [[("CO-198", 18000)]]


def test_an_authorization_from_the_third_visit_is_not_asked_for_the_second():
    wants = with_plan(authorization=AuthorizationRule(3))
    history = ()
    for day in (20, 21):
        billed = claim(line(service_date=date(2026, 4, day)))
        history += (PastClaim(billed, decide(billed, wants, history)),)
    assert [past.outcome.paid_cents for past in history] == [12000, 12000]
    assert reasons(decide(claim(line(service_date=date(2026, 4, 22))), wants, history)) == [[("CO-197", 18000)]]


def test_comp_counts_visits_over_the_whole_claim_and_others_by_year():
    wants = with_plan(authorization=AuthorizationRule(2))
    billed = claim(line(service_date=date(2025, 12, 30)))
    history = (PastClaim(billed, decide(billed, wants)),)
    assert decide(claim(), wants, history).paid_cents == 12000
    comp = replace(wants, program=Program.WORKERS_COMP)
    assert reasons(decide(claim(), comp, history)) == [[("CO-197", 18000)]]


def test_a_visit_past_the_limit_is_the_patients_and_in_comp_nobodys():
    plan = with_plan(visit_limit=3)
    used = replace(PAYER.members[0], visits_used=3)
    assert reasons(decide(claim(), plan, member=used)) == [[("PR-119", 18000)]]
    assert decide(claim(), plan, member=used).patient_cents == 18000
    assert reasons(decide(claim(), replace(plan, program=Program.VA), member=used)) == [[("CO-119", 18000)]]
    assert decide(claim(), plan, member=replace(used, visits_used=2)).paid_cents == 12000


def test_two_claims_of_one_day_are_one_visit():
    plan = with_plan(visit_limit=1)
    first = claim()
    history = (PastClaim(first, decide(first, plan)),)
    assert decide(claim(line("97112", 1)), plan, history).paid_cents == 3600
