"""The visits of one day as one note: who did what, when, and for which diagnoses."""

from dataclasses import replace
from datetime import timedelta

from services.claims.domain.rules.authorized_lines import may_be_split
from services.claims.domain.same_day_visits import as_one_note
from services.claims.domain.scrubber_input import ProfessionalServiceLine, TechniqueInput
from tests.services.claims.domain.rules.clean_claims import CLAIM, NOTE


def at(hours, **changed):
    """A visit some hours after the first one's, whose massage began with it."""
    moved = timedelta(hours=hours)
    massage = TechniqueInput(procedure_code="97124", minutes=15, start_minute=0)
    timed = {"start": NOTE.start + moved, "end": NOTE.end + moved, "techniques": (massage,)}
    return replace(NOTE, **{**timed, "note_id": f"note_{hours}", **changed})


def test_a_technique_began_when_it_did_also_where_the_first_note_is_of_the_later_visit():
    day = as_one_note([at(2), at(0)])
    assert (day.start, day.end) == (NOTE.start, NOTE.end + timedelta(hours=2))
    assert [(one.note_id, one.start_minute) for one in day.techniques] == [("note_2", 120), ("note_0", 0)]


def test_a_technique_names_her_who_did_it_where_that_is_not_the_first_notes_therapist():
    day = as_one_note([at(0), at(2, therapist_id="thr_2")])
    assert [one.therapist_id for one in day.techniques] == ["", "thr_2"]


def test_a_technique_that_names_no_diagnosis_treated_those_of_its_own_note():
    day = as_one_note([at(0, diagnoses=("M542",)), at(2, diagnoses=("M5459",))])
    assert day.diagnoses == ("M542", "M5459")
    assert [one.diagnoses for one in day.techniques] == [("M542",), ("M5459",)]


def test_the_day_is_signed_when_all_notes_are():
    signed, draft = at(0, signed_on=NOTE.start.date()), at(2, signed=False, signed_on=None)
    assert (as_one_note([signed, draft]).signed, as_one_note([signed, draft]).signed_on) == (False, None)
    last = at(2, signed_on=NOTE.start.date() + timedelta(days=1))
    assert as_one_note([signed, last]).signed_on == NOTE.start.date() + timedelta(days=1)


def a_claim_under(*numbers, therapists):
    """97124 under some authorization numbers, each line of one of the therapists."""
    lines = [
        ProfessionalServiceLine("97124", 1, 4_500, authorization_number=number, therapist_id=therapist)
        for number, therapist in zip(numbers, therapists, strict=True)
    ]
    return replace(CLAIM, lines=tuple(lines))


def test_two_therapists_lines_of_a_procedure_are_split_over_two_claims_and_no_more():
    assert may_be_split(a_claim_under("A", "B", therapists=("", "thr_2")))
    assert not may_be_split(a_claim_under("A", "B", "C", therapists=("", "thr_2", "thr_2")))
    assert may_be_split(a_claim_under("A", "B", "C", therapists=("", "", "")))
