"""The packaged ICD-10-CM table: validity on a day, Excludes1, search, and what it may cost."""

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.codesets import bundled
from shared.codesets.icd10 import Validity, dotted
from shared.codesets.icd10.table import unpack

TABLE = bundled().diagnoses
EXCLUDES = bundled().excludes
SEARCH = bundled().search
TODAY = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("code", "day", "validity"),
    [
        ("M54.5", date(2021, 9, 30), "valid"),
        ("M54.5", date(2021, 10, 1), "ended"),
        ("M54.50", date(2021, 9, 30), "not_yet"),
        ("M54.50", date(2021, 10, 1), "valid"),
        ("M54.51", TODAY, "valid"),
        ("M54.59", TODAY, "valid"),
        ("M51.36", date(2024, 9, 30), "valid"),
        ("M51.36", date(2024, 10, 1), "ended"),
        ("M51.360", date(2024, 10, 1), "valid"),
        ("M51.369", date(2024, 9, 30), "not_yet"),
        ("M79.1", TODAY, "header"),
        ("G44.2", TODAY, "header"),
        ("R51", TODAY, "header"),
        ("S13.4", TODAY, "header"),
        ("S39.012", TODAY, "header"),
        ("T85.7XXS", TODAY, "unknown"),
        ("R10.2", date(2025, 9, 30), "valid"),
        ("R10.2", date(2025, 10, 1), "ended"),
        ("M62.85", date(2023, 1, 1), "uncertain"),
        ("M54.2", date(2026, 10, 1), "outside_edition"),
        ("M54.2", date(2020, 9, 30), "outside_edition"),
        ("", TODAY, "unknown"),
        ("é€", TODAY, "unknown"),
    ],
)
def test_validity_depends_on_the_date_of_service(code, day, validity):
    assert TABLE.status(code, day).validity.value == validity


@pytest.mark.parametrize(
    "code",
    ["S13.4XXA", "S16.1XXA", "S33.5XXA", "S39.012A", "M54.2", "M54.6", "M62.830", "M25.511", "G44.86", "M99.03", "R52"],
)
def test_codes_that_therapists_use_are_valid(code):
    assert TABLE.is_valid(code, TODAY)
    assert TABLE.is_valid(code.replace(".", "").lower(), TODAY)


def test_all_billable_codes_of_each_edition_are_there_and_no_chapter_is():
    assert TABLE.billable_on(TODAY) == 74_719
    assert TABLE.billable_on(date(2025, 5, 1)) == 74_260
    assert all("-" not in TABLE.code_at(row) and len(TABLE.code_at(row)) >= 3 for row in range(0, len(TABLE), 97))


def test_the_dates_of_an_ended_code_are_told():
    status = TABLE.status("M54.5", TODAY)
    assert (status.billable_from, status.billable_to) == (None, date(2021, 9, 30))
    assert TABLE.status("M54.50", TODAY).billable_from == date(2021, 10, 1)


@given(st.text(max_size=12), st.dates())
def test_any_text_and_any_day_has_an_answer(code, day):
    assert TABLE.status(code, day).validity in set(Validity)


@given(st.integers(0, len(TABLE) - 1))
def test_every_row_is_found_by_its_code(row):
    assert TABLE.row(dotted(TABLE.code_at(row))) == row


def test_rows_are_sorted_and_packing_is_lossless():
    codes = [TABLE.code_at(row) for row in range(len(TABLE))]
    assert codes == sorted(codes)
    again = unpack(TABLE.packed())
    assert again.status("M54.5", TODAY) == TABLE.status("M54.5", TODAY)
    assert again.packed() == TABLE.packed()


@pytest.mark.parametrize(
    ("one", "other"),
    [("M54.50", "S39.012A"), ("M54.59", "M54.41"), ("M54.51", "M51.26"), ("M79.18", "M79.7"), ("S39.012A", "M54.50")],
)
def test_excludes1_is_walked_up_the_tree_either_way(one, other):
    assert EXCLUDES.between(one, other)


@pytest.mark.parametrize(("one", "other"), [("M54.2", "M54.6"), ("M54.50", "M54.50"), ("M54.50", "M25.551"), ("", "X")])
def test_what_does_not_exclude_each_other(one, other):
    assert EXCLUDES.between(one, other) is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("whiplash", "S134XXA"),
        ("frozen shoulder", "M7500"),
        ("frozen shoulder left", "M7502"),
        ("tech neck", "M542"),
        ("low back", "M5450"),
        ("pain in right shoulder", "M25511"),
        ("M54.5", "M5450"),
        ("cervicogenic headache", "G4486"),
        ("segmental dysfunction lumbar", "M9903"),
    ],
)
def test_a_therapists_words_find_the_code(words, code):
    assert code in [candidate.code for candidate in SEARCH.find(words, TODAY, 8)]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("headache", ["R519", "G44209", "G4486"]),
        ("headaches", ["R519", "G44209", "G4486"]),
        ("tension headaches", ["G44209"]),
        ("migraine", ["G43909"]),
        ("leg pain", ["M79604", "M79605"]),
        ("arm pain", ["M79601", "M79602"]),
        ("trigger points", ["M7918"]),
    ],
)
def test_the_best_code_is_offered_first(words, codes):
    assert [candidate.code for candidate in SEARCH.find(words, TODAY, len(codes))] == codes


