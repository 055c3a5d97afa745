"""What a diagnosis says of its side and site is read from the classification; of age, sex and place, from lists."""

from datetime import date

import pytest

from shared.codesets import bundled

TODAY = date(2026, 5, 4)
EDITS = bundled().diagnosis_edits
TABLE = bundled().diagnoses


@pytest.mark.parametrize(
    ("code", "sides"),
    [
        ("M25.519", ("M25511", "M25512")),
        ("M75.100", ("M75101", "M75102")),
        ("m5430", ("M5431", "M5432")),
        ("M79.603", ("M79601", "M79602")),
        ("S43.409A", ("S43401A", "S43402A")),
        ("S93.409D", ("S93401D", "S93402D")),
        ("M25.511", ()),
        ("M54.2", ()),
        ("M25.50", ()),
        ("M17.9", ()),
        ("XYZ", ()),
    ],
)
def test_a_side_is_missing_where_codes_that_say_the_same_name_one(code, sides):
    assert EDITS.with_sides(code, TODAY) == sides


def test_only_sides_that_are_billable_on_the_day_are_named():
    assert EDITS.with_sides("M25.519", date(2019, 1, 1)) == ()


def test_every_beginning_of_the_lists_begins_a_code_of_today():
    starts = {start for span in EDITS.spans for start in span.starts}
    for more in (*EDITS._sexes.values(), EDITS._never_first, EDITS._not_alone, EDITS._alone, EDITS._vague):
        starts |= set(more)
    assert [one for one in sorted(starts) if not (TABLE.is_valid(one, TODAY) or TABLE.below(one, TODAY, 1))] == []


def test_no_diagnosis_is_of_both_sexes():
    rows = [TABLE.code_at(row) for row in range(len(TABLE))]
    assert not [code for code in rows if EDITS.other_sex(code, "male") and EDITS.other_sex(code, "female")]
