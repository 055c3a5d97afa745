"""What holds for every claim whatever its plan and history: balance, limits, and nothing to a patient in comp or VA."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.clearinghouse.domain.accumulators import PastClaim
from services.clearinghouse.domain.outcomes import reversal_of
from services.clearinghouse.domain.payer_configuration import AuthorizationRule, Reduction
from services.clearinghouse.domain.submitted_claim import PriorPayment
from shared.codesets.programs import Program
from tests.services.clearinghouse.factories import claim, decide, line, with_plan

DAY = date(2026, 4, 20)
codes = st.sampled_from(["97124", "97140", "97112", "97010"])
priors = st.none() | st.builds(PriorPayment, st.integers(0, 20000), st.integers(0, 20000))
lines = st.builds(
    lambda code, units, charge, day, prior: line(
        code, units, charge_cents=charge, service_date=DAY + timedelta(days=day), prior=prior
    ),
    codes,
    st.integers(1, 8),
    st.integers(1, 60000),
    st.integers(0, 2),
    priors,
)
claims = st.lists(lines, min_size=1, max_size=4).map(
    lambda made: claim(*(replace(item, number=place) for place, item in enumerate(made, 1)))
)
payers = st.builds(
    lambda plan, program, reduced, cap: replace(
        plan, program=program, reduction=Reduction(5000, (("97112", 1501), ("97140", 1286))) if reduced else None,
        daily_cap_cents=cap,
    ),
    st.builds(
        lambda copay, share, deductible, most, visits, first: with_plan(
            copay_cents=copay,
            coinsurance_basis_points=share,
            deductible_cents=deductible,
            out_of_pocket_cents=most,
            visit_limit=visits,
            authorization=AuthorizationRule(first),
        ),
        st.integers(0, 9000),
        st.integers(0, 10_000),
        st.integers(0, 30000),
        st.none() | st.integers(0, 30000),
        st.none() | st.integers(0, 3),
        st.none() | st.integers(1, 4),
    ),
    st.sampled_from(Program),
    st.booleans(),
    st.none() | st.integers(1, 30000),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(payers, st.lists(claims, min_size=1, max_size=4))
def test_every_line_balances_and_no_limit_is_passed(payer, billed):
    history = ()
    for one in billed:
        outcome = decide(one, payer, history)
        assert len(outcome.lines) == len(one.lines)
        for before, after in zip(one.lines, outcome.lines, strict=True):
            assert after.charge_cents == before.charge_cents
            assert 0 <= after.paid_cents <= after.charge_cents
            assert all(item.amount_cents > 0 for item in after.adjustments)
        assert (
            outcome.paid_cents + sum(i.amount_cents for x in outcome.lines for i in x.adjustments) == one.charge_cents
        )
        history += (PastClaim(one, outcome),)
    if not payer.bills_patients:
        assert all(past.outcome.patient_cents == 0 for past in history)
    shared = sum(
        item.amount_cents
        for past in history
        for decided in past.outcome.lines
        for item in decided.adjustments
        if item.group == "PR" and item.code in ("1", "2", "3")
    )
    most = payer.plans[0].out_of_pocket_cents
    assert most is None or shared <= most


@settings(max_examples=60, deadline=None)
@given(payers, claims)
def test_a_claim_and_its_reversal_come_to_nothing_and_deciding_again_to_the_same(payer, billed):
    outcome = decide(billed, payer)
    assert decide(billed, payer) == outcome
    assert outcome.paid_cents + reversal_of(outcome).paid_cents == 0
    assert outcome.patient_cents + reversal_of(outcome).patient_cents == 0
