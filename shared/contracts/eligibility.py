"""Patients, payers, coverages, authorizations and referrals, as eligibility speaks of them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from shared.authorizations import APPROVED
from shared.codesets import bundled
from shared.contracts.common import (
    Actor,
    Address,
    Cents,
    Code,
    Command,
    Count,
    DiagnosisCode,
    Id,
    IsoDate,
    Line,
    Modifier,
    Npi,
    OwnProcedure,
    PersonName,
    ProcedureCode,
    Taxonomy,
    View,
)
from shared.contracts.eligibility_checks import Benefit
from shared.contracts.injuries import Accident, FormOnFile, Sex, Subscriber
from shared.contracts.payer_profiles import Limit, PayerDispute

MemberId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{2,80}$")]
GroupNumber = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9 ./#-]{1,50}$")]
"""SBR03 has room for 50 characters, and none that delimits."""
ProfileName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{2,40}$")]
Decision = Literal["pays", "ask", "refuses"]


def _region(name: str) -> str:
    """The name of a region. Raises ValueError."""
    if name not in bundled().body_regions.codes:
        raise ValueError("this is no region of the list, such as cervical, lumbar, back or knee")
    return name


BodyRegion = Annotated[
    str, AfterValidator(_region), StringConstraints(max_length=20), Field(examples=["lumbar", "back", "knee"])
]


class PatientPut(Command):
    """A patient's demographics, as a caller puts them."""

    name: PersonName
    birth_date: IsoDate
    sex: Sex = "unknown"
    address: Address | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$")] | None = None
    signature_on_file: bool = Field(
        default=True, description="whether the patient has signed the release of her record to the insurer (CLM09)"
    )
    actor: Actor | None = None


class Patient(View):
    """A patient with the demographics that claims and inquiries need."""

    id: str
    version: int
    name: PersonName
    birth_date: IsoDate
    sex: str
    address: Address | None = None
    phone: str | None = None
    signature_on_file: bool = True


class PayerPut(Command):
    """A payer and its profile: how it is reached, how it counts units, what it wants on a claim.

    `profile` names a rule profile (`commercial`, `medicare_advantage`, `wa_lni`, `auto_pip`, ...; `GET /v1/profiles`
    lists them); what is given here beside it overrides the profile's value for this payer.
    """

    name: Line
    payer_identifier: Code = Field(description="the payer's id on the wire, NM109 of its NM1*PR")
    profile: ProfileName
    claim_route: Literal["clearinghouse", "paper"] = Field(
        default="clearinghouse",
        description="`paper`: a submitted claim goes into no file; its next action is `print_and_mail`",
    )
    eligibility_route: Literal["clearinghouse", "none"] = "clearinghouse"
    filing_indicator: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2}$")] | None = None
    unit_method: Literal["cms", "ama"] | None = None
    timely_filing_days: Count | None = Field(default=None, description="null: the profile's; a commercial one's warns")
    units_on_lines: Literal["together", "apart"] | None = Field(
        default=None,
        description="the units of a procedure on one line (the default), or each on a line of its own",
    )
    same_day_visits: Literal["separate", "combined"] | None = Field(
        default=None,
        description="each visit of a day on a claim of its own (the default), or all visits of a day to therapists of "
        "one discipline on one claim",
    )
    authorization: Literal["none", "required"] | None = None
    authorization_from_visit: Count | None = None
    authorization_on_lines: Literal["never", "differing", "every"] | None = Field(
        default=None,
        description="where an authorization number stands beside the claim's: on lines that have another one (the "
        "guide's rule, and the default), on every line, or never, so that a claim has one authorization",
    )
    referral: Literal["none", "required"] | None = None
    modifiers: list[Modifier] | None = Field(default=None, max_length=4)
    modifiers_refused: list[Modifier] | None = Field(default=None, max_length=20)
    procedures_refused: list[ProcedureCode] | None = Field(default=None, max_length=50)
    procedures_by_taxonomy: dict[Taxonomy, Annotated[list[ProcedureCode], Field(max_length=50)]] | None = Field(
        default=None,
        max_length=20,
        description="all that this payer pays a discipline, by provider taxonomy, in place of its usual scope",
        examples=[{"225700000X": ["97124"]}],
    )
    massage_therapists: Decision | None = Field(
        default=None, description="whether massage therapists are paid as rendering providers"
    )
    manual_therapy_by_massage_therapist: Decision | None = Field(
        default=None, description="whether 97140 by a massage therapist is paid"
    )
    ncci_edits: bool | None = Field(
        default=None,
        description="whether the payer follows Medicare's NCCI edits between procedures of one day (97124 with 97140). "
        "null is the profile's: of a commercial plan it is presumed, and a person may answer for the claim",
    )
    own_procedures: list[OwnProcedure] = Field(
        default=[], max_length=50, description="procedures of this payer's own, which no packaged code set has"
    )
    attachment_wanted: bool | None = Field(default=None, description="whether the note must come with every claim")
    referring_npi_wanted: bool | None = None
    referral_age_days: Limit | None = Field(default=None, description="how old a referral may be on the day of service")
    visits_a_year: Limit | None = None
    visits_a_day: Limit | None = None
    units_a_day: Limit | None = Field(default=None, description="timed units that are paid in one day")
    daily_cap_cents: Annotated[Cents, Field(ge=1)] | None = Field(
        default=None, description="the most that is paid for one day"
    )
    payment_overdue_days: Limit | None = Field(
        default=None, description="how long the payer has to pay a clean claim, by law or contract"
    )
    disputes: list[PayerDispute] | None = Field(
        default=None, max_length=5, description="all levels of dispute, in place of the profile's"
    )
    assignment_accepted: bool = Field(
        default=True, description="whether the practice takes the payer's amount as payment in full (CLM07)"
    )
    actor: Actor | None = None


