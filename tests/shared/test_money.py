import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money import format_dollars, multiply, percent_of


def test_dollars_for_a_reader():
    assert [format_dollars(cents) for cents in (123450, -75, 0)] == ["$1,234.50", "-$0.75", "$0.00"]


@pytest.mark.parametrize(
    ("cents", "basis_points", "share"),
    [
        (8003, 2000, 1601),
        (8002, 2000, 1600),
        (5, 5000, 3),
        (-5, 5000, -3),
        (1, 4999, 0),
        (0, 10000, 0),
        (333, 10000, 333),
    ],
)
def test_percentages_round_half_up_and_away_from_zero(cents, basis_points, share):
    assert percent_of(cents, basis_points) == share


@given(st.integers(0, 10**9), st.integers(0, 10_000))
def test_a_reversal_undoes_exactly_what_it_reverses(cents, basis_points):
    assert percent_of(-cents, basis_points) == -percent_of(cents, basis_points)


@given(st.integers(0, 10**9), st.integers(0, 10_000))
def test_a_share_and_the_rest_are_at_most_a_cent_apart_from_the_whole(cents, basis_points):
    both = percent_of(cents, basis_points) + percent_of(cents, 10_000 - basis_points)
    assert 0 <= both - cents <= 1


def test_a_charge_is_the_fee_times_units():
    assert multiply(4500, 4) == 18000
    with pytest.raises(ValueError, match="never negative"):
        multiply(4500, -1)
