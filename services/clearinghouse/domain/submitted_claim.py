"""A claim as the simulator sees it: flat, with the few facts that decide it, whatever file it came from.

`reading` makes it from an 837P record; edits and adjudication know nothing of X12. All frozen; money in cents,
dates are dates of service as the provider counts them.
"""

from dataclasses import dataclass
from datetime import date

ORIGINAL, REPLACEMENT, VOID = "1", "7", "8"


@dataclass(frozen=True, slots=True)
class PriorPayment:
    """What an earlier payer did with one line: paid it, and wrote off what nobody owes."""

    paid_cents: int
    written_off_cents: int

    @property
    def settled_cents(self) -> int:
        """The part of the charge that is no longer owed by anybody."""
        return self.paid_cents + self.written_off_cents


@dataclass(frozen=True, slots=True)
class SubmittedLine:
    """One line as billed. `diagnoses` are the codes it points to, without dots; `units` None when not whole."""

    number: int
    control_number: str
    procedure_code: str
    modifiers: tuple[str, ...]
    charge_cents: int
    units: int | None
    service_date: date | None
    diagnoses: tuple[str, ...]
    prior: PriorPayment | None = None
    authorization_number: str = ""
    """The line's own; empty where the claim's counts."""


@dataclass(frozen=True, slots=True)
class PatientIdentity:
    """Who the claim says was treated."""

    first_name: str
    last_name: str
    birth_date: date | None


@dataclass(frozen=True, slots=True)
class SubmittedClaim:
    """One claim as billed. `responsibility` is SBR01: P first payer, S second, T third."""

    claim_number: str
    payer_id: str
    member_id: str
    patient: PatientIdentity
    billing_npi: str
    billing_tax_id: str
    rendering_npi: str
    referring_named: bool
    frequency: str
    responsibility: str
    charge_cents: int
    lines: tuple[SubmittedLine, ...]
    related_causes: tuple[str, ...] = ()
    accident_date: date | None = None
    accident_state: str = ""
    insurer_claim_number: str = ""
    payer_control_number: str = ""
    authorization_number: str = ""

    def authorization_of(self, line_number: int) -> str:
        """The authorization number that counts for a line: its own, or the claim's."""
        own = (line.authorization_number for line in self.lines if line.number == line_number)
        return next(own, "") or self.authorization_number

    @property
    def first_service_date(self) -> date | None:
        """The earliest date of service, None when no line has one."""
        return min((line.service_date for line in self.lines if line.service_date), default=None)
