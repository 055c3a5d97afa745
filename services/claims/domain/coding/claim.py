"""A professional claim as it will be sent: header, diagnoses in order, lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service line. ``pointers`` count from 1 into the claim's diagnoses; ``minutes`` is None for untimed codes."""

    procedure: str
    units: int
    charge_cents: int
    modifiers: tuple[str, ...] = ()
    pointers: tuple[int, ...] = ()
    minutes: int | None = None
    authorization_number: str = ""
    place_of_service: str = ""


@dataclass(frozen=True, slots=True)
class PriorPayment:
    """What an earlier payer said of this claim; ``adjustments_cents`` is the sum of all its CAS amounts."""

    payer_id: str
    paid_cents: int
    adjustments_cents: int
    patient_responsibility_cents: int = 0
    remitted_on: date | None = None
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """A claim before it is sent. Codes as X12 has them; diagnoses may carry the dot, which the writer takes out."""

    claim_id: str
    patient_id: str
    therapist_id: str
    payer_id: str
    date_of_service: date
    lines: tuple[ServiceLine, ...]
    diagnoses: tuple[str, ...]
    place_of_service: str = "11"
    frequency: str = "1"
    original_reference: str = ""
    """The payer's own number of the claim that this one replaces or voids (REF*F8)."""
    claim_number: str = ""
    filing_indicator: str = ""
    unit_method: str = "cms"
    related_causes: tuple[str, ...] = ()
    """CLM11: AA auto, EM employment, OA other accident."""
    accident_date: date | None = None
    accident_state: str = ""
    onset_date: date | None = None
    first_contact_date: date | None = None
    insurer_claim_number: str = ""
    authorization_number: str = ""
    referral_number: str = ""
    referring_npi: str = ""
    attachments: int = 0
    printed: bool = False
    """True when it goes out as a paper CMS-1500, whose limits are tighter."""
    sequence: str = "P"
    """SBR01: P primary, S secondary, T tertiary."""
    prior_payments: tuple[PriorPayment, ...] = ()
    assignment_accepted: bool = True
    benefits_assigned: bool = True
    patient_signature_on_file: bool = True
    patient_paid_cents: int = 0
    fee_cents: tuple[tuple[str, int], ...] = ()
    """The practice's one fee a unit for each procedure on the claim; empty where it is not known."""
    tie_order: tuple[str, ...] = ()
    """The order in which the therapist let equal remainders win; empty means the note's order."""

    @property
    def charge_cents(self) -> int:
        """The claim's charge is the sum of its lines and nothing else."""
        return sum(line.charge_cents for line in self.lines)

    def procedures(self) -> frozenset[str]:
        """The distinct procedure codes of all lines."""
        return frozenset(line.procedure for line in self.lines)
