"""The checks of a note, one by one."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notes.domain.checks import MALFORMED, PUT_RULES, SIGN_RULES, NoteInput, TechniqueInput, faults

START = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)


def note(**changed: object) -> NoteInput:
    whole = {
        "started_at": START,
        "ended_at": START + timedelta(minutes=60),
        "techniques": (TechniqueInput(30), TechniqueInput(30)),
        "diagnoses": ("M54.2",),
        "complaint": "Neck pain",
    }
    return NoteInput(**(whole | changed))  # type: ignore[arg-type]


def codes(facts: NoteInput, now: datetime = START) -> list[str]:
    return [fault.code for fault in faults((*MALFORMED, *PUT_RULES, *SIGN_RULES), facts, now)]


def test_a_whole_note_has_no_fault() -> None:
    assert codes(note()) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ended_at": START, "techniques": (TechniqueInput(0),)}, "session_ends_before_it_starts"),
        ({"ended_at": START + timedelta(hours=8, seconds=1)}, "session_too_long"),
        ({"diagnoses": ("M54.2", "M542")}, "diagnosis_repeated"),
        ({"techniques": (TechniqueInput(30), TechniqueInput(31))}, "minutes_exceed_session"),
        ({"techniques": ()}, "technique_missing"),
        ({"complaint": " \n"}, "complaint_missing"),
    ],
)
def test_each_fault_has_its_own_code(changed: dict[str, object], code: str) -> None:
    assert codes(note(**changed)) == [code]


def test_eight_hours_are_not_too_long() -> None:
    assert codes(note(ended_at=START + timedelta(hours=8))) == []


def test_part_of_a_minute_is_not_a_minute_of_the_session() -> None:
    assert codes(note(ended_at=START + timedelta(minutes=59, seconds=59))) == ["minutes_exceed_session"]


def test_a_start_a_day_ahead_is_taken_and_a_second_more_is_not() -> None:
    assert codes(note(), START - timedelta(days=1)) == []
    assert codes(note(), START - timedelta(days=1, seconds=1)) == ["session_in_future"]


def at(minute: int, seconds: int = 0) -> datetime:
    return START + timedelta(minutes=minute, seconds=seconds)


@pytest.mark.parametrize(
    ("technique", "expected"),
    [
        (TechniqueInput(30, start_minute=0), []),
        (TechniqueInput(30, start_minute=30), []),
        (TechniqueInput(30, start_minute=31), ["technique_outside_session"]),
        (TechniqueInput(30, started_at=at(0)), []),
        (TechniqueInput(30, started_at=at(30)), []),
        (TechniqueInput(30, started_at=at(30, 1)), ["technique_outside_session"]),
        (TechniqueInput(30, started_at=at(0, -1)), ["technique_outside_session"]),
        (TechniqueInput(30, start_minute=15, started_at=at(15, 59)), []),
        (TechniqueInput(30, start_minute=15, started_at=at(16)), ["technique_starts_disagree"]),
        (TechniqueInput(30, side="left"), []),
        (TechniqueInput(30, side="left", side_in_words="left"), []),
        (TechniqueInput(30, side="left", side_in_words="right"), ["technique_sides_disagree"]),
        (TechniqueInput(30, side="both", side_in_words="right"), ["technique_sides_disagree"]),
        (TechniqueInput(30, side_in_words="right"), []),
    ],
)
def test_a_technique_lies_within_its_session_and_says_one_start_and_one_side(
    technique: TechniqueInput, expected: list[str]
) -> None:
    assert codes(note(techniques=(technique,))) == expected


@pytest.mark.parametrize(
    ("technique", "pointer"),
    [
        (TechniqueInput(30, start_minute=31), "/techniques/1/start_minute"),
        (TechniqueInput(30, started_at=at(31)), "/techniques/1/started_at"),
    ],
)
def test_a_start_outside_of_the_session_is_named_where_it_was_given(technique: TechniqueInput, pointer: str) -> None:
    (fault,) = faults(PUT_RULES, note(techniques=(TechniqueInput(10), technique)), START)
    assert fault.pointer == pointer


def test_a_modality_that_nobody_need_be_beside_takes_no_minutes_from_the_hands_on_work() -> None:
    """A hot pack on the back while the neck is treated; by itself it is no longer than the session either."""
    hour, pack = TechniqueInput(60), TechniqueInput(15, unattended=True)
    assert codes(note(techniques=(hour, pack, pack))) == []
    assert codes(note(techniques=(TechniqueInput(61, unattended=True),))) == ["minutes_exceed_session"]
    assert codes(note(techniques=(TechniqueInput(61), pack))) == ["minutes_exceed_session"]
    assert codes(note(techniques=(pack,))) == []
