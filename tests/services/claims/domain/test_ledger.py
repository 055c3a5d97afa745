"""Double entry: every cent of the charge is on one of four accounts, whatever is booked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.claims.domain.ledger import (
    PAID_AT_VISIT,
    Account,
    Balances,
    Entry,
    balances,
    balances_by_line,
    charge,
    move,
    paid_at_visit,
    spread,
    without_charge,
)

ACCOUNTS = st.sampled_from(list(Account))
MOVES = st.lists(st.tuples(st.integers(1, 6), ACCOUNTS, ACCOUNTS, st.integers(-50_000, 50_000)), max_size=40)


@given(MOVES)
def test_every_cent_is_on_an_account_after_any_moves(moves):
    entries = [entry for line, source, target, cents in moves for entry in move(line, source, target, cents, "test")]
    found = balances(entries)
    placed = found.paid_cents + found.written_off_cents + found.patient_cents + found.insurer_cents
    assert found.charge_cents == placed + found.patient_paid_cents + found.other_payers_cents


@given(MOVES)
def test_a_claims_amounts_are_the_sums_of_its_lines(moves):
    entries = [entry for line, source, target, cents in moves for entry in move(line, source, target, cents, "test")]
    whole, lines = balances(entries), balances_by_line(entries).values()
    assert whole.charge_cents == sum(line.charge_cents for line in lines)
    assert whole.insurer_cents == sum(line.insurer_cents for line in lines)


def test_a_negative_amount_moves_the_other_way():
    assert move(1, Account.INSURER, Account.PAID, -500, "reversal") == (
        Entry(1, Account.PAID, Account.INSURER, 500, "reversal"),
    )


def test_without_an_entry_every_account_is_empty():
    assert balances(()) == Balances() == Balances(0, 0, 0, 0, 0)


def test_a_claim_that_bills_nothing_keeps_no_share_and_no_write_off_and_all_cash_that_moved():
    money = Balances(
        10_000,
        paid_cents=-500,
        written_off_cents=3_000,
        patient_cents=-200,
        insurer_cents=7_600,
        patient_paid_cents=100,
    )
    entries = [
        *move(2, Account.CHARGES, Account.INSURER, 10_000, "charge"),
        *move(2, Account.INSURER, Account.PAID, -500, "payment"),
        *move(2, Account.INSURER, Account.WRITTEN_OFF, 3_000, "CO-45"),
        *move(2, Account.INSURER, Account.PATIENT, -100, "PR-3"),
        *move(2, Account.PATIENT, Account.PATIENT_PAID, 100, "patient_payment"),
    ]
    assert balances(entries) == money
    ended = [*entries, *without_charge(balances_by_line(entries))]
    assert balances_by_line(ended) == {2: Balances(paid_cents=-500, insurer_cents=400, patient_paid_cents=100)}
    assert without_charge(balances_by_line(ended)) == ()


def test_nothing_is_booked_for_zero():
    assert move(1, Account.INSURER, Account.PAID, 0, "payment") == ()


def test_a_charge_is_booked_once_and_later_only_its_difference():
    first = charge({1: 9000, 2: 4500}, {})
    assert balances(first).insurer_cents == 13_500
    assert charge({1: 9000, 2: 4500}, {1: 9000, 2: 4500}) == ()
    changed = charge({1: 13_500}, {1: 9000, 2: 4500})
    assert balances([*first, *changed]).charge_cents == 13_500
    assert balances_by_line([*first, *changed])[2].charge_cents == 0


def test_what_she_paid_at_the_visit_is_adjusted_to_what_she_did_pay_and_later_payments_are_left_alone():
    booked = [*paid_at_visit({1: 500, 3: 200}, ()), *move(1, Account.PATIENT, Account.PATIENT_PAID, 50, "payment")]
    assert paid_at_visit({1: 300, 2: 100}, booked) == (
        Entry(1, Account.PATIENT_PAID, Account.PATIENT, 200, PAID_AT_VISIT),
        Entry(2, Account.PATIENT, Account.PATIENT_PAID, 100, PAID_AT_VISIT),
        Entry(3, Account.PATIENT_PAID, Account.PATIENT, 200, PAID_AT_VISIT),
    )


@pytest.mark.parametrize(
    ("limits_cents", "shares"),
    [
        pytest.param({1: 300, 2: 100}, {1: 300, 2: 200}, id="what is over all limits is the last line's"),
        pytest.param({1: 700, 2: 100}, {1: 500, 2: 0}, id="the first line takes what it can"),
        pytest.param({1: -100, 2: 700}, {1: 0, 2: 500}, id="a limit below zero is none"),
    ],
)
def test_an_amount_of_the_whole_claim_is_spread_from_the_first_line_on(limits_cents, shares):
    assert spread(500, limits_cents) == shares


def test_a_visit_paid_in_part_is_explained_to_the_cent():
    entries = [
        *charge({1: 13_500}, {}),
        *move(1, Account.INSURER, Account.PAID, 7_745, "payment"),
        *move(1, Account.INSURER, Account.WRITTEN_OFF, 3_255, "CO-45"),
        *move(1, Account.INSURER, Account.PATIENT, 2_500, "PR-3"),
    ]
    found = balances(entries)
    assert (found.paid_cents, found.written_off_cents, found.patient_cents, found.insurer_cents) == (
        7_745,
        3_255,
        2_500,
        0,
    )
