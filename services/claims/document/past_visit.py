"""What later claims need to know of a visit, so that no earlier note or document is opened for it."""

import hashlib
from datetime import datetime

from msgspec import Struct

from services.claims.document.model import ClaimSource
from services.claims.domain.scrubber_input import PastLine, PastTechnique, ProfessionalClaim
from shared.contracts.notes import Note


class PastSameDayVisit(Struct, frozen=True):
    """Another visit of the day that was billed on the same claim."""

    note_id: str
    therapist_id: str
    start: datetime
    end: datetime
    text_digest: str
    pain_before: int | None
    techniques: tuple[PastTechnique, ...]


class PastVisit(Struct, frozen=True):
    """One visit and what was billed for it. `pain_before` is the pain before treatment, 0 to 10. `same_day` are the
    other visits of the day that its claim bills; `lines` are of all of them."""

    schema_version: int
    note_id: str
    start: datetime
    end: datetime
    text_digest: str
    pain_before: int | None
    taxonomy: str
    authorization_id: str
    referral_id: str
    lines: tuple[PastLine, ...]
    insurer_claim_number: str
    techniques: tuple[PastTechnique, ...]
    same_day: tuple[PastSameDayVisit, ...] = ()


def past_visit(source: ClaimSource, claim: ProfessionalClaim, *, version: int) -> PastVisit:
    """What later claims will need of this one."""
    note = source.note
    return PastVisit(
        schema_version=version,
        note_id=note.id,
        start=note.started_at,
        end=note.ended_at,
        text_digest=text_digest(note),
        pain_before=note.subjective.pain,
        taxonomy=claim.taxonomy,
        authorization_id=claim.authorization_id,
        referral_id=claim.referral_id,
        lines=tuple(
            PastLine(line.procedure_code, line.units, line.authorization_id, line.therapist_id) for line in claim.lines
        ),
        insurer_claim_number=claim.insurer_claim_number,
        techniques=_techniques(note),
        same_day=tuple(
            PastSameDayVisit(
                one.note.id,
                one.note.therapist_id,
                one.note.started_at,
                one.note.ended_at,
                text_digest(one.note),
                one.note.subjective.pain,
                _techniques(one.note),
            )
            for one in source.other_visits
        ),
    )


def _techniques(note: Note) -> tuple[PastTechnique, ...]:
    return tuple(PastTechnique(one.procedure_code, one.minutes) for one in note.techniques)


def text_digest(note: Note) -> str:
    """A digest of the clinical words alone, so that a note copied from an earlier visit is seen as the same."""
    words = (note.subjective, note.objective, note.assessment, note.response)
    text = "|".join(part if isinstance(part, str) else part.model_dump_json() for part in words)
    return hashlib.sha256(" ".join(text.lower().split()).encode()).hexdigest()
