import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money import (
    AmountError,
    format_amount,
    format_dollars,
    multiply,
    parse_basis_points,
    parse_cents,
    percent_of,
)


@pytest.mark.parametrize(
    ("text", "cents"),
    [("80", 8000), ("80.5", 8050), (".75", 75), ("0", 0), ("-12.5", -1250), ("+3", 300), ("1.230", 123), ("5.", 500)],
)
def test_an_x12_decimal_is_whole_cents(text, cents):
    assert parse_cents(text) == cents


@pytest.mark.parametrize(
    "text", ["", "-", ".", "1,000", "1e3", "$5", " 5", "5 ", "1.234", "NaN", "٣", "1" * 30, "9" * 16]
)
def test_what_is_no_amount_is_refused_without_repeating_it(text):
    with pytest.raises(AmountError) as caught:
        parse_cents(text)
    assert not text.strip() or text not in str(caught.value)


@given(st.integers(-(10**12), 10**12))
def test_an_amount_survives_being_written_and_read(cents):
    assert parse_cents(format_amount(cents)) == cents


@pytest.mark.parametrize(("cents", "text"), [(8000, "80"), (8050, "80.5"), (75, "0.75"), (-1250, "-12.5"), (0, "0")])
def test_an_amount_is_written_as_short_as_x12_likes_it(cents, text):
    assert format_amount(cents) == text


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


@pytest.mark.parametrize(("text", "points"), [("0.2", 2000), ("1", 10000), (".125", 1250), ("0", 0), ("1.0000", 10000)])
def test_a_share_of_a_271_is_basis_points(text, points):
    assert parse_basis_points(text) == points


@pytest.mark.parametrize("text", ["", "20", "-0.2", "1.0001", "0.12345", "x"])
def test_what_is_no_share_is_refused(text):
    with pytest.raises(AmountError):
        parse_basis_points(text)
