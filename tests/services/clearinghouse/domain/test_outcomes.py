"""Outcomes balance, and a reversal undoes exactly what it reverses."""

import pytest

from services.clearinghouse.domain.outcomes import Adjustment, LineOutcome, reversal_of
from tests.services.clearinghouse.factories import claim, decide, with_plan


def test_a_reversal_turns_every_sign_and_stays_in_balance():
    outcome = decide(claim(), with_plan(copay_cents=2500))
    turned = reversal_of(outcome)
    assert turned.status == "22"
    assert (turned.charge_cents, turned.paid_cents, turned.patient_cents) == (-18000, -9500, -2500)
    assert reversal_of(turned).lines == outcome.lines
    amounts = [(line.charge_cents, line.allowed_cents, line.paid_cents) for line in turned.lines]
    assert amounts == [(-18000, -12000, -9500)]


def test_a_line_that_does_not_balance_cannot_be_made():
    with pytest.raises(AssertionError, match="out of balance"):
        LineOutcome(1, "L1", "97124", (), 1, "2026-04-20", 100, 90, 90, (Adjustment("CO", "45", 9),))
