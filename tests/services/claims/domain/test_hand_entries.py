"""What a person enters, by line: no account gives more than it has, and what a contract forbids reaches no patient."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.claims.domain.hand_entries import (
    PATIENT_PAYMENT,
    TRANSFER,
    EntryRefused,
    HandEntry,
    contractual_cents,
    hand_entries,
    reaches_patient,
    reversal_of,
)
from services.claims.domain.ledger import Account, Balances, Entry, balances, balances_by_line, charge, move
from services.claims.domain.payer_responses import AdjustmentResponse, PayerResponses, PaymentResponse

A = Account
LINES = {
    1: Balances(10_000, paid_cents=7_000, patient_cents=-500, insurer_cents=3_500),
    2: Balances(5_000, patient_cents=2_000, insurer_cents=3_000),
}


def payment(cents, line_number=None):
    return HandEntry(A.PATIENT, A.PATIENT_PAID, cents, PATIENT_PAYMENT, line_number)


@pytest.mark.parametrize(
    ("entry", "moved"),
    [
        pytest.param(payment(2_000), [(2, 2_000)], id="the line on which she owes"),
        pytest.param(payment(2_100), [(1, 100), (2, 2_000)], id="what she pays ahead is on the first line"),
        pytest.param(payment(300, 1), [(1, 300)], id="the line that is named"),
        pytest.param(HandEntry(A.INSURER, A.WRITTEN_OFF, 4_000, "courtesy"), [(1, 3_500), (2, 500)], id="in order"),
        pytest.param(HandEntry(A.INSURER, A.WRITTEN_OFF, 6_500, "courtesy"), [(1, 3_500), (2, 3_000)], id="all"),
    ],
)
def test_an_amount_goes_to_the_lines_that_have_it(entry, moved):
    assert hand_entries(entry, LINES) == tuple(
        Entry(number, entry.source, entry.target, cents, entry.reason) for number, cents in moved
    )


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (HandEntry(A.INSURER, A.WRITTEN_OFF, 6_501, "courtesy"), "amount_beyond_balance"),
        (HandEntry(A.INSURER, A.WRITTEN_OFF, 3_001, "courtesy", 2), "amount_beyond_balance"),
        (HandEntry(A.PATIENT, A.WRITTEN_OFF, 1_501, "hardship"), "amount_beyond_balance"),
        (payment(1, 3), "line_missing"),
    ],
)
def test_an_account_gives_no_more_than_it_has(entry, code):
    refused = hand_entries(entry, LINES)
    assert isinstance(refused, EntryRefused)
    assert refused.code == code


def answered(*adjustments):
    made = tuple(AdjustmentResponse(1, g, "97", (), cents, "", meaning, "review") for g, cents, meaning in adjustments)
    return PayerResponses(payments=(PaymentResponse(date(2026, 3, 9), "a", 10_000, 0, adjustments=made),))


CONTRACTUAL = answered(("CO", 2_500, "insurer"), ("CO", 900, "write_off"), ("OA", 1_000, "insurer"))
HELD_BACK = contractual_cents(CONTRACTUAL)


@pytest.mark.parametrize(
    ("cents", "program", "code"),
    [
        (1_000, "commercial", None),
        (1_001, "commercial", "contractual_amount"),
        (1, "workers_comp", "patient_never_billed"),
        (1, "va", "patient_never_billed"),
    ],
)
def test_what_is_contractual_or_of_a_program_that_spares_her_is_never_the_patients(cents, program, code):
    refused = reaches_patient(HandEntry(A.INSURER, A.PATIENT, cents, TRANSFER, 1), program, LINES, HELD_BACK)
    assert (refused and refused.code) == code
    assert reaches_patient(HandEntry(A.PATIENT, A.INSURER, 9_000, TRANSFER), program, LINES, HELD_BACK) is None
    assert reaches_patient(HandEntry(A.PATIENT_PAID, A.PATIENT, 9_000, "refund"), program, LINES, HELD_BACK) is None


@pytest.mark.parametrize(
    ("cents", "line", "moved"),
    [
        pytest.param(4_000, None, [(1, 1_000), (2, 3_000)], id="of each line what is not contractual"),
        pytest.param(4_001, None, "contractual_amount", id="and no more"),
        pytest.param(3_000, 2, [(2, 3_000)], id="a line without any"),
        pytest.param(1_001, 1, "contractual_amount", id="what is free on another line frees nothing on this one"),
        pytest.param(1, 3, "line_missing", id="no line"),
    ],
)
def test_what_is_contractual_on_a_line_stays_on_it(cents, line, moved):
    entry = HandEntry(A.INSURER, A.PATIENT, cents, TRANSFER, line)
    made = reaches_patient(entry, "commercial", LINES, HELD_BACK) or hand_entries(entry, LINES, HELD_BACK)
    found = made.code if isinstance(made, EntryRefused) else [(one.line_number, one.amount_cents) for one in made]
    assert found == moved


def test_a_reversal_of_what_was_contractual_frees_it_and_more_frees_no_other_amount():
    back = answered(("CO", 2_500, "insurer"), ("CO", -3_000, "insurer"))
    assert (contractual_cents(CONTRACTUAL), contractual_cents(back)) == ({1: 2_500}, {1: 0})


MOVES = st.tuples(
    st.sampled_from([A.PATIENT, A.INSURER, A.PATIENT_PAID, A.PAID]),
    st.sampled_from([A.PATIENT, A.INSURER, A.WRITTEN_OFF, A.PATIENT_PAID]),
    st.integers(1, 20_000),
    st.sampled_from([None, 1, 2]),
)


@given(st.lists(MOVES, max_size=12))
def test_whatever_is_entered_and_reversed_every_cent_of_the_charge_stays_on_an_account(moves):
    ledger = [*charge({1: 10_000, 2: 5_000}, {}), *move(1, A.INSURER, A.PAID, 7_000, "payment")]
    for source, target, cents, line in moves:
        before = balances_by_line(ledger)
        made = hand_entries(HandEntry(source, target, cents, PATIENT_PAYMENT, line), before)
        assert not isinstance(made, EntryRefused)
        ledger += made
        money = balances(ledger)
        held = (money.paid_cents, money.patient_cents, money.insurer_cents, money.written_off_cents)
        assert sum(held) + money.patient_paid_cents == money.charge_cents == 15_000
        back = reversal_of(made)
        assert balances_by_line([*ledger, *back]) == before
        assert reversal_of([*made, *back]) == ()
