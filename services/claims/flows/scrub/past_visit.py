"""What later claims need to know of a visit: kept small beside its claim, so that no earlier note is read for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.claims.domain.coding import PastSession
from services.claims.flows.scrub.build_scrubber_input import text_digest
from shared.contracts.notes import Note


@dataclass(frozen=True, slots=True)
class Visit:
    """The session's time and people, the digest of its words, and the pain before it."""

    session: PastSession
    digest: str
    pain: int | None

    @classmethod
    def of(cls, note: Note) -> "Visit":
        session = PastSession(
            note_id=note.id,
            therapist_id=note.therapist_id,
            patient_id=note.patient_id,
            start=note.started_at,
            end=note.ended_at,
        )
        return cls(session, text_digest(note), note.subjective.pain)

    def dump(self) -> dict[str, Any]:
        """JSON for the sealed column."""
        one = self.session
        return {
            "note_id": one.note_id,
            "therapist_id": one.therapist_id,
            "patient_id": one.patient_id,
            "start": one.start.isoformat(),
            "end": one.end.isoformat(),
            "digest": self.digest,
            "pain": self.pain,
        }

    @classmethod
    def load(cls, kept: dict[str, Any]) -> "Visit":
        session = PastSession(
            note_id=kept["note_id"],
            therapist_id=kept["therapist_id"],
            patient_id=kept["patient_id"],
            start=datetime.fromisoformat(kept["start"]),
            end=datetime.fromisoformat(kept["end"]),
        )
        return cls(session, kept["digest"], kept["pain"])
