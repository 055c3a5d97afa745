"""A professional claim as it will be sent: header, diagnoses in order, lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ProfessionalServiceLine:
    """One service line. `pointers` count from 1 into the claim's diagnoses; `minutes` is None for untimed codes."""

    procedure_code: str
    units: int
    charge_cents: int
    modifiers: tuple[str, ...] = ()
    pointers: tuple[int, ...] = ()
    minutes: int | None = None
    authorization_id: str = ""
    authorization_number: str = ""
    """The authorization that the line is under; on the wire it is on the claim, on the line, or on both."""
    number: int = 0
    """The claim's own number of the line, the same in all its submissions; 0 where it is the line's place."""
    therapist_id: str = ""
    """Who treated, where that is not the claim's therapist."""
    note_ids: tuple[str, ...] = ()
    """The notes that the line is made of; empty where the claim bills one visit."""


@dataclass(frozen=True, slots=True)
class PriorLineInput:
    """What an earlier payer did with one line. `adjustments` are (group, reason code, cents), one for each CAS."""

    line_number: int
    paid_cents: int
    adjustments: tuple[tuple[str, str, int], ...]

    @property
    def patient_responsibility_cents(self) -> int:
        """The patient's share of the line: the amounts under group PR."""
        return _patients(self.adjustments)


@dataclass(frozen=True, slots=True)
class PriorPaymentInput:
    """What an earlier payer did with this claim. `adjustments` are (group, reason code, cents), one for each CAS of
    the claim as a whole; those of `lines` are not among them. `paid_cents` is of the whole claim."""

    payer_id: str
    paid_cents: int
    adjustments: tuple[tuple[str, str, int], ...]
    remitted_on: date | None = None
    forwarded: bool = False
    filing_indicator: str = ""
    """SBR09 of the payer's loop 2320; empty where it is the payer of none of the patient's coverages."""
    payer_identifier: str = ""
    """NM109 of its loop 2330B, by which its answers to the lines name it (SVD01)."""
    payer_claim_number: str = ""
    lines: tuple[PriorLineInput, ...] = ()

    @property
    def adjustments_cents(self) -> int:
        """The sum of all its CAS amounts."""
        of_lines = (cents for line in self.lines for _, _, cents in line.adjustments)
        return sum(cents for _, _, cents in self.adjustments) + sum(of_lines)

    @property
    def patient_responsibility_cents(self) -> int:
        """The patient's share: the amounts under group PR."""
        return _patients(self.adjustments) + sum(line.patient_responsibility_cents for line in self.lines)


@dataclass(frozen=True, slots=True)
class ProfessionalClaim:
    """A claim before it is sent. Codes are in X12 form; diagnoses may have the dot, which the writer removes."""

    claim_id: str
    patient_id: str
    therapist_id: str
    payer_id: str
    date_of_service: date
    lines: tuple[ProfessionalServiceLine, ...]
    diagnoses: tuple[str, ...]
    place_of_service: str = "11"
    claim_number: str = ""
    filing_indicator: str = ""
    taxonomy: str = ""
    """The rendering provider's taxonomy, which identifies the discipline."""
    related_causes: tuple[str, ...] = ()
    """CLM11: AA auto, EM employment, OA other accident."""
    accident_date: date | None = None
    accident_state: str = ""
    onset_date: date | None = None
    insurer_claim_number: str = ""
    authorization_id: str = ""
    authorization_number: str = ""
    """The first line's that has one; the whole claim's unless another line has another."""
    authorization_on_lines: str = "differing"
    """Where numbers stand beside the claim's: on lines that have another one, on every line, or never."""
    referral_id: str = ""
    referral_number: str = ""
    referring_npi: str = ""
    attachments: tuple[tuple[str, str, str], ...] = ()
    """PWK: (report type code, transmission code, control number)."""
    printed: bool = False
    """True if it is sent as a paper CMS-1500, which has lower limits."""
    sequence: str = "P"
    """SBR01: P primary, S secondary, T tertiary."""
    prior_payments: tuple[PriorPaymentInput, ...] = ()
    assignment_accepted: bool = True
    benefits_assigned: bool = True
    patient_signature_on_file: bool = True
    patient_paid_cents: int = 0
    tie_order: tuple[str, ...] = ()
    """The therapist's priority among procedures with equal remainders; empty means the note's order."""
    left_off: tuple[str, ...] = ()
    """Procedures of the note that the biller does not bill."""
    frequency: str = "1"
    """CLM05-3: 1 original, 7 replacement, 8 void."""
    payer_claim_number: str = ""
    """REF*F8: the payer's own number of the claim that this one replaces or voids."""
    sent_lines: tuple[int, ...] = ()
    """The numbers of the lines that this submission bills; empty where it bills all of them."""
    decided_on: date | None = None
    """The day of the payer's decision that this submission corrects."""

    def therapist_of(self, line: ProfessionalServiceLine) -> str:
        """Who treated what a line bills."""
        return line.therapist_id or self.therapist_id

    @property
    def charge_cents(self) -> int:
        """The claim's charge: the sum of its lines."""
        return sum(line.charge_cents for line in self.lines)

    @property
    def numbered_lines(self) -> dict[int, ProfessionalServiceLine]:
        """All lines by their number."""
        return {line.number or place: line for place, line in enumerate(self.lines, 1)}

    @property
    def billed_lines(self) -> dict[int, ProfessionalServiceLine]:
        """The lines that this submission bills, by number."""
        return {
            number: line
            for number, line in self.numbered_lines.items()
            if not self.sent_lines or number in self.sent_lines
        }

    @property
    def replaced_decision_on(self) -> date | None:
        """The day of the decision that this claim replaces; None where it replaces none."""
        return self.decided_on if self.frequency == "7" else None

    @property
    def earlier_payers(self) -> frozenset[str]:
        """The payers that have answered this claim already."""
        return frozenset(payment.payer_id for payment in self.prior_payments)

    @property
    def primary_remitted_on(self) -> date | None:
        """The day of the earlier payer's remittance; if there are several, of the last."""
        return self.prior_payments[-1].remitted_on if self.prior_payments else None

    def authorization_numbers(self) -> frozenset[str]:
        """The distinct authorization numbers of all lines."""
        return frozenset(line.authorization_number for line in self.lines if line.authorization_number)

    def procedure_codes(self) -> frozenset[str]:
        """The distinct procedure codes of all lines."""
        return frozenset(line.procedure_code for line in self.lines)


def _patients(adjustments: tuple[tuple[str, str, int], ...]) -> int:
    return sum(cents for group, _, cents in adjustments if group == "PR")
