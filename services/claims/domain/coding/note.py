"""What a signed treatment note says that a claim must agree with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Technique:
    """One technique of the session: a procedure code, the body region, whole minutes.

    ``diagnoses`` names the note's diagnoses this technique treated; empty means all of them. ``start_minute`` is the
    minute of the session at which it began, where the therapist wrote it. ``modality`` is our own word for what was
    done under the code (``myofascial_release``, ``lymphatic_drainage``, ``electrical_stimulation``).
    """

    code: str
    minutes: int
    region: str = ""
    diagnoses: tuple[str, ...] = ()
    start_minute: int | None = None
    modality: str = ""
    written_report: bool = False


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal of the plan: what is wanted, by which measure, by when."""

    text: str
    measure: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """A treatment note. ``date_of_service`` is the local date of ``start`` in the practice's zone.

    ``text_digest`` is a digest of the clinical text, so that a copy of the last note is seen without keeping text.
    ``content_hash`` is the hash that was kept at signing; ``current_hash`` is what the content hashes to now.
    """

    note_id: str
    date_of_service: date
    techniques: tuple[Technique, ...]
    diagnoses: tuple[str, ...]
    therapist_id: str
    patient_id: str
    signed: bool = False
    signed_by: str = ""
    signed_on: date | None = None
    start: datetime | None = None
    end: datetime | None = None
    complaint: str = ""
    functional_limits: tuple[str, ...] = ()
    pain_before: int | None = None
    pain_after: int | None = None
    objective: str = ""
    assessment: str = ""
    response: str = ""
    plan: str = ""
    plan_frequency_per_week: int | None = None
    plan_ends_on: date | None = None
    goals: tuple[Goal, ...] = ()
    text_digest: str = ""
    content_hash: str = ""
    current_hash: str = ""

    def session_minutes(self) -> int | None:
        """Whole minutes from start to end, or None where the note has no times."""
        if self.start is None or self.end is None:
            return None
        return int((self.end - self.start).total_seconds() // 60)

    def minutes_of(self, code: str) -> int:
        """All minutes of one procedure code in this note."""
        return sum(technique.minutes for technique in self.techniques if technique.code == code)

    def regions_of(self, code: str) -> frozenset[str]:
        """The regions that one procedure code was used on, in lower case."""
        return frozenset(t.region.strip().lower() for t in self.techniques if t.code == code and t.region.strip())
