"""One next action a claim, with owner, date and rule, in the order of urgency."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.claims.domain.ledger import Balances
from services.claims.domain.lifecycle import ClaimState, Outcome
from services.claims.domain.next_action import Situation
from services.claims.domain.next_action_progress import Done, Progress
from services.claims.domain.worked_action import next_action
from shared.payer_profiles import DisputeWindow, PayerProfile

TODAY = date(2026, 5, 4)
PROFILE = PayerProfile(
    timely_filing_days=90,
    follow_up_days=(14, 30),
    disputes=(DisputeWindow("appeal", 180), DisputeWindow("reconsideration", 65)),
)
OPEN = Balances(charge_cents=13_500, insurer_cents=13_500)
BASE = Situation(
    today=TODAY,
    state=ClaimState.READY,
    outcome=Outcome.NONE,
    profile=PROFILE,
    date_of_service=date(2026, 4, 20),
    money=OPEN,
)


def found(**changes):
    return next_action(replace(BASE, **changes))


def test_an_unsigned_note_is_the_therapists_today():
    action = found(state=ClaimState.BLOCKED, stopping=("diagnosis_not_valid", "note_unsigned"))
    assert (action.kind, action.owner, action.due_on) == ("sign_note", "therapist", TODAY)


def test_a_block_names_its_rule_and_how_many_more_there_are():
    action = found(state=ClaimState.BLOCKED, stopping=("pair_never_together", "coverage_not_active"))
    assert (action.kind, action.rule) == ("fix_claim", "pair_never_together")
    assert "and 1 more" in action.reason


def test_mending_is_never_due_after_the_filing_limit():
    late = found(state=ClaimState.BLOCKED, stopping=("x",), date_of_service=TODAY - timedelta(days=89))
    assert late.due_on == TODAY + timedelta(days=1)
    past = found(state=ClaimState.BLOCKED, stopping=("x",), date_of_service=TODAY - timedelta(days=200))
    assert past.due_on == TODAY


def test_a_clean_claim_is_submitted_today():
    assert (found().kind, found().due_on) == ("submit", TODAY)


def test_a_submitted_claim_waits_for_its_file_and_then_for_the_acknowledgement():
    assert found(state=ClaimState.SUBMITTED).kind == "send"
    waiting = found(state=ClaimState.SUBMITTED, in_file=True, submitted_on=TODAY)
    assert (waiting.kind, waiting.due_on) == ("await_acknowledgement", TODAY + timedelta(days=1))


def test_a_silent_clearinghouse_is_asked():
    silent = found(state=ClaimState.SUBMITTED, in_file=True, submitted_on=TODAY - timedelta(days=2))
    assert (silent.kind, silent.owner, silent.due_on) == ("check_file_status", "biller", TODAY)


def test_a_silent_payer_is_asked_for_its_acceptance():
    waiting = found(state=ClaimState.ACCEPTED_BY_CLEARINGHOUSE, accepted_on=TODAY)
    assert (waiting.kind, waiting.due_on) == ("await_payer", TODAY + timedelta(days=3))
    assert (
        found(state=ClaimState.ACCEPTED_BY_CLEARINGHOUSE, accepted_on=TODAY - timedelta(days=4)).kind
        == "check_claim_status"
    )


@pytest.mark.parametrize(("days_ago", "due"), [(0, 14), (14, 0), (15, 15), (30, 0)])
def test_after_acceptance_the_follow_up_is_at_14_days_and_then_at_30(days_ago, due):
    action = found(state=ClaimState.ACCEPTED_BY_PAYER, accepted_on=TODAY - timedelta(days=days_ago))
    assert (action.kind, action.due_on) == ("await_remittance", TODAY + timedelta(days=due))


def test_after_30_days_of_silence_a_person_asks_the_payer():
    assert (
        found(state=ClaimState.ACCEPTED_BY_PAYER, accepted_on=TODAY - timedelta(days=31)).kind == "check_claim_status"
    )


@pytest.mark.parametrize(
    ("overdue_days", "days_ago", "expected"),
    [
        (30, 30, ("await_remittance", TODAY, "payer_follow_up")),
        (30, 31, ("check_claim_status", TODAY, "payment_overdue")),
        (60, 31, ("await_remittance", TODAY + timedelta(days=29), "payer_follow_up")),
        (60, 60, ("await_remittance", TODAY, "payer_follow_up")),
        (60, 61, ("check_claim_status", TODAY, "payment_overdue")),
        (20, 15, ("await_remittance", TODAY + timedelta(days=5), "payer_follow_up")),
        (20, 21, ("check_claim_status", TODAY, "payment_overdue")),
        (None, 31, ("check_claim_status", TODAY, "payer_silent")),
    ],
)
def test_a_payment_is_overdue_the_day_after_the_payers_last_day_to_pay(overdue_days, days_ago, expected):
    profile = PayerProfile(follow_up_days=(14, 30), payment_overdue_days=overdue_days)
    accepted_on = TODAY - timedelta(days=days_ago)
    action = found(state=ClaimState.ACCEPTED_BY_PAYER, accepted_on=accepted_on, profile=profile)
    assert (action.kind, action.due_on, action.rule) == expected
    if action.rule == "payment_overdue":
        assert action.reason == (
            f"The {overdue_days} days that the payer has to pay have passed; ask for the payment and its interest."
        )


def test_a_rejection_is_mended_and_sent_as_new_and_says_what_was_wrong():
    action = found(state=ClaimState.REJECTED_BY_PAYER, rejection="Rejected by the payer.")
    assert (action.kind, action.reason) == ("fix_and_resubmit", "Rejected by the payer.")


def test_an_appeal_is_taken_up_in_two_weeks_and_names_the_payers_window():
    action = found(state=ClaimState.ADJUDICATED, outcome=Outcome.DENIED, wanted=("appeal",), remitted_on=TODAY)
    assert (action.kind, action.due_on) == ("appeal", TODAY + timedelta(days=14))
    assert str(TODAY + timedelta(days=180)) in action.reason


def test_an_appeal_that_was_reported_before_appeals_were_kept_is_asked_for_again():
    denied = {"state": ClaimState.ADJUDICATED, "outcome": Outcome.DENIED, "wanted": ("appeal",), "remitted_on": TODAY}
    reported = Done("appeal", "adjustment_appeal", "appeal", TODAY, TODAY + timedelta(days=14), answers=0)
    assert found(**denied, progress=Progress(done=reported)) == found(**denied)


def test_an_appeal_is_never_due_after_its_window_closes():
    short = replace(PROFILE, disputes=(DisputeWindow("appeal", 10),))
    action = found(
        state=ClaimState.ADJUDICATED, outcome=Outcome.DENIED, wanted=("appeal",), remitted_on=TODAY, profile=short
    )
    assert action.due_on == TODAY + timedelta(days=10)


def test_what_the_insurer_holds_comes_before_the_next_payer_and_the_patient():
    money = Balances(charge_cents=10_000, paid_cents=4_000, patient_cents=2_000, insurer_cents=4_000)
    action = found(state=ClaimState.ADJUDICATED, outcome=Outcome.PARTLY_PAID, money=money, wanted=("correct_claim",))
    assert action.kind == "correct_claim"


def test_the_secondary_payer_is_billed_before_the_patient():
    money = Balances(charge_cents=10_000, paid_cents=8_000, patient_cents=2_000)
    assert found(state=ClaimState.ADJUDICATED, money=money, secondary_payer_waits=True).kind == "bill_secondary"
    assert found(state=ClaimState.ADJUDICATED, money=money).kind == "bill_patient"


def test_nothing_is_left_to_do_when_every_cent_is_accounted_for():
    money = Balances(charge_cents=10_000, paid_cents=8_000, written_off_cents=2_000)
    assert (
        found(state=ClaimState.ADJUDICATED, outcome=Outcome.PAID, money=money, secondary_payer_waits=True).kind
        == "none"
    )


def test_more_accounted_for_than_charged_goes_to_a_person():
    money = Balances(charge_cents=10_000, paid_cents=12_000, insurer_cents=-2_000)
    assert found(state=ClaimState.ADJUDICATED, money=money).rule == "overpaid"


def test_a_reversed_claim_goes_to_a_person():
    assert found(state=ClaimState.ADJUDICATED, outcome=Outcome.REVERSED).rule == "reversal"


@given(
    st.sampled_from(list(ClaimState)),
    st.sampled_from(list(Outcome)),
    st.integers(0, 400),
    st.integers(-5_000, 5_000),
    st.integers(0, 5_000),
)
def test_every_claim_has_one_next_action_with_a_date(state, outcome, days, insurer, patient):
    day = TODAY - timedelta(days=days)
    money = Balances(charge_cents=insurer + patient, insurer_cents=insurer, patient_cents=patient)
    action = found(state=state, outcome=outcome, submitted_on=day, accepted_on=day, remitted_on=day, money=money)
    assert action.kind and action.owner and action.rule and action.reason
    assert isinstance(action.due_on, date)


def test_a_void_that_the_payer_answers_without_taking_anything_back_is_asked_about():
    waits = found(state=ClaimState.ADJUDICATED, void=True, remitted_on=TODAY)
    assert (waits.kind, waits.rule, waits.due_on) == ("check_claim_status", "void_unanswered", TODAY + timedelta(14))
    late = found(state=ClaimState.ADJUDICATED, void=True, remitted_on=TODAY - timedelta(30))
    assert late.due_on == TODAY
    assert found(state=ClaimState.VOIDED, void=True).kind == "none"


def test_a_new_submission_is_withdrawn_when_the_payer_has_decided_the_one_before():
    for state in (ClaimState.BLOCKED, ClaimState.HELD, ClaimState.READY):
        action = found(state=state, decided_meanwhile=True)
        assert (action.kind, action.rule, action.due_on) == ("review", "decided_meanwhile", TODAY)
    assert found(state=ClaimState.SUBMITTED, decided_meanwhile=True).rule != "decided_meanwhile"
