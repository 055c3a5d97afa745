"""Eligibility checks, as eligibility speaks of them: what is asked, and what the payer answered about massage."""

from datetime import datetime

from pydantic import Field

from shared.contracts.common import Actor, Cents, Command, Count, Id, IsoDate, Name, Npi, View


class CheckCreate(Command):
    """An eligibility check to be made: a 270 about one coverage on one day, asked in the name of this provider."""

    coverage_id: Id
    service_date: IsoDate | None = Field(
        default=None, description="the day asked about; the practice's today when absent"
    )
    provider_npi: Npi
    provider_name: Name
    actor: Actor | None = None


class Amount(View):
    """A plan amount: the total, what is left of it, and for which period (X12 EB06 code); unknown is null."""

    total_cents: Cents | None = None
    remaining_cents: Cents | None = None
    period: str | None = None


class Benefit(View):
    """What a payer answered about massage. Unknown is null or `unknown`, never a guess."""

    active: str = Field(examples=["active", "inactive", "unknown"])
    massage: str = Field(examples=["covered", "not_covered", "unknown"])
    service_type: str | None = Field(default=None, description="EB03 of the answer that this was read from")
    effective_from: IsoDate | None = None
    effective_to: IsoDate | None = None
    copay_cents: Cents | None = None
    coinsurance_basis_points: Count | None = Field(default=None, description="the patient's share; 2000 is 20%")
    deductible_individual: Amount = Amount()
    deductible_family: Amount = Amount()
    out_of_pocket_individual: Amount = Amount()
    out_of_pocket_family: Amount = Amount()
    visits_limit: Count | None = None
    visits_remaining: Count | None = None
    visits_used: Count | None = None
    visits_period: str | None = None
    authorization: str = Field(default="unknown", examples=["required", "not_required", "unknown"])
    network: str = Field(default="unknown", examples=["in", "out", "both", "unknown"])
    plan_name: Name | None = None
    messages: list[str] = []


class Rejection(View):
    """One AAA of a 271: who has to act, and whether asking again helps."""

    reject_code: str
    follow_up_code: str | None = None
    loop: str
    message: str
    fix: str


class EligibilityCheck(View):
    """One check and what came of it: the benefit for massage, the payer's rejections, or neither."""

    id: str
    coverage_id: str
    service_date: IsoDate
    status: str = Field(examples=["answered", "rejected", "not_available"])
    checked_at: datetime
    benefit: Benefit | None = None
    rejections: list[Rejection] = []
    next_step: str | None = Field(default=None, description="what to do where the answer does not settle it")


class EligibilityCheckPage(View):
    """One page of eligibility checks. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[EligibilityCheck]
    next: str | None = None
