"""Lines from a note: units, modifiers, pointers, charges, and what stays off."""

from dataclasses import replace

import pytest

from services.claims.domain.lines import build_lines
from services.claims.domain.scrubber_input import TechniqueInput, visits_a_week
from shared.codesets import bundled
from shared.payer_profiles import profile_from, profile_named
from tests.services.claims.domain.rules.clean_claims import MASSAGE, NOTE

FEES = {"97124": 4500, "97140": 5200, "97110": 5000, "97010": 1500}
CMS = profile_from({"extends": "commercial", "unit_method": "cms"})


def built_of(note, payer, taxonomy=MASSAGE, **options):
    return build_lines(note, payer, FEES, taxonomy=taxonomy, codes=bundled(), **options)


def noted(*techniques, diagnoses=("M54.59", "M25.551")):
    return replace(NOTE, techniques=tuple(TechniqueInput(*one) for one in techniques), diagnoses=diagnoses)


def test_units_come_from_minutes_by_the_payers_method():
    note = noted(("97124", 33), ("97110", 7))
    cms, ama = built_of(note, CMS), built_of(note, profile_named("commercial"))
    assert [(line.procedure_code, line.units, line.charge_cents) for line in cms.lines] == [
        ("97124", 2, 9000),
        ("97110", 1, 5000),
    ]
    assert [(line.procedure_code, line.units) for line in ama.lines] == [("97124", 2)]
    assert cms.arithmetic.startswith("33 + 7 = 40 minutes = 3 units: 30 whole to 97124")


def test_a_line_of_no_units_stays_on_the_note():
    built = built_of(noted(("97124", 33), ("97110", 7)), profile_named("commercial"))
    assert [(entry.procedure_code, entry.minutes) for entry in built.dropped] == [("97110", 7)]
    assert built.unbilled_minutes == 7
    assert "7 minutes of 97110 not billed" in built.arithmetic


def test_several_regions_of_one_code_are_one_line():
    built = built_of(noted(("97124", 15, "neck"), ("97110", 15), ("97124", 15, "back")), CMS)
    assert [(line.procedure_code, line.minutes, line.units) for line in built.lines] == [
        ("97124", 30, 2),
        ("97110", 15, 1),
    ]


def test_untimed_work_is_one_unit_and_adds_no_minutes():
    built = built_of(noted(("97124", 22), ("97010", 15)), CMS)
    assert [(line.procedure_code, line.units, line.minutes) for line in built.lines] == [
        ("97124", 1, 22),
        ("97010", 1, None),
    ]
    assert "97010 is untimed and counts 1 unit" in built.arithmetic


def test_an_unknown_procedure_is_never_billed_by_guess():
    built = built_of(noted(("97124", 30), ("97999", 30)), CMS)
    assert [line.procedure_code for line in built.lines] == ["97124"]
    assert [(one.procedure_code, one.why) for one in built.dropped] == [("97999", "it is not a known procedure")]


def test_the_payers_modifiers_come_after_the_billers():
    note = noted(("97124", 30))
    assert built_of(note, profile_named("va_community_care")).lines[0].modifiers == ("GP",)
    built = built_of(note, profile_named("va_community_care"), modifiers={"97124": ["59", "GP"]})
    assert built.lines[0].modifiers == ("59", "GP")
    assert built_of(note, CMS).lines[0].modifiers == ()
    four = ["59", "KX", "22", "52"]
    built = built_of(note, profile_named("va_community_care"), modifiers={"97124": four})
    assert built.lines[0].modifiers == tuple(four), "SV101 has room for four: GP is left out, and a rule says so"


def test_pointers_follow_the_techniques_diagnoses_and_are_four_at_most():
    codes = ("M54.59", "M25.551", "M54.2", "M54.6", "M62.830")
    note = replace(
        noted(("97124", 15), diagnoses=codes),
        techniques=(TechniqueInput("97124", 15, diagnoses=("M54.2", "M62.830")), TechniqueInput("97110", 15)),
    )
    assert [line.pointers for line in built_of(note, CMS).lines] == [(3, 5), (1, 2, 3, 4)]


def test_a_line_points_first_to_what_its_techniques_name_first_however_it_is_written():
    note = replace(
        noted(("97124", 30), diagnoses=("M54.59", "M25.551", "M54.2")),
        techniques=(
            TechniqueInput("97124", 15, diagnoses=("m542", "M54.59")),
            TechniqueInput("97124", 15, diagnoses=("M54.59", "M25.551")),
        ),
    )
    assert built_of(note, CMS).lines[0].pointers == (3, 1, 2)


