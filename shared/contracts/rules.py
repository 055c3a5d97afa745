"""Rules, code sets, findings with their overrides, expected payment and replay, as claims speaks of them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from shared.contracts.common import Acting, Actor, Cents, Command, Finding, Id, IsoDate, SignedCents, View

RuleCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{2,60}$")]
Pointer = Annotated[str, StringConstraints(pattern=r"^(/[A-Za-z0-9_-]{1,40}){1,8}$")]
Reason = Annotated[
    str,
    StringConstraints(min_length=10, max_length=1000, strip_whitespace=True, pattern=r"^[^\x00-\x08\x0e-\x1f\x7f]*$"),
]


class RuleSource(View):
    """A place in a document, and whom it speaks for; no programs means all, no states every state."""

    document: str
    section: str = ""
    publisher: str
    date: str = Field(default="", description="the edition, or the day that the document is of, in words")
    programs: list[str] = []
    states: list[str] = []
    confirmed: bool = Field(
        default=False, description="whether the place was read; else look it up before relying on it"
    )


class RuleSeverity(View):
    """How hard a rule is in one program; `off` where it is not checked. Without states and profile it is so usually,
    else under the law of these states, or for the payers of this packaged profile."""

    program: str
    severity: str = Field(examples=["block", "hold", "warn", "info", "off"])
    states: list[str] = []
    profile: str = ""


class Rule(View):
    """One rule: what it says, how hard, whence and since when. A date that is null is open; no programs means all. In
    a program for which none of its `sources` speaks it is this software's own advice, and its severity info."""

    code: str
    severity: str = Field(
        examples=["block", "hold", "warn", "info"], description="where a source speaks; `severities` says where"
    )
    severities: list[RuleSeverity]
    title: str
    explanation: str
    fix: str
    source: str
    sources: list[RuleSource] = Field(description="the main one first; none where the rule is our own advice")
    group: str
    programs: list[str]
    effective_from: IsoDate | None = None
    effective_to: IsoDate | None = None
    overridable: bool = Field(description="whether a named person may override it")


