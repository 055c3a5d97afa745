"""What a note must hold: ordered lists of small checks that return faults, one list for a put and one for signing.

`MALFORMED` holds for the members of the body among themselves (answered 422), `PUT_RULES` and `SIGN_RULES` are rules
of the work (409). Pointers are relative to the note.
What a *claim* asks of a note beyond this (a functional limit, a goal with its measure, a diagnosis
that is valid on the day) is for the claims service, since a note may also be for a visit that nobody bills.
Sources: minutes and signature from Medicare Benefit Policy Manual ch. 15 §220.3 (in force since 2008-01-01); the
limits on times are ours.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.errors import Fault
from shared.plural import counted

MAX_SESSION = timedelta(hours=8)
EARLIEST_YEAR = 2000
FUTURE_SLACK = timedelta(days=1)
"""A phone's clock may be off, and a practice may be a day ahead of UTC; more than a day is a typing error."""


@dataclass(frozen=True, slots=True)
class NoteInput:
    """What the checks look at. Minutes are those of each technique, in the note's order."""

    started_at: datetime
    ended_at: datetime
    technique_minutes: tuple[int, ...]
    diagnoses: tuple[str, ...]
    complaint: str


Check = Callable[[NoteInput, datetime], Iterator[Fault]]


def _is_of_this_century(note: NoteInput, _now: datetime) -> Iterator[Fault]:
    if note.started_at.year < EARLIEST_YEAR:
        yield Fault(
            "/started_at",
            "session_too_early",
            f"The session starts before the year {EARLIEST_YEAR}.",
            "Look at the year.",
        )


def _ends_after_it_starts(note: NoteInput, _now: datetime) -> Iterator[Fault]:
    if note.ended_at <= note.started_at:
        yield Fault(
            "/ended_at",
            "session_ends_before_it_starts",
            "The session ends before it starts, or has no length.",
            "Give the end of the session, later than its start, each with its offset.",
        )


def _is_no_longer_than_eight_hours(note: NoteInput, _now: datetime) -> Iterator[Fault]:
    if note.ended_at - note.started_at > MAX_SESSION:
        yield Fault(
            "/ended_at",
            "session_too_long",
            "The session is longer than 8 hours.",
            "Look at the dates and the offsets of start and end.",
        )


def _names_each_diagnosis_once(note: NoteInput, _now: datetime) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, code in enumerate(note.diagnoses):
        bare = code.replace(".", "")
        if bare in seen:
            yield Fault(
                f"/diagnoses/{index}",
                "diagnosis_repeated",
                "This diagnosis is on the note already.",
                "Name each diagnosis once.",
            )
        seen.add(bare)


def _minutes_fit_the_session(note: NoteInput, _now: datetime) -> Iterator[Fault]:
    session_minutes = (note.ended_at - note.started_at) // timedelta(minutes=1)
    technique_minutes = sum(note.technique_minutes)
    if technique_minutes > session_minutes:
        yield Fault(
            "/techniques",
            "minutes_exceed_session",
            f"The techniques add up to {counted(technique_minutes, 'minute')}; the session has {session_minutes}.",
            "Give each technique only the minutes spent on it, or correct the start or the end.",
        )


def _has_begun_by_tomorrow(note: NoteInput, now: datetime) -> Iterator[Fault]:
    if note.started_at > now + FUTURE_SLACK:
        yield Fault(
            "/started_at",
            "session_in_future",
            "The session starts more than a day from now.",
            "Write the note when the session has taken place; look at the date and the offset.",
        )


def _has_a_complaint(note: NoteInput, _now: datetime) -> Iterator[Fault]:
    if not note.complaint.strip():
        yield Fault(
            "/subjective/complaint",
            "complaint_missing",
            "The note does not say what the patient came for.",
            "Write the complaint, then sign.",
        )


def _has_a_technique(note: NoteInput, _now: datetime) -> Iterator[Fault]:
    if not note.technique_minutes:
        yield Fault(
            "/techniques",
            "technique_missing",
            "The note does not say what was done.",
            "Add each technique with its code, its region and its minutes, then sign.",
        )


MALFORMED: tuple[Check, ...] = (
    _is_of_this_century,
    _ends_after_it_starts,
    _is_no_longer_than_eight_hours,
    _names_each_diagnosis_once,
)
PUT_RULES: tuple[Check, ...] = (_minutes_fit_the_session, _has_begun_by_tomorrow)
SIGN_RULES: tuple[Check, ...] = (_has_a_complaint, _has_a_technique)


def faults(checks: Sequence[Check], note: NoteInput, now: datetime) -> list[Fault]:
    """All faults that the checks find, in their order. `now` is business time."""
    return [fault for check in checks for fault in check(note, now)]
