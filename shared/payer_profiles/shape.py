"""What one payer, program and state want, as data.

A profile chooses and sets rules; it never holds code. Every setting has a neutral default, so a payer we know little
of is checked for what is true everywhere, and nothing is invented about it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from shared.codesets.programs import Program
from shared.dates import DateRange

ALWAYS_THERAPY = "always_therapy"
PLAN_OF_CARE = "GP"


@dataclass(frozen=True, slots=True)
class ModifierWant:
    """A modifier the payer wants. ``codes`` are procedures, or ``("always_therapy",)`` for that whole family."""

    modifier: str
    codes: tuple[str, ...] = (ALWAYS_THERAPY,)
    effective_from: date | None = None
    effective_to: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class VisitStep:
    """What visits ``from_visit`` to ``to_visit`` of one injury need before they are paid. ``taxonomies`` are the
    beginnings of those of the therapists it is about; none means all."""

    from_visit: int
    to_visit: int | None = None
    taxonomies: tuple[str, ...] = ()
    authorized: bool = False
    form: str = ""
    improvement: bool = False


@dataclass(frozen=True, slots=True)
class ProgressReport:
    """A report of progress at ``visits`` visits or ``months`` months, whichever is first, by these therapists."""

    visits: int
    months: int
    taxonomies: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class DisputeWindow:
    """Days for one kind and level of dispute, counted from ``counts_from`` (notice, remittance, date_of_service).

    ``days`` is None where no document at hand says until when, ``answer_days`` where none says how long the payer has
    to decide. With ``self_insured`` it is for plans that an employer carries itself (True) or for all others (False).
    """

    kind: str
    days: int | None = None
    level: int = 1
    counts_from: str = "notice"
    source: str = ""
    answer_days: int | None = None
    answer_source: str = ""
    self_insured: bool | None = None


@dataclass(frozen=True, slots=True)
class LatePaymentInterest:
    """What a payer owes on a proper bill that it has not paid after so many days: basis points for each whole month,
    and the least for a month."""

    after_days: int
    monthly_basis_points: int
    source: str
    monthly_minimum_cents: int = 0
    self_insured: bool | None = None


@dataclass(frozen=True, slots=True)
class PayerProfile:
    """One payer's profile as the claim's rules see it."""

    payer_id: str = ""
    name: str = ""
    profile: str = "commercial"
    program: Program = Program.COMMERCIAL
    state: str = ""
    state_law: bool = False
    """True for what a state's law says of a program, whoever the insurer is; false for one payer's own profile."""
    source: str = ""
    filing_indicator: str = "CI"
    unit_method: str = "ama"
    """cms pools minutes, ama takes each code alone."""
    units_on_lines: str = "together"
    """together has one line for all units of a procedure, apart a line for each unit."""
    same_day_visits: str = "separate"
    """separate has a claim for each visit, combined one for all visits of a day to therapists of one discipline."""

    # What the claim must carry.
    modifiers: tuple[ModifierWant, ...] = ()
    modifiers_refused: tuple[str, ...] = ()
    related_cause: str = ""
    accident_date_wanted: bool = False
    accident_state_wanted: bool = False
    claim_number_wanted: bool = False
    claim_number_form: str = ""
    """A regular expression that the insurer's claim numbers match whole, in capitals; empty where no form is known."""
    claim_number_form_in_words: str = ""
    claim_number_form_source: str = ""
    subscriber_is_employer: bool = False
    attachment_wanted: bool = False

    # Who and what is paid.
    massage_therapists: str = "ask"
    """pays, ask or refuses: whether massage therapists are paid as rendering providers."""
    massage_therapists_source: str = ""
    massage_excluded_from: date | None = None
    massage_excluded_source: str = ""
    acupuncture_excluded_from: date | None = None
    acupuncture_excluded_source: str = ""
    first_care_days: int | None = None
    """Days after the accident within which the injured person must first have been treated by somebody."""
    first_care_source: str = ""
    manual_therapy_by_massage_therapist: str = "ask"
    """97140 by a massage therapist: pays, ask or refuses."""
    procedures_by_taxonomy: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(taxonomy, procedures): all that this payer pays that discipline; it takes the place of the usual scope."""
    procedures_by_taxonomy_source: str = ""
    procedures_refused: tuple[str, ...] = ()
    procedures_bundled: tuple[str, ...] = ()
    procedures_paid_elsewhere: tuple[tuple[str, str], ...] = ()
    """(refused code, code wanted instead), as 97014 and G0283."""
    usual_place_only: bool = False

    # Permission.
    authorization: str = "ask"
    """none, ask, required or by_visits (then ``visit_steps`` say what which visit needs)."""
    authorization_from_visit: int = 1
    """With ``required``: visits before this one of the year or the injury need none."""
    authorization_on_lines: str = "differing"
    """Where numbers stand beside the claim's: on lines with another one, on every line, or never."""
    authorization_request_days: int | None = None
    authorization_request_effective_from: date | None = None
    authorization_request_effective_to: date | None = None
    visit_steps: tuple[VisitStep, ...] = ()
    referral: str = "ask"
    """none, ask or required: a referral, prescription or attending doctor's order."""
    referral_kinds: tuple[str, ...] = ("referral", "prescription", "order")
    referring_npi_wanted: bool = False

    # Limits.
    visits_a_year: int | None = None
    visits_a_day: int | None = None
    visits_counted_by_discipline: bool = False
    """Whether visits to a massage therapist and to a physical therapist are counted each for themselves."""
    units_a_day: int | None = None
    daily_cap_cents: int | None = None
    progress_reports: tuple[ProgressReport, ...] = ()
    referral_age_days: int | None = None

    # Edits and money.
    ncci: bool = True
    """False where the payer does not follow Medicare's pair edits; they then warn."""
    ncci_presumed: bool = False
    """True where the payer has not said itself whether it follows them, so that a person may answer for it."""
    ncci_modifier_line: str = "column2"
    mue: bool = True
    reduction: bool = False
    reduction_effective_from: date | None = None
    reduction_source: str = ""

    # Clocks.
    timely_filing_days: int | None = None
    timely_filing_months: int | None = None
    timely_filing_source: str = ""
    timely_filing_presumed: bool = False
    """True where the limit is our default for such payers, which no document says of this one: it only warns."""
    secondary_counts_from: str = "date_of_service"
    corrected_claims: str = "replacement"
    """How the payer takes a correction of what it has decided: as a ``replacement`` (frequency 7, and 8 to void), as a
    ``new`` claim, or by ``reopening`` alone."""
    corrected_claims_source: str = ""
    corrected_claim_days: int | None = None
    corrected_claim_counts_from: str = "remittance"
    """Where the limit of corrected claims counts from: the payer's decision (remittance) or the date_of_service."""
    corrected_claim_source: str = ""
    payment_overdue_days: int | None = None
    follow_up_days: tuple[int, ...] = (14, 30)
    disputes: tuple[DisputeWindow, ...] = ()
    interest: tuple[LatePaymentInterest, ...] = ()

    # Which rules.
    rules_off: tuple[str, ...] = ()
    severities: tuple[tuple[str, str], ...] = ()
    """(rule code, severity) where this payer makes a rule harder or softer."""

    def wanted_modifiers(
        self, procedure_code: str, plan_modifier: str, always_therapy: bool, on: date
    ) -> tuple[ModifierWant, ...]:
        """The modifiers that the payer wants on this procedure on this day. Where it wants GP, it wants the modifier of
        the plan of care, which is ``plan_modifier``."""
        found = []
        for want in self.modifiers:
            listed = procedure_code in want.codes or (always_therapy and ALWAYS_THERAPY in want.codes)
            if listed and DateRange(want.effective_from, want.effective_to).holds(on):
                found.append(replace(want, modifier=plan_modifier) if want.modifier == PLAN_OF_CARE else want)
        return tuple(found)

    def paid_procedures(self, taxonomy: str) -> tuple[str, ...] | None:
        """All that this payer pays a taxonomy, or None where it has not said."""
        return next((codes for named, codes in self.procedures_by_taxonomy if taxonomy.startswith(named)), None)

    def of_plan(self, *, self_insured: bool) -> PayerProfile:
        """With the disputes and the interest alone that hold for plans that an employer carries itself, or for all
        others."""
        return replace(
            self,
            disputes=tuple(one for one in self.disputes if one.self_insured in (None, self_insured)),
            interest=tuple(one for one in self.interest if one.self_insured in (None, self_insured)),
        )
