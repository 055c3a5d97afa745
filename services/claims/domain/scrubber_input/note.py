"""The parts of a signed treatment note that a claim must agree with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class TechniqueInput:
    """One technique of the session: a procedure code, the body region in the therapist's words, whole minutes.

    ``diagnoses`` names the note's diagnoses this technique treated; empty means all of them. ``start_minute`` is the
    minute of the session at which it began, where the therapist wrote it; ``side`` is left, right, both or "".
    ``modality`` is our own word for what was done under the code (``myofascial_release``, ``lymphatic_drainage``,
    ``electrical_stimulation``). ``written_report`` says whether a test has one; None means not known.
    """

    procedure_code: str
    minutes: int
    region: str = ""
    side: str = ""
    diagnoses: tuple[str, ...] = ()
    start_minute: int | None = None
    modality: str = ""
    written_report: bool | None = None
    note_id: str = ""
    """The note that it is of, where a claim bills several."""
    therapist_id: str = ""
    """Who treated, where that is not the claim's therapist."""

    @property
    def end_minute(self) -> int | None:
        """The minute of the session at which it ended; None where its start is not known."""
        return None if self.start_minute is None else self.start_minute + self.minutes


@dataclass(frozen=True, slots=True)
class GoalInput:
    """One goal of the plan: its measure and its date."""

    measure: str
    due_on: date | None = None


_TIMES = {"once": 1, "one": 1, "twice": 2, "two": 2, "three": 3, "four": 4, "five": 5}
_FREQUENCY = re.compile(
    r"\b(?:(\d{1,2})|(once|one|twice|two|three|four|five))\s*"
    r"(?:x|times?|visits?|sessions?)?\s*(?:/|a|per|each|every)\s*(?:wk|week)\b"
)


def visits_a_week(text: str) -> int | None:
    """Visits a week in a plan's own words, or None where they do not say: ``2x/week`` is 2, ``weekly`` is 1."""
    lower = text[:1000].lower()
    found = _FREQUENCY.search(lower)
    if found:
        return int(found.group(1)) if found.group(1) else _TIMES[found.group(2)]
    return 1 if re.search(r"\bweekly\b", lower) else None


@dataclass(frozen=True, slots=True)
class NoteInput:
    """A treatment note. ``date_of_service`` is the local date of ``start`` in the practice's zone.

    ``text_digest`` is a digest of the clinical text, so that a copied note is detected without storing the text.
    """

    note_id: str
    date_of_service: date
    techniques: tuple[TechniqueInput, ...]
    diagnoses: tuple[str, ...]
    therapist_id: str
    start: datetime
    end: datetime
    signed: bool = False
    signed_on: date | None = None
    complaint: str = ""
    functional_limits: tuple[str, ...] = ()
    pain_before: int | None = None
    pain_after: int | None = None
    objective: str = ""
    assessment: str = ""
    response: str = ""
    plan_frequency: str = ""
    plan_ends_on: date | None = None
    goals: tuple[GoalInput, ...] = ()
    text_digest: str = ""

    def minutes_of(self, procedure_code: str) -> int:
        """All minutes of one procedure code in this note."""
        return sum(technique.minutes for technique in self.techniques_of(procedure_code))

    def techniques_of(self, procedure_code: str) -> tuple[TechniqueInput, ...]:
        """What was done under one procedure code."""
        return tuple(technique for technique in self.techniques if technique.procedure_code == procedure_code)
