"""Minutes to units: the published table, the worked examples, and what must hold for any minutes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.claims.domain.units import units_in_pool, units_of

WORK = st.dictionaries(st.sampled_from(["97110", "97112", "97116", "97124", "97140", "97530"]), st.integers(0, 120))


@pytest.mark.parametrize(
    ("first", "last", "units"),
    [
        (0, 7, 0),
        (8, 22, 1),
        (23, 37, 2),
        (38, 52, 3),
        (53, 67, 4),
        (68, 82, 5),
        (83, 97, 6),
        (98, 112, 7),
        (113, 127, 8),
    ],
)
def test_pooled_minutes_follow_the_published_table(first, last, units):
    assert {units_in_pool(minutes) for minutes in range(first, last + 1)} == {units}


@pytest.mark.parametrize(
    ("minutes", "cms", "ama"),
    [
        ({"97110": 33, "97140": 7}, [2, 1], [2, 0]),
        ({"97110": 18, "97140": 13, "97116": 10, "97035": 8}, [1, 1, 1, 0], [1, 1, 1, 1]),
        ({"97112": 24, "97110": 23}, [2, 1], [2, 2]),
        ({"97124": 8, "97140": 8, "97110": 8}, [1, 1, 0], [1, 1, 1]),
        ({"97124": 20, "97140": 20, "97110": 20}, [2, 1, 1], [1, 1, 1]),
        ({"97124": 7, "97140": 7, "97110": 7}, [1, 0, 0], [0, 0, 0]),
        ({"97124": 60}, [4], [4]),
        ({"97124": 7}, [0], [0]),
        ({"97124": 8}, [1], [1]),
        ({}, [], []),
    ],
)
def test_the_worked_examples_by_both_methods(minutes, cms, ama):
    assert [code.units for code in units_of(minutes, "cms").codes] == cms
    assert [code.units for code in units_of(minutes, "ama").codes] == ama


def test_three_sevens_are_one_unit_in_all_and_the_tie_is_named():
    units = units_of({"97124": 7, "97140": 7, "97110": 7}, "cms")
    assert units.total == 1
    assert units.ties == ("97124", "97140", "97110")


def test_a_tie_is_the_therapists_choice():
    minutes = {"97124": 20, "97140": 20, "97110": 20}
    assert units_of(minutes, "cms").of("97124") == 2
    chosen = units_of(minutes, "cms", ("97110", "97140"))
    assert (chosen.of("97110"), chosen.of("97124")) == (2, 1)
    assert chosen.ties == ("97124", "97140", "97110")


def test_the_choice_never_beats_a_larger_remainder():
    assert units_of({"97110": 33, "97140": 7}, "cms", ("97110",)).of("97140") == 1


def test_the_sentence_says_the_arithmetic():
    assert units_of({"97124": 33, "97140": 7}, "cms").sentence == (
        "33 + 7 = 40 minutes = 3 units: 30 whole to 97124, 1 more to 97140 for its rest of 7"
    )
    assert units_of({"97110": 33, "97140": 7}, "ama").sentence == (
        "each code alone: 97110 33 minutes = 2 units; 97140 7 minutes = 0 units"
    )
    assert units_of({"97124": 60}, "cms").sentence == "97124 60 minutes = 4 units: 60 whole to 97124"
    assert "tied, and the therapist may choose" in units_of({"97124": 7, "97140": 7}, "cms").sentence


@given(WORK)
def test_cms_units_add_up_to_the_tables(minutes):
    assert units_of(minutes, "cms").total == units_in_pool(sum(minutes.values()))


@given(WORK, st.sampled_from(["cms", "ama"]))
def test_no_code_gets_more_than_its_minutes_begin(minutes, method):
    for code in units_of(minutes, method).codes:
        assert 0 <= code.units <= -(-code.minutes // 15)


@given(WORK)
def test_every_whole_quarter_hour_stays_with_its_code(minutes):
    assert all(code.units >= code.whole for code in units_of(minutes, "cms").codes)


@given(WORK, st.randoms(use_true_random=False))
def test_the_order_matters_only_in_ties(minutes, random):
    shuffled = list(minutes.items())
    random.shuffle(shuffled)
    one, other = units_of(minutes, "cms"), units_of(dict(shuffled), "cms")
    assert set(one.ties) == set(other.ties)
    if not one.ties:
        assert all(one.of(code) == other.of(code) for code in minutes)


@given(WORK, st.permutations(["97110", "97112", "97116", "97124", "97140", "97530"]))
def test_a_choice_moves_units_between_tied_codes_and_no_others(minutes, order):
    free, chosen = units_of(minutes, "cms"), units_of(minutes, "cms", order)
    for code in minutes:
        assert code in free.ties or free.of(code) == chosen.of(code)


@given(WORK)
def test_the_ama_method_pools_nothing(minutes):
    together = units_of(minutes, "ama")
    assert all(together.of(code) == units_of({code: value}, "ama").of(code) for code, value in minutes.items())


@pytest.mark.parametrize(("minutes", "method"), [({"97124": -1}, "cms"), ({"97124": 15}, "guess")])
def test_a_callers_mistake_is_an_error(minutes, method):
    with pytest.raises(ValueError, match=r"never negative|neither cms nor ama"):
        units_of(minutes, method)
