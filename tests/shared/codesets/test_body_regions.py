"""Words of a note become regions of the list, a word that is not known makes the whole unknown, and only what has
nothing in common is apart."""

import pytest

from shared.codesets import bundled
from shared.codesets.body_regions import BodyPlace

LIST = bundled().body_regions
READ = {
    "low back": (["lumbar"], ""),
    "Low-Back": (["lumbar"], ""),
    "lumbar": (["lumbar"], ""),
    "upper_arm": (["upper_arm"], ""),
    "Right shoulder": (["shoulder"], "right"),
    "L shoulder": (["shoulder"], "left"),
    "R. knee": (["knee"], "right"),
    "b/l calves": (["lower_leg"], "both"),
    "left and right hips": (["hip"], "both"),
    "right-sided neck": (["cervical"], "right"),
    "neck and shoulders": (["cervical", "shoulder"], ""),
    "neck, upper back": (["cervical", "thoracic"], ""),
    "C5": (["cervical"], ""),
    "C5-C7": (["cervical"], ""),
    "c7 to t1": (["cervical", "thoracic"], ""),
    "c7 - l1": (["cervical", "lumbar", "thoracic"], ""),
    "L5/S1": (["lumbar", "sacral"], ""),
    "L4-5": (["lumbar"], ""),
    "cervical spine": (["cervical"], ""),
    "lumbar paraspinals": (["lumbar"], ""),
    "neck and trapezius": (["cervical", "shoulder", "thoracic"], ""),
    "upper traps": (["cervical", "shoulder"], ""),
    "lower cervical region": (["cervical"], ""),
    "back": (["lumbar", "sacral", "thoracic"], ""),
    "SI joints": (["pelvic"], ""),
    "glutes": (["hip", "pelvic"], ""),
    "posterior thigh": (["thigh"], ""),
}


@pytest.mark.parametrize("text", READ)
def test_words_are_read_as_regions_and_a_side(text):
    regions, side = READ[text]
    assert LIST.read(text) == BodyPlace(frozenset(regions), side)


@pytest.mark.parametrize(
    "text", ["somewhere", "neck, foo", "the usual place", "left", "upper", "", "c9", "l0", "t13", "q5", "l5-c9", "♥"]
)
def test_a_word_that_is_not_known_leaves_the_place_unknown(text):
    assert LIST.read(text) is None


def test_the_side_that_is_given_goes_before_the_one_in_the_words():
    assert LIST.read("shoulder", "left") == BodyPlace(frozenset({"shoulder"}), "left")
    assert LIST.read("right shoulder", "both") == BodyPlace(frozenset({"shoulder"}), "both")


APART = [
    ("neck", "low back", True),
    ("neck", "upper back", True),
    ("low back", "lumbar", False),
    ("back", "low back", False),
    ("lumbar", "lumbosacral", False),
    ("upper trapezius", "neck", False),
    ("upper trapezius", "shoulder", False),
    ("left shoulder", "right shoulder", True),
    ("left shoulder", "shoulder", False),
    ("left shoulder", "bilateral shoulders", False),
    ("left neck", "right neck", False),
    ("left neck and left shoulder", "right neck and right shoulder", False),
    ("left arm", "right arm", True),
    ("whole body", "foot", False),
]


@pytest.mark.parametrize(("one", "other", "apart"), APART)
def test_places_are_apart_where_they_have_no_region_in_common_or_are_on_opposite_sides(one, other, apart):
    """A spinal region has no sides: the right of the neck and its left are one region."""
    first, second = LIST.read(one), LIST.read(other)
    assert LIST.apart(first, second) is LIST.apart(second, first) is apart


def test_every_name_of_the_list_is_read_as_itself():
    assert len(LIST.codes) == 26
    for code in LIST.codes:
        assert LIST.read(code).regions == LIST.of_codes([code])
    assert LIST.of_codes(["back", "knee"]) == {"thoracic", "lumbar", "sacral", "knee"}
