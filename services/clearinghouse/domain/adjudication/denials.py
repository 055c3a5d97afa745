"""Why a line is not paid at all: an ordered list of small checks; the first that speaks decides the line.

Each check takes the case and one line and answers with a denial or None. Codes are CARC with an optional RARC. The
group is CO unless the plan's terms make it the patient's, and then only in a program that bills patients at all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from services.clearinghouse.domain.accumulators import Used
from services.clearinghouse.domain.outcomes import CONTRACT, PATIENT
from services.clearinghouse.domain.payer_configuration import Member, OtherPays, Payer, Plan
from services.clearinghouse.domain.submitted_claim import SubmittedClaim, SubmittedLine

SEPARATE_MODIFIERS = frozenset({"59", "XE", "XP", "XS", "XU"})


@dataclass(frozen=True, slots=True)
class Case:
    """All that decides one day of one claim. `used` holds everything before this day's lines."""

    payer: Payer
    plan: Plan
    member: Member
    claim: SubmittedClaim
    received_on: date
    used: Used
    day: date


@dataclass(frozen=True, slots=True)
class Denial:
    """Group, reason and remark for the whole charge of a line."""

    group: str
    code: str
    remark: str = ""


Check = Callable[[Case, SubmittedLine], Denial | None]


def coverage_not_begun(case: Case, _line: SubmittedLine) -> Denial | None:
    """26: the service was before the coverage."""
    return Denial(CONTRACT, "26") if case.day < case.member.effective_from else None


def coverage_ended(case: Case, _line: SubmittedLine) -> Denial | None:
    """27: the service was after the coverage."""
    ended = case.member.effective_to
    return Denial(CONTRACT, "27") if ended is not None and case.day > ended else None


def filed_late(case: Case, _line: SubmittedLine) -> Denial | None:
    """29: the claim came after the payer's filing limit, counted from the date of service."""
    limit = case.day + timedelta(days=case.payer.filing_limit_days)
    return Denial(CONTRACT, "29") if case.received_on > limit else None


def other_payer_first(case: Case, line: SubmittedLine) -> Denial | None:
    """22: another payer comes first and has not answered yet."""
    other = case.member.other_coverage
    waits = other is not None and other.pays is OtherPays.FIRST and line.prior is None
    return Denial(CONTRACT, "22", "MA04") if waits else None


def paid_before(case: Case, line: SubmittedLine) -> Denial | None:
    """18: the same service of the same day by the same therapist has already been allowed."""
    seen = any(
        service.procedure_code == line.procedure_code and service.rendering_npi == case.claim.rendering_npi
        for service in case.used.on(case.day)
    )
    return Denial(case.payer.duplicate_group, "18") if seen else None


def no_diagnosis(_case: Case, line: SubmittedLine) -> Denial | None:
    """16: the line points to no diagnosis."""
    return None if line.diagnoses else Denial(CONTRACT, "16", "M76")


def massage_not_covered(case: Case, line: SubmittedLine) -> Denial | None:
    """204: the plan has no massage benefit; the patient's to pay where patients pay at all."""
    if case.plan.massage_covered or line.procedure_code != "97124":
        return None
    return Denial(_patients_group(case), "204")


def bundled(case: Case, line: SubmittedLine) -> Denial | None:
    """97: another procedure of the day pays for this one, unless a separable pair carries the modifier."""
    same_day = {other.procedure_code for other in case.claim.lines if other.service_date == case.day}
    # Also what earlier claims of the day were paid: splitting a pair over two claims does not pay both.
    same_day |= {service.procedure_code for service in case.used.on(case.day)}
    for pair in case.payer.code_pairs:
        freed = pair.separable and SEPARATE_MODIFIERS & set(line.modifiers)
        if pair.not_paid == line.procedure_code and pair.paid in same_day and not freed:
            return Denial(CONTRACT, "97", "M15")
    return None


def not_in_fee_schedule(case: Case, line: SubmittedLine) -> Denial | None:
    """96: the payer has no fee for this code."""
    return Denial(CONTRACT, "96", "N130") if case.payer.fee_of(line.procedure_code) is None else None


def modifier_missing(case: Case, line: SubmittedLine) -> Denial | None:
    """4: a modifier that this payer always wants is not there."""
    wanted = case.payer.modifier_wanted(line.procedure_code)
    return Denial(CONTRACT, "4") if wanted and wanted not in line.modifiers else None


def not_necessary(case: Case, line: SubmittedLine) -> Denial | None:
    """50: none of the line's diagnoses makes the service necessary under the plan."""
    return None if any(_covers(case.plan, code) for code in line.diagnoses) else Denial(CONTRACT, "50")


def not_authorized(case: Case, line: SubmittedLine) -> Denial | None:
    """197: no authorization that is valid on the date of service; 198: it is used up."""
    from_visit = case.plan.authorization.from_visit
    # The day in question is a visit itself.
    if from_visit is None or case.used.visits_before(case.day) + 1 < from_visit:
        return None
    number = case.claim.authorization_of(line.number)
    for found in case.member.authorizations:
        if found.number == number and found.in_force(case.day):
            used_up = case.used.authorized_visits(number, case.day) >= found.visits
            return Denial(CONTRACT, "198") if used_up else None
    return Denial(CONTRACT, "197")


def limit_reached(case: Case, _line: SubmittedLine) -> Denial | None:
    """119: the visits of the year are used up; the patient's to pay where patients pay at all."""
    limit = case.plan.visit_limit
    if limit is None or case.used.visits_before(case.day) < limit:
        return None
    return Denial(_patients_group(case), "119")


# From what makes the whole claim void of effect to what depends on the plan's terms: a line of somebody who was not
# covered is not told that her visits are used up.
CHECKS: tuple[Check, ...] = (
    coverage_not_begun,
    coverage_ended,
    filed_late,
    other_payer_first,
    paid_before,
    no_diagnosis,
    massage_not_covered,
    bundled,
    not_in_fee_schedule,
    modifier_missing,
    not_necessary,
    not_authorized,
    limit_reached,
)


def denial_of(case: Case, line: SubmittedLine) -> Denial | None:
    """The first reason not to pay the line, or None."""
    return next((denial for check in CHECKS if (denial := check(case, line))), None)


def _patients_group(case: Case) -> str:
    return PATIENT if case.payer.bills_patients else CONTRACT


def _covers(plan: Plan, diagnosis: str) -> bool:
    if plan.uncovered_diagnoses and diagnosis.startswith(plan.uncovered_diagnoses):
        return False
    return not plan.covered_diagnoses or diagnosis.startswith(plan.covered_diagnoses)
