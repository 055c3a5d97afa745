"""Which referral and which remittance count for a claim."""

from dataclasses import replace
from datetime import date

import pytest

from services.claims.domain.scrubber_input import (
    PriorPaymentInput,
    ReferralInput,
    referral_that_counts,
)
from tests.services.claims.domain.rules.clean_claims import CLAIM

DAY = date(2026, 5, 4)
ORDER = ReferralInput("order", "ref_1", date(2026, 4, 1), date(2026, 6, 1), visits_allowed=6, visits_used=5)


def test_a_referral_with_a_visit_left_counts_before_one_that_is_used_up():
    used_up = replace(ORDER, referral_id="ref_0", visits_used=6)
    assert referral_of(used_up, ORDER) is ORDER
    assert referral_of(used_up) is used_up
    assert referral_of(replace(ORDER, issued_on=date(2026, 5, 5))) is None


@pytest.mark.parametrize(
    "first", [replace(ORDER, kind="referral"), replace(ORDER, issued_on=date(2026, 3, 31))], ids=["kind", "too old"]
)
def test_a_referral_that_this_payer_does_not_take_is_passed_over(first):
    """It takes orders of at most 33 days; the one that counts is exactly as old."""
    assert referral_of(first, ORDER) is ORDER
    assert referral_of(first) is None


def referral_of(*referrals):
    return referral_that_counts(referrals, DAY, kinds=("prescription", "order"), age_days=33)


def test_a_third_payer_counts_from_the_second_ones_remittance():
    days = (date(2026, 6, 1), date(2026, 7, 1))
    prior = tuple(PriorPaymentInput(f"pay_{place}", 0, (), remitted_on=day) for place, day in enumerate(days))
    assert replace(CLAIM, prior_payments=prior).primary_remitted_on == date(2026, 7, 1)
    assert CLAIM.primary_remitted_on is None
