"""Importers of the public files, in their public layout: all or nothing, bad rows by line."""

from datetime import date

import pytest

from shared.codesets import CodeSets, ImportRefused
from shared.codesets.icd10 import Validity, read_order_file, with_edition
from shared.codesets.icd10.order_file import Edition, table_of
from shared.codesets.pair_edits import import_pairs
from shared.codesets.unit_limits import import_limits

OCTOBER, APRIL = date(2026, 10, 1), date(2027, 4, 1)


def order(*rows):
    return [f"{number:05d} {code:<7} {flag} {text:<60} {text}" for number, (code, flag, text) in enumerate(rows, 1)]


OLD = order(("M54", 0, "Dorsalgia"), ("M542", 1, "Cervicalgia"), ("M545", 1, "Low back pain"))
NEW = order(
    ("M54", 0, "Dorsalgia"),
    ("M542", 1, "Cervicalgia"),
    ("M545", 0, "Low back pain"),
    ("M5450", 1, "Low back pain, unspecified"),
)


def table():
    first = Edition(date(2025, 10, 1), date(2026, 9, 30), tuple(read_order_file(OLD)))
    return table_of([first], "test", "1", {})


def test_the_next_edition_begins_and_ends_codes_on_its_first_day():
    later = with_edition(table(), NEW, OCTOBER, date(2027, 9, 30))
    last = date(2026, 9, 30)
    assert later.status("M545", last).validity is Validity.VALID
    assert later.status("M545", OCTOBER).validity is Validity.ENDED
    assert later.status("M5450", last).validity is Validity.NOT_YET
    assert later.status("M5450", OCTOBER).validity is Validity.VALID
    assert later.status("M542", date(2025, 10, 1)).valid and later.status("M542", date(2027, 9, 30)).valid


def test_an_april_update_cuts_the_edition_short():
    yearly = with_edition(table(), OLD, OCTOBER, date(2027, 9, 30))
    april = with_edition(yearly, NEW, APRIL, date(2027, 9, 30))
    assert april.status("M545", date(2027, 3, 31)).valid
    assert april.status("M545", APRIL).validity is Validity.ENDED
    assert april.status("M5450", APRIL).valid


def test_a_missing_edition_leaves_the_gap_uncertain():
    gap = with_edition(table(), NEW, date(2028, 10, 1), date(2029, 9, 30))
    assert gap.status("M5450", date(2027, 5, 1)).validity is Validity.UNCERTAIN
    assert gap.status("M545", date(2027, 5, 1)).validity is Validity.UNCERTAIN
    assert gap.status("M542", date(2027, 5, 1)).valid


def test_the_table_at_hand_is_not_touched_by_an_import():
    before = table()
    packed = before.packed()
    with_edition(before, NEW, OCTOBER, date(2027, 9, 30))
    assert before.packed() == packed


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda line: "x" + line[1:], "order number"),
        (lambda line: line[:6] + "?????? " + line[13:], "not an ICD-10-CM code"),
        (lambda line: line[:14] + "7" + line[15:], "column 15"),
        (lambda line: line[:16], "no description"),
        (lambda line: line + "x" * 700, "longer"),
        (lambda line: OLD[0], "second time"),
        (lambda line: "00004" + line[5:], "order number 3 is missing"),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_nothing_is_taken(spoil, word):
    lines = [*OLD[:2], spoil(OLD[2])]
    with pytest.raises(ImportRefused) as caught:
        read_order_file(lines)
    assert [row.line for row in caught.value.rows] == [3]
    assert word in caught.value.rows[0].message


def test_a_file_without_its_beginning_or_its_end_is_refused():
    with pytest.raises(ImportRefused) as caught:
        read_order_file(OLD[1:])
    assert [(row.line, row.message) for row in caught.value.rows] == [(1, "order number 1 is missing before this row")]
    rows = tuple(read_order_file(order(("A00", 0, "Cholera"), ("M54", 0, "Back"))))
    whole = table_of([Edition(OCTOBER, APRIL, rows)], "", "", {})
    for some, message in (
        ((("A00", 0, "Cholera"),), "the file has no code that begins with M; it was cut short"),
        ((("A00", 0, "Cholera"), ("M53", 0, "Back")), "the file ends at M53, before M54; it was cut short"),
    ):
        with pytest.raises(ImportRefused) as caught:
            with_edition(whole, order(*some), APRIL, date(2027, 9, 30))
        assert [row.message for row in caught.value.rows] == [message]


def test_an_empty_file_and_an_edition_of_the_past_are_refused():
    with pytest.raises(ImportRefused):
        read_order_file(["", "\n"])
    with pytest.raises(ImportRefused):
        with_edition(table(), NEW, date(2020, 10, 1), date(2021, 9, 30))


def test_a_file_of_another_kind_is_given_up_after_a_hundred_bad_rows():
    with pytest.raises(ImportRefused) as caught:
        read_order_file(f"row {number}" for number in range(10**9))
    assert len(caught.value.rows) == 100