def test_only_codes_that_are_billable_on_the_day_are_offered():
    assert "M5450" not in [candidate.code for candidate in SEARCH.find("low back", date(2021, 9, 30), 50)]
    assert "M545" in [candidate.code for candidate in SEARCH.find("low back", date(2021, 9, 30), 50)]


@pytest.mark.parametrize("words", ["", "   ", "zzzz", "%", "x" * 10_000, "\x00", "(((", "a b c d e f g h"])
def test_strange_questions_are_answered_with_at_most_the_limit(words):
    assert len(SEARCH.find(words, TODAY, 10_000)) <= 50


def test_every_synonym_leads_to_a_code_of_today():
    phrases = SEARCH._synonyms.phrases
    assert not [
        phrase
        for phrase, starts in phrases.items()
        for s in starts
        if not (TABLE.is_valid(s, TODAY) or TABLE.below(s, TODAY))
    ]


@pytest.mark.parametrize(
    ("code", "offers"),
    [
        ("M54.5", {"M5450", "M5451", "M5459"}),
        ("M51.36", {"M51360", "M51361", "M51362", "M51369"}),
        ("S39.012", {"S39012A", "S39012D", "S39012S"}),
        ("s13.4", {"S134XXA", "S134XXD", "S134XXS"}),
        ("S13.4A", {"S134XXA", "S134XXD", "S134XXS"}),
        ("S52.501", {f"S52501{seventh}" for seventh in "ABCDEFGHJKMNPQRS"}),
        ("T85.7XXS", {"T84010S", "T8579XS"}),
        ("XYZ", set()),
    ],
)
def test_candidates_come_by_spelling_and_by_meaning(code, offers):
    assert offers <= {candidate.code for candidate in SEARCH.instead_of(code, TODAY, 12)}


@pytest.mark.parametrize(
    ("code", "characters"),
    [
        ("S39.012", "ADS"),
        ("S134XX", "ADS"),
        ("M84.48", "ADGKPS"),
        ("S13", ""),
        ("M54.5", ""),
        ("S39.012A", ""),
        ("?", ""),
    ],
)
def test_a_code_that_lacks_only_its_seventh_character_is_known_as_such(code, characters):
    assert "".join(found[6] for found in SEARCH.seventh_characters(code, TODAY)) == characters


def test_a_search_offers_every_phase_of_one_injury_and_says_of_many_that_there_are_more():
    assert [one.code[6] for one in SEARCH.find("s39.012", TODAY)] == ["A", "D", "S"]
    many = SEARCH.find("ankle sprain", TODAY)
    assert {one.code[6] for one in many} == {"A"}
    assert all("D while it heals" in one.note for one in many)
    assert not any(one.note for one in SEARCH.find("neck pain", TODAY) if one.code[0] == "M")


_COST = """
import datetime, tracemalloc
import shared.codesets
tracemalloc.start()
codes = shared.codesets.bundled()
codes.diagnoses.status("M54.5", datetime.date(2026, 5, 1))
codes.excludes
print(tracemalloc.get_traced_memory()[0])
"""


def test_the_whole_table_takes_less_than_twenty_megabytes():
    kept_bytes = int(subprocess.check_output([sys.executable, "-c", _COST]))
    assert 1_000_000 < kept_bytes < 20_000_000


@pytest.mark.parametrize(
    ("code", "day", "validity"),
    [
        ("V20.0XXA", date(2022, 9, 30), "valid"),
        ("V20.0XXA", date(2022, 10, 1), "ended"),
        ("V20.01XA", date(2022, 9, 30), "not_yet"),
        ("S06.0XAA", date(2022, 10, 1), "valid"),
        ("S06.0X0A", date(2021, 1, 1), "valid"),
        ("G71.036", date(2025, 9, 30), "not_yet"),
        ("G71.036", date(2025, 10, 1), "valid"),
    ],
)
def test_known_dates_narrow_the_gap_between_two_editions_and_nothing_else(code, day, validity):
    assert TABLE.status(code, day).validity.value == validity
