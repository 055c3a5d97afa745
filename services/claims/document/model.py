"""The parts of a claim document, newest version. A change of shape needs a new version, an upcaster and a golden."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from services.claims.domain.payer_responses import PayerResponses
from services.claims.domain.rules import (
    Finding,
    Override,
    ReviewedFinding,
    ScrubResult,
    blocking,
    holding,
    review_findings,
    scrub_result,
)
from services.claims.domain.scrubber_input import ProfessionalClaim, ProfessionalServiceLine
from services.claims.domain.underpayment import UnderpaidLine, UnderpaymentDecision
from shared.contracts.claims import Attachment, PriorPayment
from shared.contracts.eligibility import CoverageBundle
from shared.contracts.notes import Note
from shared.contracts.practice import Practice, Therapist
from shared.payer_profiles import PayerProfile


class SourceVisit(Struct, frozen=True):
    """One visit that a claim bills: its note, and who treated."""

    note: Note
    therapist: Therapist


class ClaimSource(Struct, frozen=True, omit_defaults=True):
    """All that a claim is made from, as it was when it was read. `fees_cents` is the charge of one unit by procedure
    code; `profile` is the payer's rule profile, resolved once, when the source was read. `note` and `therapist` are of
    the claim's own visit, `other_visits` those of the same day that it bills too; without them the stored source, and
    so its hash, has no such member."""

    note: Note
    coverage_bundle: CoverageBundle
    practice: Practice
    therapist: Therapist
    fees_cents: dict[str, int]
    profile: PayerProfile
    other_visits: tuple[SourceVisit, ...] = ()

    @property
    def visits(self) -> tuple[SourceVisit, ...]:
        """All visits that the claim bills, its own first."""
        return (SourceVisit(self.note, self.therapist), *self.other_visits)

    @property
    def note_ids(self) -> tuple[str, ...]:
        """The notes of all visits, the claim's own first."""
        return tuple(one.note.id for one in self.visits)

    @property
    def diagnoses(self) -> tuple[str, ...]:
        """The diagnoses of all notes, each once, in their order."""
        return tuple(dict.fromkeys(diagnosis for one in self.visits for diagnosis in one.note.diagnoses))

    @property
    def time_zone(self) -> str:
        """The practice's zone, in which its dates are counted."""
        return self.practice.time_zone

    @property
    def notice_on_file(self) -> bool:
        """Whether the patient had signed, by the day of service, that she pays what her plan does not."""
        signed_on = self.coverage_bundle.coverage.notice_signed_on
        return signed_on is not None and signed_on <= self.note.date_of_service


class BillerOptions(Struct, frozen=True):
    """What the biller gives with the claim: who wins ties, modifiers by procedure code, what the patient paid, what is
    attached, what earlier payers paid, which procedures are not billed. `earlier_lines` are the lines as the payer
    before was billed: if there are any, the claim has the same. `pointers` are the diagnoses that a procedure points
    to. `here` are the units that the claim bills where it bills not all of the visit, and `elsewhere` those that the
    visit's other claims do (`domain/visit_lines.py`). The last five say how a corrected claim is sent; `line_numbers`
    are those of its earlier submissions, by the name of the line."""

    tie_order: tuple[str, ...] = ()
    modifiers: dict[str, tuple[str, ...]] = {}
    patient_paid_cents: int = 0
    attachments: tuple[Attachment, ...] = ()
    prior_payments: tuple[PriorPayment, ...] = ()
    left_off: tuple[str, ...] = ()
    earlier_lines: tuple[ProfessionalServiceLine, ...] = ()
    pointers: dict[str, tuple[str, ...]] = {}
    here: dict[str, int | None] = {}
    elsewhere: dict[str, int | None] = {}
    frequency: str = "1"
    payer_claim_number: str = ""
    sent_lines: tuple[int, ...] = ()
    decided_on: date | None = None
    line_numbers: dict[str, int] = {}

    @property
    def submission(self) -> dict[str, Any]:
        """How a claim of these options is sent, as members of the claim. An original names no number of the payer."""
        number = self.payer_claim_number if self.frequency != "1" else ""
        return {
            "frequency": self.frequency,
            "payer_claim_number": number,
            "sent_lines": self.sent_lines,
            "decided_on": self.decided_on,
        }


class Correction(Struct, frozen=True):
    """Why a submission after the first is sent: the person's reason, and how the rules of the payer have it sent."""

    reason: str
    why: str


class UnitCount(Struct, frozen=True):
    """How minutes became units: the method (`cms` or `ama`), the arithmetic in a sentence, minutes billed and left."""

    method: str
    sentence: str
    billed_minutes: int
    unbilled_minutes: int


class ScrubbedClaim(Struct, frozen=True):
    """The claim as it would be sent, how its units came about, and what the rules found on `scrubbed_at`."""

    claim: ProfessionalClaim
    units: UnitCount
    findings: tuple[Finding, ...]
    scrubbed_at: datetime