PAIRS = [
    "CPT only copyright\n",
    "Column1/Column2 Edits\n",
    "Column 1\tColumn 2\t*=In existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\n",
    "\t\tprior to 1996\tDate\tDate *=no data\t0=not allowed\t\n",
    "97140\t97124\t \t19960101\t*\t0\tMore extensive\n",
    "97140\t97530\t \t20200101\t20200101\t1\tMisuse\n",
    "98940\t97124\t*\t19960101\t*\t1\tMore extensive\n",
    "11102\t97124\t \t20190101\t20181231\t9\tWithdrawn\n",
]


def test_ncci_pairs_are_read_in_their_public_layout():
    pairs = import_pairs(PAIRS, "2026-07")
    on = date(2026, 7, 1)
    assert pairs.between("97124", "97140", on).indicator == 0
    assert pairs.between("97124", "98940", on).column1 == "98940"
    assert pairs.between("97140", "97530", on) is None
    assert pairs.between("97140", "97530", date(2020, 1, 1)).indicator == 1
    assert pairs.between("11102", "97124", on) is None
    assert pairs.version == "2026-07"


def test_only_wanted_pairs_are_kept():
    assert len(import_pairs(PAIRS, "x", frozenset({"97124", "97140"}))) == 1


@pytest.mark.parametrize(
    "bad",
    [
        "97140\t97124\n",
        "97140\tHELLO\t \t19960101\t*\t0\tx\n",
        "97140\t97124\t \t19961301\t*\t0\tx\n",
        "97140\t97124\t \t19960101\tlater\t0\tx\n",
        "97140\t97124\t \t19960101\t*\t5\tx\n",
    ],
)
def test_a_bad_pair_refuses_the_whole_file(bad):
    with pytest.raises(ImportRefused) as caught:
        import_pairs([*PAIRS, bad], "x")
    assert [row.line for row in caught.value.rows] == [len(PAIRS) + 1]


LIMITS = [
    "HCPCS/CPT Code\tPractitioner Services MUE Values\tMUE Adjudication Indicator\tMUE Rationale\n",
    "97124\t4\t3 Date of Service Edit: Clinical\tClinical: Data\n",
    "98940\t1\t2 Date of Service Edit: Policy\tCode Descriptor\n",
    "A4649\t10\t1 Line Edit\tCMS Policy\n",
]


def test_mue_values_are_read_in_their_public_layout():
    limits = import_limits(LIMITS, "2026-07")
    assert (limits.get("97124").units, limits.get("97124").indicator) == (4, 3)
    assert limits.get("A4649").indicator == 1
    assert limits.get("97140") is None


@pytest.mark.parametrize(
    "bad", ["97124\t4\n", "97140\tmany\t3 x\n", "97140\t4\t4 x\n", "97124\t4\t3 again\n", "xx\t4\t3\n"]
)
def test_a_bad_mue_row_refuses_the_whole_file(bad):
    with pytest.raises(ImportRefused) as caught:
        import_limits([*LIMITS, bad], "x")
    assert caught.value.rows[0].line == 5
    assert "line 5" in str(caught.value)


def test_files_without_rows_are_refused():
    for read in (import_pairs, import_limits):
        with pytest.raises(ImportRefused):
            read(["header only\n"], "x")


def test_imported_editions_are_packed_and_take_the_place_of_ours():
    pairs, limits = import_pairs(PAIRS, "2026-07"), import_limits(LIMITS, "2026-07")
    files = {"icd10": table().packed(), "ncci": pairs.packed(), "mue": limits.packed()}
    codes = CodeSets.of_files(files)
    assert codes.pairs.packed() == files["ncci"] and codes.limits.packed() == files["mue"]
    assert codes.pairs.edits() == pairs.edits()
    assert codes.limits.get("98940").units == 1
    assert len(codes.diagnoses) == 3
    assert len(CodeSets.of_files({}).diagnoses) > 90_000


OWN = """source = "our contract"
version = "2026"
effective_from = 2026-01-01
[[procedure]]
codes = ["97799"]
labels = ["Other therapy"]
timed = true
family = "procedure"
always_therapy = true
"""


def test_an_operators_own_procedures_come_beside_ours():
    procedures = CodeSets.of_files({"procedures": OWN.encode()}).procedures
    assert procedures.get("97799").timed and procedures.get("97124").timed
    assert "our contract" in procedures.source


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("[[procedure]]", "[[other]]"),
        ('"97799"', '"9779"'),
        ('"Other therapy"', ""),
        ("true", "1"),
        ('"procedure"', '"magic"'),
        ("=", ""),
    ],
)
def test_a_list_of_procedures_that_does_not_fit_is_refused(right, wrong):
    with pytest.raises(ImportRefused):
        CodeSets.of_files({"procedures": OWN.replace(right, wrong).encode()}).procedures.get("97124")