class Payer(View):
    """A payer as it was put; a setting that is null is the profile's."""

    id: str
    version: int
    name: str
    payer_identifier: str
    profile: str
    claim_route: str
    eligibility_route: str
    filing_indicator: str | None = None
    unit_method: str | None = None
    timely_filing_days: int | None = None
    units_on_lines: str | None = None
    same_day_visits: str | None = None
    authorization: str | None = None
    authorization_from_visit: int | None = None
    authorization_on_lines: str | None = None
    referral: str | None = None
    modifiers: list[str] | None = None
    modifiers_refused: list[str] | None = None
    procedures_refused: list[str] | None = None
    procedures_by_taxonomy: dict[str, list[str]] | None = None
    massage_therapists: str | None = None
    manual_therapy_by_massage_therapist: str | None = None
    ncci_edits: bool | None = None
    own_procedures: list[OwnProcedure] = []
    attachment_wanted: bool | None = None
    referring_npi_wanted: bool | None = None
    referral_age_days: int | None = None
    visits_a_year: int | None = None
    visits_a_day: int | None = None
    units_a_day: int | None = None
    daily_cap_cents: int | None = None
    payment_overdue_days: int | None = None
    disputes: list[PayerDispute] | None = None
    assignment_accepted: bool = True


class CoveragePut(Command):
    """A patient's insurance with one payer, or the insurer's file of one injury."""

    patient_id: Id
    payer_id: Id
    rank: Annotated[int, Field(strict=True, ge=1, le=3, description="1 primary, 2 secondary, 3 tertiary")] = 1
    member_id: MemberId
    group_number: GroupNumber | None = None
    plan_name: Line | None = None
    relationship: Literal["self", "spouse", "child", "employee", "other"] = "self"
    subscriber: Subscriber | None = None
    effective_from: IsoDate | None = None
    effective_to: IsoDate | None = None
    claim_number: Annotated[str, StringConstraints(max_length=50, pattern=r"^[A-Za-z0-9-]+$")] | None = Field(
        default=None, description="the insurer's number of an injury claim (REF*Y4)"
    )
    accident: Accident | None = None
    onset_on: IsoDate | None = Field(
        default=None, description="the day an illness or occupational disease began (DTP*431)"
    )
    network: Literal["in", "out", "unknown"] = "unknown"
    benefits_assigned: bool = Field(
        default=True, description="whether the insured has assigned the benefits to the practice (CLM08)"
    )
    self_insured: bool = Field(default=False, description="whether the employer carries the plan or the injury itself")
    notice_signed_on: IsoDate | None = Field(
        default=None, description="the day the patient signed a notice that the insurer may not pay"
    )
    prior_visits: Count = Field(
        default=0, description="visits for this injury, before the first one that is billed from here"
    )
    forms_on_file: list[FormOnFile] = Field(default=[], max_length=50)
    progress_report_on: IsoDate | None = Field(default=None, description="the day the last progress report was sent")
    improvement_documented_on: IsoDate | None = Field(
        default=None, description="the day on which improvement was last documented for the claim manager"
    )
    actor: Actor | None = None


