"""The checks of a note, one by one."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notes.domain.checks import MALFORMED, PUT_RULES, SIGN_RULES, NoteInput, faults

START = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)


def note(**changed: object) -> NoteInput:
    whole = {
        "started_at": START,
        "ended_at": START + timedelta(minutes=60),
        "technique_minutes": (30, 30),
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
        ({"ended_at": START, "technique_minutes": (0,)}, "session_ends_before_it_starts"),
        ({"ended_at": START + timedelta(hours=8, seconds=1)}, "session_too_long"),
        ({"diagnoses": ("M54.2", "M542")}, "diagnosis_repeated"),
        ({"technique_minutes": (30, 31)}, "minutes_exceed_session"),
        ({"technique_minutes": ()}, "technique_missing"),
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