class RulePage(View):
    """One page of rules. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[Rule]
    next: str | None = None


class DiagnosisCandidate(View):
    """A code that may be meant. `why` is code, synonym, words, spelling or meaning."""

    code: str
    description: str
    why: str
    note: str = ""


class DiagnosisCandidates(View):
    """Billable on the day, best first; offers for a person, of whom none is ever chosen by a machine."""

    items: list[DiagnosisCandidate]
    on: IsoDate
    as_of: IsoDate = Field(description="the day whose codes these are: `on`, or the last that the editions know")
    notice: str | None = Field(
        default=None, description="why the editions at hand do not cover the day, and what to do; null where they do"
    )
    source: str
    version: str


class Diagnosis(View):
    """One ICD-10-CM code on one day. `valid` is null where the editions at hand cannot tell."""

    code: str
    description: str
    on: IsoDate
    validity: str = Field(examples=["valid", "header", "ended", "not_yet", "unknown", "uncertain", "outside_edition"])
    valid: bool | None
    billable_from: IsoDate | None = None
    billable_to: IsoDate | None = None
    edition_from: IsoDate | None = None
    edition_to: IsoDate | None = None
    last_known: str | None = Field(
        default=None, description="the validity on the last day that the editions know, where `on` is later"
    )
    notice: str | None = Field(
        default=None, description="why the editions at hand do not cover the day, and what to do; null where they do"
    )
    instead: list[DiagnosisCandidate] = []
    source: str
    version: str


class PatchStep(View):
    """One step of a mending patch on the claim; `op` is set, add or remove."""

    op: str
    path: str
    value: Any = None


class FactMet(View):
    """A comparison that a practice's own rule made on the claim. `value` is null where the fact is unknown, and where
    it is `withheld` since it tells more of the patient than a claim does."""

    fact: str
    operator: str
    compared_with: bool | int | str | list[str]
    is_met: bool
    value: bool | int | str | list[str] | None = None
    withheld: bool = False
    line_number: int | None = None


class ClaimFinding(Finding):
    """A finding on a claim. One with `overridden_by` (the id of an override of the claim) stops nothing any more."""

    sources: list[RuleSource] = Field(
        default=[], description="those of the rule that speak for the payer's program and state; none: our own advice"
    )
    effective_from: IsoDate | None = None
    effective_to: IsoDate | None = None
    overridable: bool = False
    patch: list[PatchStep] = Field(default=[], description="steps that a machine may safely apply; empty for a person")
    candidates: list[str] = Field(default=[], description="codes that may be meant; offers, never applied")
    because: list[FactMet] = Field(default=[], description="which facts met a practice's own rule")
    overridden_by: str | None = None
    doc_path: str = Field(default="", description="where this service says what the rule is: a page, or its record")


class OverrideCreate(Command):
    """A named person takes responsibility for one finding. `pointer` is wanted where the rule found several places."""

    rule_code: RuleCode
    pointer: Pointer | None = None
    reason: Reason
    actor: Acting


class Override(View):
    """It holds for the finding as it was worded; when the facts change it lapses, and the finding counts again."""

    id: str
    rule_code: str
    pointer: str
    reason: str
    actor: Actor
    at: datetime
    lapsed_at: datetime | None = None


class CentsRange(View):
    """From low to high, both possible; equal where the amount is known."""

    low_cents: SignedCents
    high_cents: SignedCents


class ExpectedLine(View):
    """What should be allowed for a line, and how much the reduction for multiple procedures takes of it."""

    number: int
    procedure_code: str
    allowed: CentsRange
    reduction: CentsRange


class ExpectedPayment(View):
    """What the payer should allow and pay, and the patient owe; `reasons` say why an amount is only a range."""

    lines: list[ExpectedLine]
    allowed: CentsRange
    patient: CentsRange
    payer: CentsRange
    reasons: list[str]


class PayerFee(Command):
    """What a payer allows for one unit of a procedure, in cents."""

    procedure_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{5}$")]
    unit_cents: Cents
    practice_expense_cents: Cents | None = Field(
        default=None, description="the practice-expense part of one unit, which the reduction halves"
    )


class PayerFeesPut(Command):
    """What one payer allows from a date on: cents a unit by procedure, and for all others a share of the charge."""

    effective_from: IsoDate
    fees: list[PayerFee] = Field(default=[], max_length=500)
    percent_of_charge_basis_points: Annotated[int, Field(strict=True, ge=0, le=10_000)] | None = None
    actor: Actor | None = None


class PayerFees(View):
    """What a payer allows, in force from a day on until a later list begins."""

    payer_id: str
    version: int
    effective_from: IsoDate
    fees: list[PayerFee]
    percent_of_charge_basis_points: int | None = None


class RulesReplay(Command):
    """Which stored claims would be judged otherwise. Keeps nothing.

    Each claim is judged as of the day it was last judged, unless `as_of` says otherwise. `profile` lays settings over
    each payer's profile, such as `{"severities": {"note_no_end": "block"}}` or `{"extends": "medicare_advantage"}`.
    """

    as_of: IsoDate | None = None
    profile: dict[str, Any] = Field(default={}, max_length=30)
    code_sets: Literal["in_use", "packaged"] = "in_use"
    payer_id: Id | None = None
    date_of_service_from: IsoDate | None = None
    date_of_service_to: IsoDate | None = None
    after: Annotated[str, StringConstraints(max_length=400)] | None = None
    limit: Annotated[int, Field(strict=True, ge=1, le=50, description="claims judged in this page")] = 25


class RulePlace(View):
    """A finding by its rule and the JSON pointer of the field that it is about."""

    rule_code: str
    pointer: str


class ReplayedClaim(View):
    """One claim that would be judged otherwise: what would come, go, or become harder or softer."""

    claim_id: str
    payer_id: str
    date_of_service: IsoDate
    state: str
    scrub_result_before: str = Field(examples=["ready", "held", "blocked"])
    scrub_result_now: str
    came: list[ClaimFinding]
    went: list[RulePlace]
    harder: list[RulePlace]
    softer: list[RulePlace]
    charge_cents_before: Cents
    charge_cents_now: Cents


class RulesReplayed(View):
    """`items` are those of the `examined` claims of this page that would change."""

    items: list[ReplayedClaim]
    examined: int
    next: str | None = None