class FindingOverride(Struct, frozen=True):
    """An override that a person gave. With `lapsed_at` the claim's facts have left it behind: it is kept to be read
    and never counts again, even if the same finding comes back."""

    id: str
    override: Override
    actor_name: str
    lapsed_at: datetime | None = None


class PayerChain(Struct, frozen=True):
    """The claims of the same visit to the payer before and to the payer after. With `sent_by_earlier_payer` the payer
    before sent this one itself (crossover), and no file of ours has it. `moved_from_claim_id` is the claim whose payer
    has denied the lines of this one."""

    previous_claim_id: str | None = None
    next_claim_id: str | None = None
    sent_by_earlier_payer: bool = False
    moved_from_claim_id: str | None = None


class Underpayment(Struct, frozen=True):
    """The lines that the payer allowed too little for, by its newest answer, and what a person has done about it.
    `expected_by_line` are (line number, cents) of what it should have allowed, where that is known."""

    lines: tuple[UnderpaidLine, ...] = ()
    decision: UnderpaymentDecision | None = None
    decided_on: date | None = None
    expected_by_line: tuple[tuple[int, int], ...] = ()

    def after_answer(
        self, lines: tuple[UnderpaidLine, ...], expected_by_line: tuple[tuple[int, int], ...]
    ) -> "Underpayment":
        """What it is after another answer: a decision that was made about other lines is left behind."""
        if lines == self.lines:
            return replace(self, expected_by_line=expected_by_line)
        return Underpayment(lines, expected_by_line=expected_by_line)


class SentElsewhere(Struct, frozen=True):
    """The claim was sent from the system before the practice moved in: no file of ours has it, and no rule has judged
    it. What a payer paid until `as_of` is in its opening balance (`opening_id`); `claim_number` is the number that the
    payer knows it by, empty where that is not known."""

    opening_id: str
    as_of: date
    claim_number: str = ""


class ClaimDocument(Struct, frozen=True):
    """One claim, whole."""

    schema_version: int
    source: ClaimSource
    source_hash: str
    options: BillerOptions
    scrubbed: ScrubbedClaim
    overrides: tuple[FindingOverride, ...]
    responses: PayerResponses
    chain: PayerChain = PayerChain()
    statements: tuple[date, ...] = ()
    """The days on which the patient was billed, oldest first."""
    underpayment: Underpayment = Underpayment()
    correction: Correction | None = None
    sent_elsewhere: SentElsewhere | None = None

    @property
    def claim(self) -> ProfessionalClaim:
        """The claim as it would be, or was, sent."""
        return self.scrubbed.claim

    def reviewed_findings(self) -> list[ReviewedFinding]:
        """Each finding with the override that answers it, if any."""
        return reviewed(self.scrubbed.findings, self.overrides)

    def scrub_result(self) -> ScrubResult:
        """Whether anything stops submission, and what."""
        return scrub_result(self.reviewed_findings())

    def stopping_findings(self) -> list[Finding]:
        """What stops submission: blocks first, then holds."""
        reviewed = self.reviewed_findings()
        return [*blocking(reviewed), *holding(reviewed)]

    def with_override(self, override: FindingOverride) -> "ClaimDocument":
        """The document with one override more."""
        return replace(self, overrides=(*self.overrides, override))

    def with_responses(self, responses: PayerResponses) -> "ClaimDocument":
        """The document with what clearinghouse and payers have answered by now."""
        return replace(self, responses=responses)

    def with_chain(self, **changed: str | bool | None) -> "ClaimDocument":
        """The document with other members of its chain of payers."""
        return replace(self, chain=replace(self.chain, **changed))


def in_force(overrides: Iterable[FindingOverride]) -> list[FindingOverride]:
    """The overrides that have not lapsed."""
    return [one for one in overrides if one.lapsed_at is None]


def reviewed(findings: Iterable[Finding], overrides: Iterable[FindingOverride]) -> list[ReviewedFinding]:
    """Findings with the overrides in force that answer them."""
    return review_findings(findings, (one.override for one in in_force(overrides)))


def override_id_of(one: ReviewedFinding, overrides: Iterable[FindingOverride]) -> str | None:
    """The id of the override that answers a finding, if any."""
    return next((given.id for given in in_force(overrides) if given.override == one.override), None)


def lapse(
    overrides: Iterable[FindingOverride], findings: Iterable[Finding], now: datetime
) -> tuple[FindingOverride, ...]:
    """The overrides after the claim was scrubbed again: one that answers none of the findings has lapsed."""
    given = tuple(overrides)
    used = {one.override for one in reviewed(findings, given) if one.override is not None}
    return tuple(one if one.lapsed_at or one.override in used else replace(one, lapsed_at=now) for one in given)


def hash_of(source: ClaimSource) -> str:
    """SHA-256 of what a claim was made from, in hex; it depends on the content alone."""
    plain = msgspec.json.encode(source, order="deterministic", enc_hook=lambda model: model.model_dump(mode="json"))
    return hashlib.sha256(plain).hexdigest()
