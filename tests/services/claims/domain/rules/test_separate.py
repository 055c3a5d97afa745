"""What shows that two procedures of a pair were separate, by pair and by modifier: other regions, other times."""

from dataclasses import replace

import pytest

from services.claims.domain.rules import check
from services.claims.domain.scrubber_input import TechniqueInput
from tests.services.claims.domain.rules.clean_claims import (
    CHIROPRACTOR,
    CLEAN,
    PHYSICAL,
    all_of,
    billed,
    claim,
    note,
    provider,
)

SEPARATE, UNPROVEN = "pair_needs_modifier", "pair_modifier_without_proof"


def pair_findings(*work, modifiers=None, more=()):
    """The findings about pairs of these techniques; `more` are techniques that bring no line of their own."""
    taxonomy = CHIROPRACTOR if work[0][0].startswith("98") else PHYSICAL
    change = all_of(billed(*work, modifiers=modifiers or {}), provider(taxonomy=taxonomy), claim(taxonomy=taxonomy))
    context = change(CLEAN)
    if more:
        context = note(techniques=(*context.note.techniques, *more))(context)
    return [one for one in check(context) if one.code in {SEPARATE, UNPROVEN}]


def proves(modifier, *work, more=()):
    """Whether the second procedure may carry the modifier."""
    found = pair_findings(*work, modifiers={work[1][0]: [modifier]}, more=more)
    assert all(one.code == UNPROVEN for one in found)
    return not found


MANUAL, TEST = ("97140", 15, "neck", 0), ("97750", 15, "neck", 15)
ADJUSTED, MASSAGE = ("98940", 10, "neck", 0), ("97124", 30, "low back", 15)


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        pytest.param(MANUAL, TEST, True, id="one after the other"),
        pytest.param(TEST, MANUAL, True, id="the other way round"),
        pytest.param(MANUAL, ("97750", 15, "neck", 14), False, id="a minute together"),
        pytest.param(MANUAL, ("97750", 15, "neck", None), False, id="one start is not known"),
        pytest.param(("97140", 15, "neck", None), ("97750", 15, "knee", None), True, id="other regions"),
        pytest.param(
            ("97140", 15, "neck", None), ("97750", 15, "cervical", None), False, id="two words for one region"
        ),
        pytest.param(("97140", 15, "neck", None), ("97750", 15, "C5-C6", None), False, id="a level of the region"),
        pytest.param(("97140", 15, "neck", None), ("97750", 15, "the usual", None), False, id="a word not known"),
        pytest.param(("97140", 15, "left knee", None), ("97750", 15, "right knee", None), True, id="other sides"),
        pytest.param(("97140", 15, "left neck", None), ("97750", 15, "right neck", None), False, id="sides of a spine"),
        pytest.param(("97140", 9, "neck", 0), ("97750", 9, "neck", 9), True, id="short, and one after the other"),
    ],
)
def test_two_timed_procedures_are_separate_in_other_regions_or_at_other_times(first, second, shown):
    assert proves("59", first, second) is shown


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        pytest.param(TechniqueInput("97140", 10, "neck", start_minute=30), False, id="a change back"),
        pytest.param(TechniqueInput("97750", 10, "neck", start_minute=30), True, id="more of the second"),
        pytest.param(TechniqueInput("97750", 10, "neck"), False, id="at a time not known"),
        pytest.param(TechniqueInput("97110", 10, "neck", start_minute=5), True, id="a third procedure between"),
    ],
)
def test_one_procedure_is_over_before_the_other_begins_whatever_else_is_done(more, shown):
    assert proves("59", MANUAL, TEST, more=(more,)) is shown


def test_every_technique_of_both_procedures_is_in_a_region_of_its_own():
    elsewhere = TechniqueInput("97124", 15, "neck and shoulders", start_minute=45)
    assert proves("59", ADJUSTED, MASSAGE)
    assert not proves("59", ADJUSTED, MASSAGE, more=(elsewhere,))
    assert not proves("59", ADJUSTED, MASSAGE, more=(replace(elsewhere, region="somewhere"),))
    assert proves("59", ADJUSTED, MASSAGE, more=(replace(elsewhere, region="knee"),))


def test_the_side_counts_as_it_is_given_beside_the_words():
    work = ("97140", 15, "knee", None), ("97750", 15, "knee", None)
    for sides, separate in ((("left", "right"), True), (("left", "both"), False), (("left", ""), False)):
        change = all_of(billed(*work, modifiers={"97750": ["59"]}), provider(taxonomy=PHYSICAL))
        context = change(CLEAN)
        techniques = (replace(one, side=side) for one, side in zip(context.note.techniques, sides, strict=True))
        found = [one for one in check(note(techniques=tuple(techniques))(context)) if one.code == UNPROVEN]
        assert (not found) is separate


def test_beside_manipulation_only_another_region_counts_and_for_a_group_only_another_time():
    assert not proves("59", ADJUSTED, ("97124", 30, "neck", 15))
    assert proves("59", ADJUSTED, ("97124", 30, "low back", None))
    assert not proves("59", ("97150", 30, "knee", None), ("97110", 15, "neck", None))
    assert proves("59", ("97150", 30, "neck", 0), ("97110", 15, "neck", 30))


@pytest.mark.parametrize(
    ("modifier", "by_region", "by_time"),
    [("59", True, True), ("XU", True, True), ("XS", True, False), ("XE", False, False), ("XP", False, False)],
)
def test_a_modifier_is_proven_by_what_it_states(modifier, by_region, by_time):
    """XS states another structure; XE another encounter and XP another practitioner, which are never on one note."""
    assert proves(modifier, ("97140", 15, "neck", None), ("97750", 15, "knee", None)) is by_region
    assert proves(modifier, MANUAL, TEST) is by_time


SENTENCES = [
    ((MANUAL, ("97750", 15, "neck", 5)), "59", "other regions or a start for each technique, so that one procedure is"),
    ((MANUAL, ("97750", 15, "usual", 5)), "XS", "takes other regions (that of 97750 is not one of the list)."),
    ((ADJUSTED, ("97124", 30, "neck", 15)), "59", "the note does not show it: that takes other regions."),
    ((("97150", 30, "neck", 0), ("97110", 15, "knee", 5)), "59", "it: that takes a start for each technique, so that"),
    ((MANUAL, TEST), "XE", "another encounter or another practitioner has a note, and a claim, of its own."),
]


@pytest.mark.parametrize(("work", "modifier", "sentence"), SENTENCES)
def test_what_is_missing_is_said(work, modifier, sentence):
    (found,) = pair_findings(*work, modifiers={work[1][0]: [modifier]})
    assert sentence in found.message


@pytest.mark.parametrize(
    ("work", "fix"),
    [
        ((MANUAL, TEST), "The note shows that they were at other times: add 59 to 97750 (`modifiers` of the claim)."),
        ((ADJUSTED, MASSAGE), "The note shows that they were in other regions: add 59 to 97124"),
        ((MANUAL, ("97750", 15, "knee", 15)), "they were at other times and in other regions: add 59"),
        ((ADJUSTED, ("97124", 30, "neck", 15)), "Leave 97124 off (`left_off`). 59 is only for what the note shows"),
    ],
)
def test_a_modifier_is_offered_where_the_note_shows_what_it_states(work, fix):
    (found,) = pair_findings(*work)
    assert fix in found.fix
    assert [step.value[0] for step in found.patch] == (["59"] if "add 59" in fix else [])
