"""Small lists, numbers with check digits, pair edits of the sample, and what the codec asks."""

from datetime import date

import pytest

from shared.codesets import bundled, npi_valid, tax_id_valid
from shared.codesets.pair_edits import PairEdit, PairEdits
from shared.dates import ALWAYS

CODES = bundled()
ON = date(2026, 5, 1)
WANTED = PairEdit("97010", "97012", 1, ALWAYS)

TIMED = (
    "97032 97033 97034 97035 97036 97110 97112 97113 97116 97124 "
    "97140 97530 97533 97535 97537 97542 97750 97755 97760 97761 97763"
)
UNTIMED = (
    "97010 97012 97014 97016 97018 97022 97024 97026 97028 97150 97161 "
    "97162 97163 97164 97165 97166 97167 97168 98940 98941 98942 G0283"
)


def test_timed_and_untimed_procedures_are_known_and_no_other():
    assert all(CODES.procedures.get(code).timed for code in TIMED.split())
    assert not any(CODES.procedures.get(code).timed for code in UNTIMED.split())
    assert CODES.procedures.get("97999") is None
    assert CODES.procedures.label("97124") == "97124 (Massage)"
    assert CODES.procedures.label("97999") == "97999"


@pytest.mark.parametrize("number", ["1234567893", "1679576722", "1487302659"])
def test_a_good_npi_passes_its_check_digit(number):
    assert npi_valid(number)


@pytest.mark.parametrize("number", ["1234567890", "123456789", "12345678930", "", "abcdefghij", "１２３４５６７８９３"])
def test_a_bad_npi_does_not(number):
    assert not npi_valid(number)


def test_every_single_wrong_digit_of_an_npi_is_found():
    good = "1234567893"
    for place in range(10):
        for digit in "0123456789":
            spoiled = good[:place] + digit + good[place + 1 :]
            assert npi_valid(spoiled) == (spoiled == good)


def test_a_tax_id_has_nine_digits():
    assert tax_id_valid("912345678")
    assert not any(tax_id_valid(number) for number in ("91-2345678", "91234567", "000000000", "", "91234567x"))


def test_lists_hold_codes_on_days():
    assert CODES.places.holds("11", ON)
    assert not CODES.places.holds("10", date(2021, 12, 31))
    assert CODES.places.holds("10", date(2022, 1, 1))
    assert CODES.modifiers.holds("GP")
    assert not CODES.modifiers.holds("XS", date(2014, 12, 31))
    assert CODES.taxonomies.label("225700000X") == "Massage therapist"
    assert CODES.states.holds("WA") and not CODES.states.holds("wa")
    assert {"CI", "WC", "AM", "VA", "MB", "16"} <= {entry.code for entry in CODES.filing_indicators}
    assert {entry.code for entry in CODES.related_causes} == {"AA", "EM", "OA"}


def test_every_set_says_its_source_and_version():
    sets = [
        CODES.diagnoses, CODES.excludes, CODES.procedures, CODES.pairs, CODES.limits, CODES.modifiers,
        CODES.places, CODES.taxonomies, CODES.states, CODES.filing_indicators, CODES.related_causes,
    ]  # fmt: skip
    assert all(one.source and one.version for one in sets)


@pytest.mark.parametrize(
    ("column1", "column2", "indicator"),
    [
        ("97140", "97124", 0), ("98940", "97124", 1), ("98942", "97140", 1), ("97150", "97530", 1),
        ("97140", "97750", 1), ("97530", "97750", 1), ("97012", "97140", 1),
        ("97113", "97110", 1), ("97750", "97150", 0),
        ("98926", "97140", 0),
        ("98941", "98940", 0), ("98940", "97162", 0), ("97163", "97750", 0), ("G0283", "97032", 1),
        ("97140", "97018", 1),
        ("97124", "97164", 1), ("98940", "99213", 1),
    ],
)  # fmt: skip
def test_pair_edits_of_the_sample(column1, column2, indicator):
    for first, second in ((column1, column2), (column2, column1)):
        edit = CODES.pairs.between(first, second, ON)
        assert (edit.column1, edit.column2, edit.indicator) == (column1, column2, indicator)


@pytest.mark.parametrize(
    ("one", "other", "last"),
    [
        ("97140", "97530", date(2019, 12, 31)),
        ("97110", "97140", date(1999, 4, 1)),
        ("97112", "97140", date(1999, 4, 1)),
        ("97124", "97010", date(1996, 12, 31)),
        ("97124", "97750", date(2003, 9, 30)),
    ],
)
def test_ended_pairs_hold_on_their_last_day_and_not_after(one, other, last):
    assert CODES.pairs.between(one, other, last)
    assert CODES.pairs.between(one, other, ON) is None


def test_mue_values_of_the_sample():
    wanted = {
        "97124": (4, 3),
        "97140": (6, 3),
        "97112": (4, 3),
        "97110": (6, 3),
        "97750": (8, 3),
        "98940": (1, 2),
        "97010": (0, 3),
    }
    assert {code: (CODES.limits.get(code).units, CODES.limits.get(code).indicator) for code in wanted} == wanted


def test_the_codecs_questions_are_answered_true_false_or_not_known():
    assert CODES.diagnosis("M5450", ON) is True
    assert CODES.diagnosis("M545", ON) is False
    assert CODES.diagnosis("M545", None) is True
    assert CODES.diagnosis("M54", None) is False
    assert CODES.diagnosis("M5450", date(2030, 1, 1)) is None
    assert CODES.diagnosis("M6285", date(2023, 1, 1)) is None
    assert CODES.state("WA") and CODES.place_of_service("11", ON)


def test_an_imported_edition_takes_the_place_of_the_packaged_one():
    assert type(CODES)(pairs=PairEdits([WANTED], "operator's file", "2027-01")).pairs.version == "2027-01"
    assert type(CODES)(pairs=PairEdits([WANTED], "operator's file", "2027-01")).pairs.between("97010", "97012", ON)
