"""What was told of a claim is a set: any order and any repetition says the same."""

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.claims.domain.payer_responses import AdjustmentResponse, PayerResponses, PaymentResponse

DAY = date(2026, 3, 4)


def adjustment(cents, reason="197", action="appeal", meaning="insurer"):
    return AdjustmentResponse(1, "CO", reason, (), cents, "a label", meaning, action)


def payment(digest, paid=0, *adjustments, day=DAY, reversal=False, forwarded=False, number=""):
    sign = -1 if reversal else 1
    return PaymentResponse(day, digest, sign * 10_000, sign * paid, reversal, forwarded, number, adjustments)


FIRST = payment("a", 6_000, adjustment(4_000), number="OLD")
UNDONE = payment("b", 6_000, adjustment(-4_000), reversal=True)
DENIED = payment("c", 0, adjustment(10_000, "16", "correct_claim"), day=date(2026, 3, 9), number="NEW")


def told(payments):
    found = PayerResponses()
    for one in payments:
        found = found.with_payment(one)
    return found


@pytest.mark.parametrize("order", list(permutations((FIRST, UNDONE, DENIED))))
def test_payment_reversal_and_correction_say_the_same_in_any_order(order):
    found = told(order)
    assert found == told((FIRST, UNDONE, DENIED))
    assert (found.payments_in_force, found.wanted, found.reversed) == ((DENIED,), ("correct_claim",), False)
    assert (found.payer_claim_number, found.remitted_on) == ("NEW", date(2026, 3, 9))


def test_a_reversal_alone_or_after_its_payment_leaves_nothing_standing():
    assert told((FIRST, UNDONE)).reversed
    assert told((UNDONE,)).reversed
    assert not told((FIRST, UNDONE, payment("d", 6_000))).reversed
    assert not PayerResponses().reversed


def test_a_reversal_takes_back_one_payment_of_its_amounts_and_no_other():
    same = payment("d", 6_000)
    assert len(told((FIRST, same, UNDONE)).payments_in_force) == 1
    assert told((payment("e", 5_000), UNDONE)).payments_in_force == (payment("e", 5_000),)


def test_a_reversal_takes_back_the_payment_whose_adjustments_it_turns_round_before_another_of_its_amounts():
    """Two denials of one amount differ in nothing but their reasons and the payer's numbers."""
    appealed = payment("a", 0, adjustment(10_000, "50"), number="ONE")
    fixed = payment("b", 0, adjustment(10_000, "16", "correct_claim"), number="TWO")
    again = payment("c", 0, adjustment(10_000, "16", "correct_claim"), day=date(2026, 3, 9), number="NEW")
    back = payment("d", 0, adjustment(-10_000, "16", "correct_claim"), day=date(2026, 3, 20), reversal=True)
    renumbered = replace(back, payer_claim_number="TWO")
    assert told((appealed, fixed, back)).payments_in_force == (appealed,)
    assert told((appealed, replace(back, adjustments=()))).payments_in_force == ()
    assert told((appealed, fixed, again, back)).payments_in_force == (appealed, fixed)
    assert told((appealed, fixed, again, renumbered)).payments_in_force == (appealed, again)


def test_of_payments_that_are_alike_the_newest_before_a_reversal_is_taken_back():
    days = [date(2026, 3, day) for day in (4, 9, 20)]
    first, second, third = (payment(name, 6_000, day=day) for name, day in zip("abc", days, strict=True))
    back = payment("d", 6_000, day=date(2026, 3, 15), reversal=True)
    assert told((first, second, third, back)).payments_in_force == (first, third)
    assert told((third, back)).payments_in_force == ()


def test_a_reversal_takes_back_a_payment_of_its_own_submission_before_one_that_is_more_alike():
    earlier, own = payment("a", 0, adjustment(10_000)), replace(payment("b", 0, number="NEW"), submission=2)
    back = replace(payment("c", 0, adjustment(-10_000), reversal=True), submission=2)
    assert told((earlier, own, back)).payments_in_force == (earlier,)
    assert told((earlier, back)).payments_in_force == ()
    other = payment("d", 0, adjustment(10_000, "16"))
    assert told((other, earlier, back)).payments_in_force == (other,)


def test_a_forwarding_that_was_taken_back_counts_no_more():
    forwarded = payment("a", 6_000, forwarded=True)
    assert told((forwarded,)).forwarded
    assert not told((forwarded, UNDONE)).forwarded


def test_the_most_urgent_wish_comes_first_and_what_is_not_open_wishes_nothing():
    found = told((payment("a", 0, adjustment(5, action="review"), adjustment(3, "16", "correct_claim")),))
    assert found.wanted == ("correct_claim", "review")
    assert told((payment("a", 0, adjustment(5, meaning="patient")),)).wanted == ()


def test_the_payers_acceptance_counts_before_the_clearinghouses_and_the_first_before_a_repeat():
    found = PayerResponses().with_acceptance("clearinghouse", date(2026, 3, 3))
    assert found.accepted_on == date(2026, 3, 3)
    later = found.with_acceptance("payer", date(2026, 3, 6)).with_acceptance("payer", DAY)
    assert later.accepted_on == DAY
    assert later == PayerResponses().with_acceptance("payer", DAY).with_acceptance(
        "payer", date(2026, 3, 6)
    ).with_acceptance("clearinghouse", date(2026, 3, 3))


def test_reasons_of_a_rejection_are_those_of_the_one_who_rejects_each_once():
    found = (
        PayerResponses()
        .with_rejection("payer", "B.")
        .with_rejection("clearinghouse", "X.")
        .with_rejection("payer", "A.")
    )
    assert found.with_rejection("payer", "B.").rejection("payer") == "A. B."
    assert found.rejection("clearinghouse") == "X."
    assert found.rejection("") == ""


def test_a_payments_number_counts_before_an_acknowledgements():
    assert PayerResponses().payer_claim_number is None
    found = PayerResponses().with_number("").with_number("ACK")
    assert found.payer_claim_number == "ACK"
    assert found.with_payment(FIRST).payer_claim_number == "OLD"


PAYMENTS = st.lists(
    st.builds(
        payment,
        st.text("abcdef", min_size=3, max_size=6),
        st.sampled_from([0, 6_000]),
        st.builds(adjustment, st.sampled_from([-4_000, 4_000])),
        reversal=st.booleans(),
        forwarded=st.booleans(),
        number=st.sampled_from(["", "OLD", "NEW"]),
    ),
    max_size=6,
    unique_by=lambda one: one.digest,
)


@settings(max_examples=150, deadline=None)
@given(PAYMENTS.flatmap(lambda some: st.tuples(st.just(some), st.permutations([*some, *some]))))
def test_any_order_and_any_repetition_say_the_same(drawn):
    once, shuffled = drawn
    assert told(shuffled) == told(once)


@pytest.mark.parametrize(("reversal_digest", "correction_digest"), [("z", "a"), ("a", "z")])
def test_on_one_day_what_is_taken_back_comes_before_what_takes_its_place(reversal_digest, correction_digest):
    """Whatever their digests: the payer's newest number is the correction's."""
    reversal = payment(reversal_digest, 6_000, reversal=True, number="OLD")
    correction = payment(correction_digest, 2_000, number="NEW")
    for order in permutations((FIRST, reversal, correction)):
        assert told(order).payments[0] == reversal
        assert told(order).payments_in_force == (correction,)
    assert told((reversal, correction)).payer_claim_number == "NEW"
