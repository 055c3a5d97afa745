"""Coverage, authorizations and referrals, each with its own period of validity.

The functions here decide which authorization and which referral apply to a claim; REF*G1, REF*9F, the rules, and the
authorization that is stored with the claim all use them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.claims.domain.authorization_ledger import UsedBefore
from shared.authorizations import APPROVED, in_force
from shared.dates import DateRange


@dataclass(frozen=True, slots=True)
class AuthorizationInput:
    """One authorization. It must be in force on the date of service, not on the date of submission.

    `visits_allowed` and `units_allowed` None mean that no limit was stated; `procedure_codes` and `regions` empty mean
    all. `visits_used` are days other than the day of service, `units_used` those of other claims.
    """

    number: str
    authorization_id: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    visits_allowed: int | None = None
    visits_used: int = 0
    units_allowed: int | None = None
    units_used: int = 0
    procedure_codes: tuple[str, ...] = ()
    regions: frozenset[str] = frozenset()
    status: str = APPROVED

    def in_force(self, on: date) -> bool:
        """True when it is approved and `on` lies within its days."""
        return in_force(self.status, self.effective_from, self.effective_to, on)

    @property
    def has_visit_left(self) -> bool:
        """True when no limit was stated or it is not reached."""
        return self.visits_allowed is None or self.visits_used < self.visits_allowed

    def has_units_left(self, units: int) -> bool:
        """True when no limit was stated, or so many units more are within it."""
        return self.units_allowed is None or self.units_used + units <= self.units_allowed

    def covers_procedure(self, procedure_code: str) -> bool:
        """True when it names none, or this one."""
        return not self.procedure_codes or procedure_code in self.procedure_codes

    def covers_regions(self, regions: frozenset[str] | None) -> bool:
        """True when it names none, or each of these; one that is not known (None) is not among those it names."""
        return not self.regions or (regions is not None and regions <= self.regions)


@dataclass(frozen=True, slots=True)
class ReferralInput:
    """One referral, prescription or attending doctor's order (`kind` is referral, prescription or order)."""

    kind: str
    referral_id: str = ""
    issued_on: date | None = None
    effective_to: date | None = None
    visits_allowed: int | None = None
    visits_used: int = 0
    referring_npi: str = ""
    diagnoses: tuple[str, ...] = ()
    number: str = ""

    def in_force(self, on: date) -> bool:
        """True when it was issued by `on` and has not run out."""
        return DateRange(self.issued_on, self.effective_to).holds(on)

    @property
    def has_visit_left(self) -> bool:
        """True when no limit was stated or it is not reached."""
        return self.visits_allowed is None or self.visits_used < self.visits_allowed


def referrals_that_hold(
    referrals: Sequence[ReferralInput], on: date, *, kinds: Sequence[str], age_days: int | None
) -> list[ReferralInput]:
    """The referrals in force on the day, of a kind that the payer accepts, and no older than `age_days`."""
    taken = [referral for referral in referrals if referral.kind in kinds and referral.in_force(on)]
    return [
        referral
        for referral in taken
        if age_days is None or referral.issued_on is None or (on - referral.issued_on).days <= age_days
    ]


def referral_that_counts(
    referrals: Sequence[ReferralInput], on: date, *, kinds: Sequence[str], age_days: int | None
) -> ReferralInput | None:
    """The first in force on the day with a visit left; if there is none, the first in force; else None."""
    holding = referrals_that_hold(referrals, on, kinds=kinds, age_days=age_days)
    return next((referral for referral in holding if referral.has_visit_left), holding[0] if holding else None)


@dataclass(frozen=True, slots=True)
class SentText:
    """One text of the 837P as it was given: its place, its label, and its maximum length."""

    pointer: str
    label: str
    text: str
    max_length: int
    min_length: int = 1


@dataclass(frozen=True, slots=True)
class SentAddress:
    """One address of the 837P: its place, whose it is, and whether it must be a street (`is_location`)."""

    pointer: str
    whose: str
    lines: tuple[str, ...]
    state: str
    is_location: bool = False


@dataclass(frozen=True, slots=True)
class PatientInput:
    """The patient, and every name and address that goes out with the claim."""

    birth_date: date
    first_name: str = ""
    last_name: str = ""
    has_address: bool = True
    has_service_address: bool = True
    """False where nobody has said where the visit was, though it was not at the practice."""
    sent_addresses: tuple[SentAddress, ...] = ()
    sex: str = "unknown"
    """female, male or unknown, as the insurer has it."""
    sent_texts: tuple[SentText, ...] = ()


@dataclass(frozen=True, slots=True)
class CoverageInput:
    """One patient's coverage by one payer. Limits that are None are unknown: neither zero nor unlimited."""

    effective_from: date | None = None
    effective_to: date | None = None
    subscriber_kind: str = "self"
    """`self`, `other_person` or `employer` (workers' compensation)."""
    status: str = "active"
    member_id: str = ""
    benefit_service_type: str = ""
    """EB03 of the answer that the benefit was read from: BE massage, PT or AE therapy, 30 the plan."""
    massage_covered: bool | None = None
    authorization_wanted: bool | None = None
    """EB11 of the 271: None is unknown and is never read as no."""
    visits_allowed_year: int | None = None
    visits_remaining: int | None = None
    visits_period: str = ""
    """EB06 of the limit: 22 a service year, 23 a calendar year, 32 a lifetime; empty where it was not said."""
    checked_on: date | None = None
    authorizations: tuple[AuthorizationInput, ...] = ()
    referrals: tuple[ReferralInput, ...] = ()
    other_payer_ids: tuple[str, ...] = ()
    """Payers of the patient's other coverages."""
    injury_insurers: tuple[str, ...] = ()
    """Payers of the patient's auto and compensation claims that are open on the day of service."""
    other_primaries: tuple[str, ...] = ()
    """Payers of the patient's other health plans that are in force on the day of service and primary too."""
    prior_visits: int = 0
    used_before: UsedBefore | None = None
    """What was used of the plan's benefit before the practice moved in."""
    """Visits for this injury before the first one that is billed from here."""
    progress_report_on: date | None = None
    improvement_documented_on: date | None = None
    forms_on_file: tuple[tuple[str, date], ...] = ()
    """(form, day on which the insurer got it)."""
    self_insured: bool = False

    def active_on(self, on: date) -> bool:
        """True if the coverage's own dates include `on`; its reported status is separate."""
        return DateRange(self.effective_from, self.effective_to).holds(on)

    def has_form(self, form: str, on: date) -> bool:
        """True when the insurer had the form by that day."""
        return any(name == form and filed_on <= on for name, filed_on in self.forms_on_file)

    def shows_improvement(self, on: date) -> bool:
        """True when improvement was documented by that day."""
        return self.improvement_documented_on is not None and self.improvement_documented_on <= on
