"""What was billed and treated before, for the checks of duplicates, limits and overlaps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from services.claims.domain.lifecycle import REJECTED, ClaimState


@dataclass(frozen=True, slots=True)
class PastLine:
    """One line of an earlier claim."""

    procedure_code: str
    units: int
    authorization_id: str | None = None
    """None for a line that was stored before lines had one: it is under the visit's."""
    therapist_id: str = ""
    """Who treated, where that is not the claim's therapist."""


@dataclass(frozen=True, slots=True)
class PastClaim:
    """Another claim of the same patient that was not voided. `outcome` is none, paid, denied or rejected."""

    claim_id: str
    payer_id: str
    therapist_id: str
    date_of_service: date
    lines: tuple[PastLine, ...]
    outcome: str
    taxonomy: str
    insurer_claim_number: str = ""
    """The insurer's number of the injury that was treated; empty where it is not known."""
    made_before: bool = False
    """Whether it was made before the claim that is checked, and so is served before it of what is counted."""
    same_visit: bool = False
    """Whether it bills other lines of the same note."""

    def procedures_of(self, therapist_id: str) -> frozenset[str]:
        """The procedures that it bills of one therapist."""
        return frozenset(
            line.procedure_code for line in self.lines if (line.therapist_id or self.therapist_id) == therapist_id
        )


@dataclass(frozen=True, slots=True)
class PastTechnique:
    """One technique of another session, with its minutes."""

    procedure_code: str
    minutes: int


@dataclass(frozen=True, slots=True)
class PastSession:
    """Another session of the same therapist or the same patient. Of an old one the techniques are not known."""

    note_id: str
    patient_id: str
    therapist_id: str
    start: datetime
    end: datetime
    techniques: tuple[PastTechnique, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """Everything earlier that the rules may read, without the claim that is checked and its session."""

    claims: tuple[PastClaim, ...] = ()
    sessions: tuple[PastSession, ...] = ()
    note_digests: tuple[str, ...] = ()
    """Digests of the patient's earlier notes, newest first."""
    pain_scores: tuple[int, ...] = ()
    """Pain before treatment at earlier visits, newest first."""
    first_visit_on: date | None = None


def past_outcome(state: str, outcome: str) -> str:
    """How a claim in this state and with this outcome counts for later ones: none, paid, denied or rejected."""
    if ClaimState(state) in REJECTED:
        return "rejected"
    return {"partly_paid": "paid", "zero_paid": "paid", "reversed": "none"}.get(outcome, outcome)
