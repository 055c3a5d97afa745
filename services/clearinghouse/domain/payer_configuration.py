"""The simulator's own world: payers, their plans, fees and members.

Everything here comes from payer files (see `payer_file`) and is shared with nothing outside the simulator, so a claim
that the product gets wrong is answered by somebody who knows better. All records are frozen; what changes with time
(visits used, deductible met) is never stored here but worked out from history in `accumulators`.

Money is integer cents, percentages are basis points (2000 = 20 %), dates are local dates of the payer.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.codesets.programs import NEVER_PATIENT, Program
from shared.dates import DateRange
from shared.wire.basic_character_set import to_basic


class PayerTransaction(StrEnum):
    """A transaction that a payer takes part in."""

    CLAIMS = "837P"
    ELIGIBILITY = "270"
    STATUS = "276"
    REMITTANCE = "835"


class Sharing(StrEnum):
    """A step of cost sharing; a plan lists them in the order in which it applies them."""

    DEDUCTIBLE = "deductible"
    COPAY = "copay"
    COINSURANCE = "coinsurance"


class OtherPays(StrEnum):
    """Whether a member's other payer pays before this one or after it."""

    FIRST = "first"
    SECOND = "second"


def match_key(text: str) -> str:
    """A name or number as it is compared: as it is written on the wire, letters and digits alone."""
    return "".join(character for character in to_basic(text) if character.isalnum())


@dataclass(frozen=True, slots=True)
class Address:
    """A United States postal address, as N3 and N4 carry it."""

    line: str
    city: str
    state: str
    zip_code: str


@dataclass(frozen=True, slots=True)
class AuthorizationRule:
    """From which visit of the year an authorization is wanted; None when it never is, 1 when it always is."""

    from_visit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a payer promises its members for hands-on therapy.

    Diagnoses are prefixes without dots: empty `covered_diagnoses` covers all but those of `uncovered_diagnoses`.
    """

    id: str
    name: str
    copay_cents: int
    coinsurance_basis_points: int
    deductible_cents: int
    out_of_pocket_cents: int | None
    visit_limit: int | None
    tells_visits_left: bool
    """Many payers' 271 has the limit of visits and not what is left of it."""
    massage_covered: bool
    authorization: AuthorizationRule
    covered_diagnoses: tuple[str, ...]
    uncovered_diagnoses: tuple[str, ...]
    service_types: tuple[str, ...]
    cost_sharing: tuple[Sharing, ...]
    in_network: bool


@dataclass(frozen=True, slots=True)
class Authorization:
    """Visits that the payer has agreed to, counted on the date of service."""

    number: str
    effective_from: date
    effective_to: date
    visits: int

    def in_force(self, day: date) -> bool:
        """True when it holds on that date; both ends are included."""
        return DateRange(self.effective_from, self.effective_to).holds(day)


@dataclass(frozen=True, slots=True)
class OtherCoverage:
    """Another payer of the same member, for coordination of benefits."""

    payer_id: str
    payer_name: str
    member_id: str
    pays: OtherPays


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who holds the policy when it is not the patient: a person, or the employer in workers' compensation."""

    last_name: str
    first_name: str = ""
    birth_date: date | None = None
    sex: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One covered person. Dependents carry the subscriber's member id and name the subscriber."""

    id: str
    first_name: str
    last_name: str
    birth_date: date
    sex: str
    plan_id: str
    effective_from: date
    effective_to: date | None
    relation: str
    subscriber: Subscriber | None
    group_number: str
    claim_number: str
    deductible_met_cents: int
    out_of_pocket_met_cents: int
    visits_used: int
    authorizations: tuple[Authorization, ...]
    other_coverage: OtherCoverage | None

    def covered_on(self, day: date) -> bool:
        """True when the coverage is in force on that date; both ends are included."""
        return DateRange(self.effective_from, self.effective_to).holds(day)


@dataclass(frozen=True, slots=True)
class CodePair:
    """Two procedures of one day of which only the first is paid; a `separable` second is freed by 59 or XE/XP/XS/XU."""

    paid: str
    not_paid: str
    separable: bool = False


@dataclass(frozen=True, slots=True)
class Reduction:
    """Multiple-procedure reduction: all units of the day but one lose `basis_points` of their practice-expense part."""

    basis_points: int
    practice_expense: tuple[tuple[str, int], ...]

    def expense_of(self, procedure_code: str) -> int:
        """Practice-expense cents within one unit's fee; 0 for a code that is never reduced."""
        return dict(self.practice_expense).get(procedure_code, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """One payer with all it needs to answer claims and questions.

    `opening_year` is the calendar year to which the members' visits used and amounts met belong.
    """

    id: str
    name: str
    program: Program
    filing_indicator: str
    transactions: frozenset[PayerTransaction]
    address: Address
    tax_id: str
    phone: str
    days_to_acknowledge: int
    days_to_pay: int
    opening_year: int
    filing_limit_days: int
    payment_method: str
    duplicate_group: str
    wants_claim_number: bool
    wants_referral: bool
    always_modifiers: tuple[tuple[str, str], ...]
    daily_cap_cents: int | None
    reduction: Reduction | None
    fees: tuple[tuple[str, int], ...]
    code_pairs: tuple[CodePair, ...]
    plans: tuple[Plan, ...]
    members: tuple[Member, ...]

    def fee_of(self, procedure_code: str) -> int | None:
        """Allowed cents of one unit, or None when the payer does not cover the code."""
        return dict(self.fees).get(procedure_code)

    def modifier_wanted(self, procedure_code: str) -> str | None:
        """The modifier without which this payer does not pay the procedure."""
        return dict(self.always_modifiers).get(procedure_code)

    def plan_of(self, member: Member) -> Plan:
        """The plan that a member belongs to; the payer file guarantees that there is one."""
        return next(plan for plan in self.plans if plan.id == member.plan_id)

    def members_with_id(self, member_id: str) -> tuple[Member, ...]:
        """Everybody covered under one member id: the subscriber and the dependents."""
        return tuple(member for member in self.members if member.id == member_id)

    def takes(self, transaction: PayerTransaction) -> bool:
        """True when the payer takes part in that transaction."""
        return transaction in self.transactions

    @property
    def bills_patients(self) -> bool:
        """Accepted workers' compensation and authorized VA care never reach the patient."""
        return self.program not in NEVER_PATIENT
