"""What the files of a practice hold, reduced to what its claims are rebuilt from; each record knows where it was read.

A record keeps no segment of its file, so that the memory of a reading grows with claims and not with bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from services.claims.domain.acknowledgement import Verdict
from services.claims.domain.next_action_progress import PayerStatus
from services.claims.domain.remittances.numbered_payments import NumberedPayment
from services.claims.domain.remittances.proofs import PaymentProof
from services.claims.domain.scrubber_input import (
    BillingProviderInput,
    PatientInput,
    ProfessionalClaim,
    RenderingProviderInput,
)
from shared import x12


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was read: the file by its name in the history, and the byte at which it begins."""

    file: str
    offset: int


@dataclass(frozen=True, slots=True)
class Payer:
    """A payer as a file names it; any of them may be empty."""

    identifier: str
    name: str
    filing_indicator: str = ""

    @property
    def key(self) -> str:
        """By what its claims and payments are put together."""
        return self.identifier or self.name


@dataclass(frozen=True, slots=True)
class OtherPlan:
    """Another payer of the claim (loop 2320): SBR01 and who it is."""

    sequence: str
    payer: Payer


@dataclass(frozen=True, slots=True)
class SentClaim:
    """One claim of an 837P. `claim` has what the scrubber reads; `line_controls` are REF*6R by line number.

    `days` are its dates of service; a claim of several is judged by no rule, since rules are of one day.
    """

    place: Place
    sent_on: date
    interchange: str
    group: str
    claim: ProfessionalClaim
    payer: Payer
    other_plans: tuple[OtherPlan, ...]
    patient: PatientInput
    patient_key: str
    member_id: str
    subscriber_kind: str
    provider: RenderingProviderInput
    billing: BillingProviderInput
    billing_npi: str
    line_controls: Mapping[str, int]
    days: tuple[date, ...]

    @property
    def number(self) -> str:
        """CLM01."""
        return self.claim.claim_number

    @property
    def patient_name(self) -> str:
        """For a person who asked to see names."""
        return f"{self.patient.first_name} {self.patient.last_name}".strip()


@dataclass(frozen=True, slots=True)
class PastRemittance:
    """One 835: its header, its proof as a whole, its provider adjustments, and a digest of its content."""

    place: Place
    header: x12.Remittance
    proof: PaymentProof
    adjustments: tuple[x12.ProviderAdjustment, ...]
    digest: str
    whole: bool = True
    """False of one that ends in the middle: its proof says nothing."""

    @property
    def payer(self) -> Payer:
        """Who paid."""
        party = self.header.payer
        return Payer(party.id or party.reference("2U"), party.name)


@dataclass(frozen=True, slots=True)
class PaidClaim:
    """One claim payment, with the remittance that it is part of."""

    place: Place
    remittance: PastRemittance
    one: NumberedPayment

    @property
    def payment(self) -> x12.ClaimPayment:
        """The CLP and what belongs to it."""
        return self.one.payment


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """What a 277CA or a 277 says of one claim. `told` is where the payer has it, if the answer says so."""

    place: Place
    claim_number: str
    payer_claim_number: str
    on: date
    verdicts: tuple[Verdict, ...]
    told: PayerStatus | None = None


@dataclass(frozen=True, slots=True)
class FileRefusal:
    """A TA1 or 999 that refuses a file or a group of it: by ISA13, or by GS06."""

    place: Place
    sentence: str
    interchange: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What is wrong with a file, or why something of it was left out. `offset` is None of the file as a whole."""

    code: str
    message: str
    offset: int | None = None


@dataclass(slots=True)
class PastFile:
    """All that one file holds. `kinds` counts its transactions by kind; `digest` is of its bytes."""

    name: str
    digest: str = ""
    size_bytes: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    claims: list[SentClaim] = field(default_factory=list)
    remittances: list[PastRemittance] = field(default_factory=list)
    payments: list[PaidClaim] = field(default_factory=list)
    answers: list[StatusAnswer] = field(default_factory=list)
    refusals: list[FileRefusal] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)
