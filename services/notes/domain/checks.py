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
class TechniqueInput:
    """One technique: its minutes; its start as a minute of the session, as a moment, or both; its side as the region's
    words say it, and as it is given beside them (left, right, both; None where not said)."""

    minutes: int
    start_minute: int | None = None
    started_at: datetime | None = None
    side_in_words: str | None = None
    side: str | None = None
    unattended: bool = False
    """A modality that nobody need be beside, such as a hot pack during the hands-on work of another region."""

    def start(self, session_started_at: datetime) -> timedelta | None:
        """How long after the session it began, however that is given."""
        if self.start_minute is not None:
            return timedelta(minutes=self.start_minute)
        # A difference, never a sum: a moment at the end of the calendar has none after it.
        return self.started_at - session_started_at if self.started_at else None


@dataclass(frozen=True, slots=True)
class NoteInput:
    """What the checks look at, the techniques in the note's order."""

    started_at: datetime
    ended_at: datetime
    techniques: tuple[TechniqueInput, ...]
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


def _starts_agree(note: NoteInput, _now: datetime) -> Iterator[Fault]:
    for index, technique in enumerate(note.techniques):
        if technique.start_minute is None or technique.started_at is None:
            continue
        # A moment of 09:15:40 is in minute 15 of a session that began at 09:00.
        if (technique.started_at - note.started_at) // timedelta(minutes=1) != technique.start_minute:
            yield Fault(
                f"/techniques/{index}/started_at",
                "technique_starts_disagree",
                "start_minute and started_at are two different moments.",
                "Give one of them, or both for the same minute.",
            )


def _sides_agree(note: NoteInput, _now: datetime) -> Iterator[Fault]:
    for index, technique in enumerate(note.techniques):
        if technique.side and technique.side_in_words and technique.side != technique.side_in_words:
            yield Fault(
                f"/techniques/{index}/side",
                "technique_sides_disagree",
                f"The side is {technique.side}, and the region's words say {technique.side_in_words}.",
                "Correct the one that is wrong.",
            )


def _techniques_are_within_the_session(note: NoteInput, _now: datetime) -> Iterator[Fault]:
    session = note.ended_at - note.started_at
    for index, technique in enumerate(note.techniques):
        start = technique.start(note.started_at)
        if start is None:
            continue
        if start < timedelta() or start + timedelta(minutes=technique.minutes) > session:
            given = "start_minute" if technique.started_at is None else "started_at"
            yield Fault(
                f"/techniques/{index}/{given}",
                "technique_outside_session",
                "The technique begins before the session or ends after it.",
                "Correct the start or the minutes of the technique, or the start or the end of the session.",
            )


def _minutes_fit_the_session(note: NoteInput, _now: datetime) -> Iterator[Fault]:
    session_minutes = (note.ended_at - note.started_at) // timedelta(minutes=1)
    attended = sum(technique.minutes for technique in note.techniques if not technique.unattended)
    technique_minutes = max([attended, *(technique.minutes for technique in note.techniques if technique.unattended)])
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
    if not note.techniques:
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
    _starts_agree,
    _sides_agree,
)
PUT_RULES: tuple[Check, ...] = (_minutes_fit_the_session, _techniques_are_within_the_session, _has_begun_by_tomorrow)
SIGN_RULES: tuple[Check, ...] = (_has_a_complaint, _has_a_technique)


def faults(checks: Sequence[Check], note: NoteInput, now: datetime) -> list[Fault]:
    """All faults that the checks find, in their order. `now` is business time."""
    return [fault for check in checks for fault in check(note, now)]
