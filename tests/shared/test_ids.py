"""Ids are opaque, prefixed and in order of birth; claim numbers fit where payers cut them."""

import re

from shared.ids import CLAIM_NUMBER_LENGTH, UNAMBIGUOUS, RandomIds, random_ids, ulid


def test_an_id_fits_the_callers_rule_for_ids() -> None:
    assert re.fullmatch(r"clm_[0-9A-HJKMNP-TV-Z]{26}", random_ids("clm"))


def test_ids_sort_by_birth() -> None:
    moments = iter(range(1_700_000_000_000, 1_700_000_000_200))
    ids = RandomIds(milliseconds=lambda: next(moments))
    made = [ids("evt") for _ in range(200)]
    assert made == sorted(made)


def test_ids_of_one_millisecond_keep_their_order() -> None:
    ids = RandomIds(milliseconds=lambda: 1_700_000_000_000)
    made = [ids("led") for _ in range(500)]
    assert made == sorted(made)
    assert len(set(made)) == 500


def test_a_clock_that_goes_back_does_not_disturb_the_order() -> None:
    moments = iter([1_700_000_000_005, 1_700_000_000_001, 1_700_000_000_006])
    ids = RandomIds(milliseconds=lambda: next(moments))
    made = [ids("led") for _ in range(3)]
    assert made == sorted(made)


def test_a_ulid_lays_time_before_entropy() -> None:
    assert ulid(0, 0) == "0" * 26
    assert ulid(2**48 - 1, 2**80 - 1) == "7" + "Z" * 25
    assert ulid(1, 0) > ulid(0, 2**80 - 1)


def test_ids_do_not_repeat() -> None:
    assert len({random_ids("x") for _ in range(10_000)}) == 10_000


def test_a_claim_number_has_twelve_signs_that_no_eye_confuses() -> None:
    numbers = {random_ids.claim_number() for _ in range(2_000)}
    assert len(numbers) == 2_000
    assert {len(number) for number in numbers} == {CLAIM_NUMBER_LENGTH} == {12}
    assert set("".join(numbers)) == set(UNAMBIGUOUS)
    assert not set(UNAMBIGUOUS) & set("01OIL")
