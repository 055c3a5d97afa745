"""Expected payment: fees, reduction, cap, the patient's share in the plan's order, and honest ranges."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.claims.domain.expected import Benefits, PayerFees, Range
from services.claims.domain.expected import expected_payment as expected_with
from services.claims.domain.scrubber_input import ProfessionalServiceLine
from shared.codesets import bundled
from shared.payer_profiles import profile_from, profile_named
from tests.services.claims.domain.rules.clean_claims import CLAIM

COMMERCIAL = profile_named("commercial")
VA = profile_named("va_community_care")
KNOWN = Benefits(copay_cents=0, coinsurance_basis_points=0, deductible_left_cents=0, out_of_pocket_left_cents=10**6)
MASSAGE = replace(CLAIM, lines=(ProfessionalServiceLine("97124", 4, 18000),))
FEES = PayerFees({"97124": 3205, "97140": 2893, "97112": 3365, "97110": 3011})


def expected_payment(claim, payer, fees, benefits):
    return expected_with(claim, payer, fees, benefits, bundled())


def plan(**changes):
    return replace(KNOWN, **changes)


def exact(cents):
    return Range(cents, cents)


@pytest.mark.parametrize(
    ("benefits", "patient"),
    [
        (plan(), 0),
        (plan(copay_cents=2500), 2500),
        (plan(coinsurance_basis_points=2000), 2564),
        (plan(deductible_left_cents=10000, coinsurance_basis_points=2000), 10564),
        (plan(deductible_left_cents=50000), 12820),
        (plan(copay_cents=2500, coinsurance_basis_points=2000), 2500 + 2064),
        (plan(copay_cents=2500, coinsurance_basis_points=2000, copay_first=False), 2564 + 2500),
        (plan(copay_cents=2500, out_of_pocket_left_cents=1000), 1000),
        (
            plan(
                deductible_left_cents=10000,
                family_deductible_left_cents=4000,
                has_family=True,
                family_out_of_pocket_left_cents=10**6,
            ),
            4000,
        ),
        (plan(copay_cents=99999), 12820),
    ],
)
def test_the_patients_share_in_the_plans_order(benefits, patient):
    expected = expected_payment(MASSAGE, COMMERCIAL, FEES, benefits)
    assert expected.allowed == exact(12820)
    assert expected.patient == exact(patient)
    assert expected.payer == exact(12820 - patient)
    assert expected.reasons == ()


def test_a_payer_allows_no_more_than_the_charge():
    cheap = replace(CLAIM, lines=(ProfessionalServiceLine("97124", 4, 8000),))
    assert expected_payment(cheap, COMMERCIAL, FEES, KNOWN).allowed == exact(8000)


def test_a_percentage_of_the_charge_rounds_half_up_on_each_line():
    claim = replace(CLAIM, lines=(ProfessionalServiceLine("97124", 1, 4501), ProfessionalServiceLine("97140", 1, 4501)))
    fees = PayerFees(percent_of_charge_basis_points=5000)
    assert expected_payment(claim, COMMERCIAL, fees, KNOWN).allowed == exact(4502)


def test_the_reduction_spares_the_unit_with_the_highest_practice_expense():
    claim = replace(CLAIM, lines=(ProfessionalServiceLine("97140", 2, 9600), ProfessionalServiceLine("97112", 2, 9800)))
    fees = replace(FEES, practice_expense_cents={"97140": 1286, "97112": 1502})
    expected = expected_payment(claim, VA, fees, KNOWN)
    assert [line.reduction for line in expected.lines] == [exact(1286), exact(751)]
    assert expected.allowed == exact(2 * 2893 - 1286 + 2 * 3365 - 751)
    assert expected.payer == expected.allowed
    assert expected.patient == exact(0)


def test_a_tie_in_practice_expense_spares_the_first_line():
    claim = replace(CLAIM, lines=(ProfessionalServiceLine("97140", 1, 9600), ProfessionalServiceLine("97112", 1, 9800)))
    fees = replace(FEES, practice_expense_cents={"97140": 1000, "97112": 1000})
    assert [line.reduction for line in expected_payment(claim, VA, fees, KNOWN).lines] == [exact(0), exact(500)]


def test_an_unknown_practice_expense_gives_a_range_and_says_so():
    expected = expected_payment(MASSAGE, VA, FEES, KNOWN)
    assert expected.allowed == Range(6410, 12820)
    assert "practice-expense share of 97124 is not known" in expected.reasons[0]


def test_no_reduction_before_its_first_day_or_for_one_unit():
    one = replace(CLAIM, lines=(ProfessionalServiceLine("97124", 1, 4500),))
    assert expected_payment(one, VA, FEES, KNOWN).allowed == exact(3205)
    early = replace(MASSAGE, date_of_service=VA.reduction_effective_from.replace(year=2022))
    assert expected_payment(early, VA, FEES, KNOWN).allowed == exact(12820)


def test_a_daily_cap_cuts_the_last_lines():
    claim = replace(
        CLAIM, lines=(ProfessionalServiceLine("97124", 4, 18000), ProfessionalServiceLine("97140", 1, 5200))
    )
    expected = expected_payment(claim, profile_from({"extends": "commercial", "daily_cap_cents": 13000}), FEES, KNOWN)
    assert [line.allowed for line in expected.lines] == [exact(12820), exact(180)]
    assert expected.reasons == ("the payer's daily cap is reached",)


def test_bundled_work_pays_nothing():
    claim = replace(CLAIM, lines=(ProfessionalServiceLine("97010", 1, 1500), ProfessionalServiceLine("97124", 1, 4500)))
    expected = expected_payment(
        claim, profile_named("medicare_advantage"), replace(FEES, unit_cents={**FEES.unit_cents, "97010": 600}), KNOWN
    )
    assert expected.lines[0].allowed == exact(0)
    assert expected.allowed == exact(3205)


def test_comp_and_va_patients_owe_nothing_whatever_the_benefit_record_says():
    for name in ("wa_lni", "workers_comp", "va_community_care"):
        assert expected_payment(MASSAGE, profile_named(name), FEES, plan(copay_cents=2500)).patient == exact(0)


@pytest.mark.parametrize(
    ("unknown", "low", "high"),
    [
        ({"copay_cents": None}, 0, 12820),
        ({"coinsurance_basis_points": None}, 0, 12820),
        ({"deductible_left_cents": None, "coinsurance_basis_points": 2000}, 2564, 12820),
        ({"out_of_pocket_left_cents": None, "copay_cents": 2500}, 0, 2500),
        ({"deductible_left_cents": 500, "has_family": True}, 0, 500),
    ],
)
def test_what_is_unknown_gives_a_range_and_a_reason(unknown, low, high):
    expected = expected_payment(MASSAGE, COMMERCIAL, FEES, plan(**unknown))
    assert expected.patient == Range(low, high)
    assert expected.reasons


def test_an_unknown_fee_gives_a_range_up_to_the_charge():
    expected = expected_payment(MASSAGE, COMMERCIAL, PayerFees(), KNOWN)
    assert expected.allowed == Range(0, 18000)
    assert expected.reasons == ("what the payer allows for 97124 is not known",)


MAYBE = st.none() | st.integers(0, 30_000)
SHARES = st.none() | st.integers(0, 10_000)


@given(MAYBE, SHARES, MAYBE, MAYBE, st.booleans(), st.booleans())
def test_ranges_are_in_order_and_the_truth_lies_within(copay, share, deductible, cap, family, first):
    def made(pick):
        return Benefits(
            copay_cents=pick(copay, 700),
            coinsurance_basis_points=pick(share, 1234),
            deductible_left_cents=pick(deductible, 4321),
            family_deductible_left_cents=9999,
            out_of_pocket_left_cents=pick(cap, 20_000),
            family_out_of_pocket_left_cents=25_000,
            has_family=family,
            copay_first=first,
        )

    guess = expected_payment(MASSAGE, COMMERCIAL, FEES, made(lambda value, _: value))
    truth = expected_payment(MASSAGE, COMMERCIAL, FEES, made(lambda value, true: true if value is None else value))
    assert all(share.low_cents == share.high_cents for share in (truth.patient, truth.payer))
    assert truth.patient.low_cents + truth.payer.low_cents == truth.allowed.low_cents
    assert 0 <= guess.patient.low_cents <= truth.patient.low_cents <= guess.patient.high_cents
    assert guess.payer.low_cents <= truth.payer.low_cents <= guess.payer.high_cents
