"""The money of a visit with two payers, worked on paper: charged 120.00, allowed 80.00, paid 64.00, 16.00 left."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.claims.domain.adjustment_meaning import adjustment_meaning
from services.claims.domain.ledger import Account, Balances, balances, balances_by_line, charge, move
from services.claims.domain.next_payer import (
    Answer,
    AnsweredLine,
    answer_of,
    answered_before,
    follow_share,
    give_back,
    pass_on,
    take_back,
    take_over,
)
from services.claims.domain.payer_responses import AdjustmentResponse, PayerResponses, PaymentResponse
from services.claims.domain.remittance import ClassifiedAdjustment, outcome_of, post
from services.claims.domain.scrubber_input import ProfessionalServiceLine
from shared import x12

LINES = {1: ProfessionalServiceLine("97140", 2, 12_000)}
FIRST = "CLAIM01"
ACCOUNTS = {"patient": Account.PATIENT, "write_off": Account.WRITTEN_OFF}


def classify(group, reason, remarks):
    found = adjustment_meaning(group, reason, remarks, "commercial")
    return ClassifiedAdjustment(ACCOUNTS.get(found.who_owes, Account.INSURER), found.next_action, found.label)


def answered(entries, paid, *adjustments, before=None, sign=1):
    """The ledger after a payer's answer to the one line, its reversal with `sign` -1; `before` is what earlier payers
    answered for."""
    found = tuple(x12.ClaimAdjustment(group=g, reason=r, amount_cents=sign * cents) for g, r, cents in adjustments)
    service = x12.ServicePayment(
        procedure=x12.ProcedureIdentifier(code="97140"),
        charge_cents=sign * 12_000,
        paid_cents=sign * paid,
        quantity=Decimal(2),
        adjustments=found,
    )
    status = "1" if sign > 0 else "22"
    payment = x12.ClaimPayment(FIRST, status, sign * 12_000, sign * paid, services=(service,))
    return [*entries, *post(payment, FIRST, LINES, classify, answered=before or {}).entries]


def adjudicated_by_first():
    return answered(charge({1: 12_000}, {}), 6_400, ("CO", "45", 4_000), ("PR", "2", 1_600))


def billed_to_second(first):
    """Both ledgers when the claim to the second payer is made."""
    share = balances_by_line(first)
    left = 12_000 - share[1].patient_share_cents
    second = [*charge({1: 12_000}, {}), *take_over({1: left}, {}), *follow_share(share)]
    return [*first, *pass_on(share)], second


def test_the_second_payer_pays_the_sixteen_dollars_that_the_first_left():
    first = adjudicated_by_first()
    assert balances(first) == Balances(12_000, 6_400, 4_000, 1_600, 0)
    first, second = billed_to_second(first)
    assert balances(first) == Balances(12_000, 6_400, 4_000, 0, 0, 0, 1_600)
    assert balances(second) == Balances(12_000, 0, 0, 0, 1_600, 0, 10_400)
    second = answered(second, 1_600, ("OA", "23", 10_400), before=answered_before(second))
    assert balances(second) == Balances(12_000, 1_600, 0, 0, 0, 0, 10_400)
    assert balances(first).own_charge_cents + balances(second).own_charge_cents == 12_000


@pytest.mark.parametrize(
    ("adjustments", "expected"),
    [
        pytest.param(
            [("OA", "23", 10_400), ("PR", "2", 600)], Balances(12_000, 1_000, 0, 600, 0, 0, 10_400), id="part"
        ),
        pytest.param(
            [("OA", "23", 6_400), ("CO", "45", 4_600)],
            Balances(12_000, 1_000, 600, 0, 0, 0, 10_400),
            id="the write-off of the first once more, and 6.00 of its own",
        ),
        pytest.param(
            [("PR", "2", 11_000)],
            Balances(12_000, 1_000, 0, 600, 0, 0, 10_400),
            id="nothing said of the first payer: no more than what was left is the patient's",
        ),
        pytest.param(
            [("PR", "2", 6_000), ("CO", "45", 5_000)],
            Balances(12_000, 1_000, 0, 600, 0, 0, 10_400),
            id="what is repeated is a write-off first",
        ),
        pytest.param(
            [("OA", "23", 11_000)],
            Balances(12_000, 1_000, 0, 0, 600, 0, 10_400),
            id="more said of the first payer than it did: the rest stays open",
        ),
    ],
)
def test_what_the_second_payer_repeats_of_the_first_moves_no_money(adjustments, expected):
    _, second = billed_to_second(adjudicated_by_first())
    assert balances(answered(second, 1_000, *adjustments, before=answered_before(second))) == expected


def test_what_the_patient_paid_goes_along_and_comes_back_with_her_share():
    paid = [*adjudicated_by_first(), *move(1, Account.PATIENT, Account.PATIENT_PAID, 500, "patient_payment")]
    first, second = billed_to_second(paid)
    assert balances(first) == Balances(12_000, 6_400, 4_000, 0, 0, 0, 1_600)
    assert balances(second) == Balances(12_000, 0, 0, -500, 1_600, 500, 10_400)
    second += move(1, Account.PATIENT, Account.PATIENT_PAID, 300, "patient_payment")
    later = balances_by_line(second)
    first += take_back(balances_by_line(first), later)
    second += give_back(later)
    assert balances(first) == Balances(12_000, 6_400, 4_000, 800, 0, 800)
    assert balances([*second, *charge({}, {1: 12_000})]) == Balances()


def test_what_goes_on_to_a_third_payer_was_not_answered_by_the_payers_before_the_second():
    _, second = billed_to_second(adjudicated_by_first())
    second = answered(second, 1_000, ("OA", "23", 10_400), ("PR", "2", 600), before=answered_before(second))
    passed = [*second, *pass_on(balances_by_line(second))]
    assert balances(passed) == Balances(12_000, 1_000, 0, 0, 0, 0, 11_000)
    assert answered_before(passed) == {1: 10_400}


def test_a_reversed_second_payer_leaves_its_own_part_of_the_charge_open():
    _, second = billed_to_second(adjudicated_by_first())
    assert outcome_of(balances(second), adjudicated=True, all_reversed=True) == "reversed"
    denied = answered(second, 0, ("OA", "23", 10_400), ("CO", "50", 1_600), before=answered_before(second))
    assert outcome_of(balances(denied), adjudicated=True) == "denied"


def response(paid_on, digest, paid, adjustments, *, by_line=True, **more):
    found = tuple(AdjustmentResponse(1, g, r, (), cents, "", "", "none") for g, r, cents in adjustments)
    lines = ((1, paid),) if by_line else ()
    return PaymentResponse(paid_on, digest, 12_000, paid, adjustments=found, paid_by_line=lines, **more)


DENIED = response(date(2026, 3, 1), "a", 0, [("CO", "16", 12_000)])
PAID = response(
    date(2026, 3, 9),
    "b",
    6_400,
    [("CO", "45", 3_000), ("CO", "45", 1_000), ("PR", "2", 1_600), ("OA", "94", 0)],
    payer_claim_number="PCN1",
)
CUT = (("CO", "45", 4_000), ("PR", "2", 1_600))


@pytest.mark.parametrize(
    ("payments", "expected"),
    [
        ((), None),
        ((PAID,), Answer(6_400, (), (AnsweredLine(1, 6_400, CUT),), date(2026, 3, 9), "PCN1", False)),
        ((DENIED, PAID), Answer(6_400, (), (AnsweredLine(1, 6_400, CUT),), date(2026, 3, 9), "PCN1", False)),
        (
            (response(date(2026, 3, 9), "c", 6_400, CUT, by_line=False, forwarded=True),),
            Answer(6_400, CUT, (), date(2026, 3, 9), "", True),
        ),
    ],
    ids=["not answered", "paid", "denied and then paid", "as a whole"],
)
def test_the_next_payer_is_told_what_the_newest_payments_in_force_say(payments, expected):
    assert answer_of(PayerResponses(payments=payments)) == expected


CENTS = st.integers(0, 12_000)


@given(st.lists(st.tuples(CENTS, st.sampled_from(["CO-45", "PR-2", "OA-23", "CO-50"])), max_size=4), CENTS, CENTS)
def test_no_cent_is_made_or_lost_whatever_the_second_payer_answers_and_a_reversal_restores_it(parts, paid, copay):
    first = [*adjudicated_by_first(), *move(1, Account.PATIENT, Account.PATIENT_PAID, copay, "patient_payment")]
    first, second = billed_to_second(first)
    cut = [(*code.split("-"), cents) for cents, code in parts]
    before = answered_before(second)
    after = answered(second, paid, *cut, before=before)
    assert balances(answered(after, paid, *cut, before=before, sign=-1)) == balances(second)
    for ledger in (first, second, after):
        money = balances(ledger)
        assert money.charge_cents == 12_000 == money.own_charge_cents + money.other_payers_cents
        split = (money.paid_cents, money.patient_cents, money.patient_paid_cents, money.written_off_cents)
        assert sum(split) + money.insurer_cents == money.own_charge_cents
    assert balances(first).own_charge_cents + balances(after).own_charge_cents == 12_000