class Coverage(View):
    """A coverage as it was put, with its version."""

    id: str
    version: int
    patient_id: str
    payer_id: str
    rank: int
    member_id: str
    group_number: str | None = None
    plan_name: str | None = None
    relationship: str
    subscriber: Subscriber | None = None
    effective_from: IsoDate | None = None
    effective_to: IsoDate | None = None
    claim_number: str | None = None
    accident: Accident | None = None
    onset_on: IsoDate | None = None
    network: str = "unknown"
    benefits_assigned: bool = True
    self_insured: bool = False
    notice_signed_on: IsoDate | None = None
    prior_visits: int = 0
    forms_on_file: list[FormOnFile] = []
    progress_report_on: IsoDate | None = None
    improvement_documented_on: IsoDate | None = None

    @property
    def insured(self) -> Subscriber | None:
        """Who holds the policy where it is not the patient: a person, or the employer in workers' compensation."""
        return self.subscriber if self.relationship != "self" else None


class CoverageSearch(Command):
    """Which coverages have this member id, whatever its case and dashes. In a body, since URLs are logged."""

    member_id: MemberId
    after: Annotated[str, StringConstraints(max_length=400)] | None = None
    limit: Annotated[int, Field(strict=True, ge=1, le=200)] = 50


class AuthorizationPut(Command):
    """A payer's permission. It counts on the date of service, not on the day of submission."""

    coverage_id: Id
    number: Annotated[str, StringConstraints(max_length=50, pattern=r"^[A-Za-z0-9-]+$")]
    effective_from: IsoDate
    effective_to: IsoDate
    visits: Count | None = Field(default=None, description="days of treatment; null where no number was stated")
    units: Count | None = Field(
        default=None, description="units of all its procedures together; null where no number was stated"
    )
    procedure_codes: list[ProcedureCode] = Field(
        default=[],
        max_length=20,
        description="empty for all; numbers of units by procedure are authorizations of their own with one `number`",
    )
    regions: list[BodyRegion] = Field(default=[], max_length=26, description="regions of the body; empty for all")
    status: Literal["approved", "pending", "denied", "withdrawn"] = Field(
        default=APPROVED, description="only an approved one counts"
    )
    actor: Actor | None = None


class Authorization(View):
    """A payer's permission for a number of visits or procedures in a period."""

    id: str
    version: int
    coverage_id: str
    number: str
    effective_from: IsoDate
    effective_to: IsoDate
    visits: int | None = None
    units: int | None = None
    procedure_codes: list[str] = []
    regions: list[str] = []
    status: str = APPROVED


class ReferralPut(Command):
    """A referral, a prescription or an attending doctor's order: who sent the patient, for what, from when to when."""

    coverage_id: Id
    kind: Literal["referral", "prescription", "order"]
    number: Annotated[str, StringConstraints(max_length=50, pattern=r"^[A-Za-z0-9-]+$")] | None = None
    referring_name: PersonName
    referring_npi: Npi
    issued_on: IsoDate
    effective_to: IsoDate | None = None
    visits: Count | None = None
    diagnoses: list[DiagnosisCode] = Field(default=[], max_length=12)
    actor: Actor | None = None


class Referral(View):
    """A referral, prescription or order and who wrote it."""

    id: str
    version: int
    coverage_id: str
    kind: str
    number: str | None = None
    referring_name: PersonName
    referring_npi: str
    issued_on: IsoDate
    effective_to: IsoDate | None = None
    visits: int | None = None
    diagnoses: list[str] = []


class CoverageBundle(View):
    """All that a claim needs to know of one coverage, in one answer: the claim keeps it as its snapshot."""

    coverage: Coverage
    patient: Patient
    payer: Payer
    authorizations: list[Authorization]
    referrals: list[Referral]
    other_coverages: list["OtherCoverage"] = []
    benefit: Benefit | None = None
    checked_at: datetime | None = None


class OtherCoverage(View):
    """Another coverage of the same patient with its payer, for the coordination of benefits."""

    coverage: Coverage
    payer: Payer


class PatientPage(View):
    """One page of patients. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[Patient]
    next: str | None = None


class PayerPage(View):
    """One page of payers. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[Payer]
    next: str | None = None


class CoveragePage(View):
    """One page of coverages. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[Coverage]
    next: str | None = None


class AuthorizationPage(View):
    """One page of authorizations. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[Authorization]
    next: str | None = None


class ReferralPage(View):
    """One page of referrals. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[Referral]
    next: str | None = None