def test_a_technique_that_names_nothing_treated_everything_beside_one_that_does():
    techniques = (TechniqueInput("97124", 15, diagnoses=("M54.2",)), TechniqueInput("97124", 15))
    note = replace(noted(("97124", 30), diagnoses=("M54.59", "M54.2")), techniques=techniques)
    assert built_of(note, CMS).lines[0].pointers == (2, 1)


def test_an_external_cause_is_pointed_to_only_when_it_stands_alone():
    assert built_of(noted(("97124", 15), diagnoses=("S39.012A", "W18.30XA")), CMS).lines[0].pointers == (1,)
    assert built_of(noted(("97124", 15), diagnoses=("W18.30XA",)), CMS).lines[0].pointers == (1,)
    assert built_of(noted(("97124", 15), diagnoses=()), CMS).lines[0].pointers == ()


def test_a_procedure_without_a_fee_is_charged_nothing():
    built = built_of(noted(("97112", 15)), CMS)
    assert built.lines[0].charge_cents == 0


def test_procedures_that_tie_for_the_last_unit_are_named_whoever_gets_it():
    note = noted(("97124", 20), ("97110", 20), ("97140", 15))
    built, chosen = built_of(note, CMS), built_of(note, CMS, tie_order=("97110",))
    assert [(line.procedure_code, line.units) for line in built.lines] == [("97124", 2), ("97110", 1), ("97140", 1)]
    assert [(line.procedure_code, line.units) for line in chosen.lines] == [("97124", 1), ("97110", 2), ("97140", 1)]
    assert built.ties == chosen.ties == ("97124", "97110")
    assert built_of(note, profile_named("commercial")).ties == ()


def test_a_note_without_techniques_gives_no_line():
    built = built_of(noted(), CMS)
    assert built.lines == ()
    assert built.arithmetic == "No timed minutes."


@pytest.mark.parametrize(
    ("words", "visits"),
    [
        ("2x/week for 6 weeks", 2), ("Once a week for six weeks", 1), ("twice per week", 2), ("3 visits a week", 3),
        ("weekly", 1), ("two times each week", 2), ("as needed", None), ("", None), ("12 visits", None),
    ],
)  # fmt: skip
def test_a_plans_words_become_visits_a_week(words, visits):
    assert visits_a_week(words) == visits


@pytest.mark.parametrize(
    ("taxonomy", "modifier"),
    [("225700000X", "GP"), ("225100000X", "GP"), ("225X00000X", "GO"), ("225XH1200X", "GO"), ("999999999X", "GP")],
)
def test_a_payer_that_wants_gp_gets_the_modifier_of_the_therapists_own_plan_of_care(taxonomy, modifier):
    """Medicare Claims Processing Manual ch. 5 §20.1."""
    built = built_of(noted(("97124", 30), ("97010", 5)), profile_named("va_community_care"), taxonomy)
    assert [line.modifiers for line in built.lines] == [(modifier,), (modifier,)]


def test_an_evaluation_is_under_the_plan_of_its_own_discipline():
    built = built_of(noted(("97161", 30), ("97165", 30)), profile_named("va_community_care"))
    assert [(line.procedure_code, line.modifiers) for line in built.lines] == [("97161", ("GP",)), ("97165", ("GO",))]


MANY = ("M79.18", "M54.59", "F43.9", "M25.511", "M54.2", "M25.512", "W18.30XA")
"""Myalgia of no site, low back, stress, right shoulder, neck, left shoulder, and a fall."""


@pytest.mark.parametrize(
    ("techniques", "pointers"),
    [
        ([("neck", "")], (5,)),
        ([("lumbar paraspinals", "")], (2,)),
        ([("shoulder", "left")], (6,)),
        ([("shoulders", "")], (4, 6)),
        ([("neck and right shoulder", "")], (4, 5)),
        ([("neck", ""), ("low back", "")], (5, 2)),
        ([("knee", "")], (1, 2, 3, 4)),
        ([("where it hurts", "")], (1, 2, 3, 4)),
        ([("neck", ""), ("knee", "")], (5, 1, 2, 3)),
    ],
)
def test_where_more_diagnoses_apply_than_a_line_can_point_to_those_of_the_techniques_regions_are_taken(
    techniques, pointers
):
    done = [("97124", 30 // len(techniques), region, side) for region, side in techniques]
    assert built_of(noted(*done, diagnoses=MANY), CMS).lines[0].pointers == pointers


def test_four_diagnoses_all_apply_wherever_the_technique_was():
    assert built_of(noted(("97124", 30, "neck"), diagnoses=(*MANY[1:5], MANY[6])), CMS).lines[0].pointers == (
        1,
        2,
        3,
        4,
    )
