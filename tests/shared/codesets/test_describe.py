from datetime import date

import pytest

from shared.codesets import bundled
from shared.codesets.describe import describe

ON = date(2026, 5, 1)


def test_an_ended_diagnosis_says_its_last_day_and_what_it_became():
    (told,) = describe(bundled(), "m54.5", ON)
    assert (told["set"], told["validity"], told["billable_to"], told["in_force"]) == (
        "icd10",
        "ended",
        "2021-09-30",
        False,
    )
    assert [offer["code"] for offer in told["instead"]] == ["M54.50", "M54.51", "M54.59"]


def test_a_procedure_says_whether_it_is_timed_and_what_is_not_paid_beside_it():
    told = describe(bundled(), "97124", ON)[0]
    assert told["timed"] is True and told["units_a_day"] == 4
    assert {"with": "97140", "not_paid": "97124", "indicator": 0} in told["edits"]


def test_a_code_that_does_not_exist_still_gets_candidates():
    assert describe(bundled(), "T85.7XXS", ON)[0]["validity"] == "unknown"


def test_a_code_may_be_in_several_sets():
    assert {told["set"] for told in describe(bundled(), "11", ON)} == {
        "places",
        "filing_indicators",
        "adjustment_reasons",
    }


@pytest.mark.parametrize(
    ("code", "name"),
    [("GP", "modifiers"), ("WA", "states"), ("MA130", "remarks"), ("225700000X", "taxonomies"), ("1234567893", "npi")],
)
def test_each_set_answers_with_its_source(code, name):
    told = [entry for entry in describe(bundled(), code, ON) if entry["set"] == name]
    assert told and told[0]["source"]


@pytest.mark.parametrize("code", ["", "HELLO", "x" * 1000, "\x00", "é"])
def test_what_no_set_knows_is_an_empty_answer(code):
    assert describe(bundled(), code, ON) == []
