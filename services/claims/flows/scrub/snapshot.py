"""What a claim is made from, as it is kept: the snapshot, the biller's options, the visit for later claims."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.claims.domain.scrubber_input import PastSession
from shared.contracts.claims import Attachment, Practice, PriorPayment, Therapist
from shared.contracts.eligibility import CoverageBundle
from shared.contracts.notes import Note


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a claim is made from, as it stood when it was read. `fees_cents` is the charge of one unit by code."""

    note: Note
    file: CoverageBundle
    practice: Practice
    therapist: Therapist
    fees_cents: Mapping[str, int]

    def dump(self) -> dict[str, Any]:
        """JSON for the sealed column."""
        return {
            "note": self.note.model_dump(mode="json"),
            "file": self.file.model_dump(mode="json"),
            "practice": self.practice.model_dump(mode="json"),
            "therapist": self.therapist.model_dump(mode="json"),
            "fees_cents": dict(self.fees_cents),
        }

    @classmethod
    def load(cls, kept: dict[str, Any]) -> "Snapshot":
        return cls(
            note=Note.model_validate(kept["note"]),
            file=CoverageBundle.model_validate(kept["file"]),
            practice=Practice.model_validate(kept["practice"]),
            therapist=Therapist.model_validate(kept["therapist"]),
            fees_cents=kept["fees_cents"],
        )


@dataclass(frozen=True, slots=True)
class BillerOptions:
    """What the biller gives with the claim: who wins ties, which modifiers to add, what was paid and is attached."""

    tie_order: tuple[str, ...] = ()
    modifiers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    patient_paid_cents: int = 0
    attachments: tuple[Attachment, ...] = ()
    prior_payments: tuple[PriorPayment, ...] = ()

    def dump(self) -> dict[str, Any]:
        return {
            "tie_order": list(self.tie_order),
            "modifiers": {k: list(v) for k, v in self.modifiers.items()},
            "patient_paid_cents": self.patient_paid_cents,
            "attachments": [one.model_dump(mode="json") for one in self.attachments],
            "prior_payments": [one.model_dump(mode="json") for one in self.prior_payments],
        }

    @classmethod
    def load(cls, kept: dict[str, Any]) -> "BillerOptions":
        return cls(
            tuple(kept["tie_order"]),
            kept["modifiers"],
            kept["patient_paid_cents"],
            tuple(Attachment.model_validate(one) for one in kept["attachments"]),
            tuple(PriorPayment.model_validate(one) for one in kept["prior_payments"]),
        )


@dataclass(frozen=True, slots=True)
class Visit:
    """What later claims need to know of a visit, kept beside its claim, so that no earlier note is read for it."""

    session: PastSession
    digest: str
    pain: int | None

    @classmethod
    def of(cls, note: Note) -> "Visit":
        session = PastSession(note_id=note.id, therapist_id=note.therapist_id, start=note.started_at, end=note.ended_at)
        return cls(session, text_digest(note), note.subjective.pain)

    def dump(self) -> dict[str, Any]:
        """JSON for the sealed column."""
        one = self.session
        return {
            "note_id": one.note_id,
            "therapist_id": one.therapist_id,
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
            start=datetime.fromisoformat(kept["start"]),
            end=datetime.fromisoformat(kept["end"]),
        )
        return cls(session, kept["digest"], kept["pain"])


def text_digest(note: Note) -> str:
    """A digest of the clinical words alone, so that a note copied from an earlier visit is seen as the same."""
    words = (note.subjective, note.objective, note.assessment, note.response)
    text = "|".join(part if isinstance(part, str) else part.model_dump_json() for part in words)
    return hashlib.sha256(" ".join(text.lower().split()).encode()).hexdigest()
