"""An edition of Medicare's edits that is older than the service says so, and warns where it finds something."""

from datetime import date

import pytest

from shared.codesets import bundled
from tests.services.claims.domain.rules.cases_editions import edition
from tests.services.claims.domain.rules.clean_claims import all_of, billed, findings_of

OLD = edition("2024-07")


def the(*changes):
    (found,) = findings_of("edits_older_than_service", all_of(OLD, *changes))
    return found


def test_two_procedures_that_old_pairs_let_pass_are_for_information():
    found = the()
    assert (found.severity, found.pointer) == ("info", "/claim/lines")
    assert found.message == (
        "This claim was judged by the NCCI pairs of 2024-07 (through 2024-09-30, 20 months before the service); "
        "what changed since is not known here."
    )
    assert "/v1/code-sets/{kind}/editions" in found.fix


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((("97140", 15), ("97124", 15)), "the NCCI pairs of 2024-07"),
        ((("98940", None), ("97112", 15)), "the NCCI pairs of 2024-07"),
        ((("97124", 75),), "the MUE values of 2024-07"),
    ],
)
def test_what_old_editions_find_warns_once_a_claim(lines, words):
    found = the(billed(*lines))
    assert found.severity == "warn"
    assert found.message.startswith(f"This claim was judged by {words} (")


def test_both_editions_are_named_where_both_find_something():
    assert " and by the MUE values of 2024-07 (" in the(billed(("97140", 15), ("97124", 75))).message


@pytest.mark.parametrize(
    ("pair", "first", "indicator"),
    [
        ("97140/97124", date(1999, 1, 1), 0),
        ("98940/97112", date(1997, 1, 1), 1),
        ("97161/97750", date(2017, 1, 1), 0),
        ("98940/97163", date(2017, 1, 1), 0),
        ("97161/97140", date(2020, 10, 1), 1),
        ("97163/97140", date(2020, 10, 1), 1),
        ("97530/97116", date(2020, 10, 1), 1),
        ("97110/97164", date(2020, 10, 1), 1),
        ("97150/97110", date(2020, 10, 1), 1),
    ],
)
def test_a_pair_holds_from_its_own_first_day(pair, first, indicator):
    column1, column2 = pair.split("/")
    edit = bundled().pairs.between(column2, column1, first)
    assert (edit.column1, edit.column2, edit.indicator, edit.days.effective_from) == (
        column1,
        column2,
        indicator,
        first,
    )
    before = bundled().pairs.between(column1, column2, date.fromordinal(first.toordinal() - 1))
    assert before is None


def test_a_pair_that_was_withdrawn_for_half_a_year_holds_before_and_after():
    between = bundled().pairs.between
    assert between("97150", "97112", date(2020, 3, 31)) and between("97150", "97112", date(2020, 10, 1))
    assert between("97150", "97112", date(2020, 4, 1)) is None


@pytest.mark.parametrize("evaluation", ["97161", "97162", "97163", "97165"])
@pytest.mark.parametrize("procedure", ["97530", "97150", "97110"])
def test_an_evaluation_is_no_pair_with_exercise_activities_or_a_group(evaluation, procedure):
    """CMS took the pairs of January 2020 back."""
    assert bundled().pairs.between(evaluation, procedure, date(2026, 3, 2)) is None
