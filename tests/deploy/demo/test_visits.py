"""The notes of the sample practice: whole, believable, each its own, and in agreement with orders and the calendar."""

import itertools
import re
from datetime import date, datetime

import pytest

from shared.contracts.notes import NotePut
from shared.dates import local_date
from tests.deploy.demo.practice_files import by_id, read, visits

VISITS = visits()
NAMES = [visit["id"] for visit in VISITS]
EACH = pytest.mark.parametrize("visit", VISITS, ids=NAMES)
WRONG_ON_PURPOSE = {"note_0014": {"M54.5"}}
UNTIMED = {"97010"}


@EACH
def test_a_visit_is_a_note_that_the_api_takes_with_a_coverage_and_whether_to_sign(visit):
    assert visit.keys() == {"id", "coverage_id", "sign", "note"}
    note = NotePut.model_validate(visit["note"])
    assert note.actor is not None
    assert note.actor.id == note.therapist_id


@EACH
def test_a_note_says_all_that_an_audit_asks_for(visit):
    note = NotePut.model_validate(visit["note"])
    told = note.subjective
    assert min(map(len, (told.complaint, told.character, told.onset, told.functional_limit))) >= 25
    assert re.search(r"\d", told.functional_limit) or "cannot" in told.functional_limit.lower()
    found = note.objective
    assert min(map(len, (found.range_of_motion, found.palpation, found.posture, found.other))) >= 25
    assert len(note.assessment) >= 120
    assert min(map(len, (note.plan.frequency, note.response))) >= 10
    assert told.pain is not None
    assert note.pain_after is not None
    assert note.pain_after <= told.pain
    assert all(technique.region and len(technique.description) >= 40 for technique in note.techniques)


@EACH
def test_goals_have_a_measure_and_a_date_after_the_visit_and_the_plan_ends(visit):
    note = NotePut.model_validate(visit["note"])
    day = note.started_at.date()
    assert len(note.plan.goals) >= 2
    assert all(day < goal.due_on <= note.plan.ends_on for goal in note.plan.goals)
    assert note.plan.ends_on is not None
    assert (note.plan.ends_on - day).days <= 92


@EACH
def test_billed_minutes_lie_within_the_session(visit):
    note = NotePut.model_validate(visit["note"])
    session = (note.ended_at - note.started_at).total_seconds() / 60
    assert sum(technique.minutes for technique in note.techniques) <= session <= 75


@EACH
def test_the_date_of_service_is_the_local_date_and_before_the_clock_starts(visit):
    zone = read("organization.json")["time_zone"]
    start = datetime.fromisoformat(visit["note"]["started_at"])
    assert local_date(start, zone) == start.date()
    assert date(2026, 4, 20) <= start.date() <= date(2026, 5, 4)
    assert datetime.fromisoformat(visit["note"]["ended_at"]) < datetime.fromisoformat(
        read("organization.json")["clock_start"]
    )


@EACH
def test_the_diagnoses_are_those_of_the_order_that_was_in_force(visit):
    orders = [body for body in by_id("referrals.json").values() if body["coverage_id"] == visit["coverage_id"]]
    day = visit["note"]["started_at"][:10]
    ordered = {
        code for body in orders if body["issued_on"] <= day <= body["effective_to"] for code in body["diagnoses"]
    }
    assert set(visit["note"]["diagnoses"]) - ordered == WRONG_ON_PURPOSE.get(visit["id"], set())


def test_nobody_is_in_two_sessions_at_once():
    sessions = [
        (visit["note"][who], visit["note"]["started_at"], visit["note"]["ended_at"])
        for visit in VISITS
        for who in ("therapist_id", "patient_id")
    ]
    for (one, start, end), (other, begins, ends) in itertools.combinations(sessions, 2):
        assert one != other or end <= begins or ends <= start


def test_one_note_is_left_unsigned():
    assert [visit["id"] for visit in VISITS if not visit["sign"]] == ["note_0021"]


def test_97124_and_97140_meet_in_one_note_only():
    pairs = [visit["id"] for visit in VISITS if {"97124", "97140"} <= _codes(visit)]
    assert pairs == ["note_0013"]


def test_massage_therapists_bill_massage_manual_therapy_and_cold_packs_only():
    therapists = by_id("therapists.json")
    for visit in VISITS:
        if therapists[visit["note"]["therapist_id"]]["taxonomy"] == "225700000X":
            assert _codes(visit) <= {"97124", "97140", *UNTIMED}


def test_no_sentence_stands_in_two_notes():
    seen: dict[str, str] = {}
    for visit in VISITS:
        for text in _texts(visit):
            for sentence in re.split(r"(?<=[.;])\s+", text):
                if len(sentence) >= 40:
                    assert seen.setdefault(sentence.lower(), visit["id"]) == visit["id"]


def test_no_two_notes_are_alike():
    shingles = {visit["id"]: _shingles(" ".join(_texts(visit))) for visit in VISITS}
    for one, other in itertools.combinations(shingles.values(), 2):
        assert len(one & other) / len(one | other) < 0.05


def _codes(visit):
    return {technique["procedure_code"] for technique in visit["note"]["techniques"]}


def _texts(visit):
    note = visit["note"]
    parts = [*note["subjective"].values(), *note["objective"].values(), note["assessment"], note["response"]]
    parts += [note["plan"]["other"], *(technique["description"] for technique in note["techniques"])]
    return [part for part in parts if isinstance(part, str)]


def _shingles(text):
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {tuple(words[place : place + 4]) for place in range(len(words) - 3)}
