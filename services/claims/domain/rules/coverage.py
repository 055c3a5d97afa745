"""Coverage: does this insurer cover this patient, and massage, on the day of service?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.claims.domain.rules import sources
from services.claims.domain.rules.context import ScrubberInput
from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.rule import Hit, Rule, rule

STALE_DAYS = 30
"""After so many days an eligibility answer is old: plans change with the month."""


@rule(
    "coverage_missing",
    Severity.BLOCK,
    "A claim needs a coverage",
    fix="Enter the patient's coverage.",
    source=sources.GUIDE,
)
def coverage_missing(context: ScrubberInput) -> Iterator[Hit]:
    """Without a coverage there is nobody to send the claim to."""
    if context.coverage is None:
        yield Hit("There is no coverage behind this claim.", "/coverage")


@rule(
    "coverage_not_active",
    Severity.BLOCK,
    "The coverage holds on the date of service",
    fix="Check eligibility for that day, and bill the coverage that was in force.",
    source=sources.BENEFIT,
)
def coverage_not_active(context: ScrubberInput) -> Iterator[Hit]:
    """The coverage's own days decide; a coverage that has expired pays nothing."""
    coverage = context.coverage
    if coverage is None or coverage.active_on(context.on):
        return
    if coverage.last_day and context.on > coverage.last_day:
        yield Hit(f"The coverage ended on {coverage.last_day}, before the date of service.", "/coverage/last_day")
    else:
        yield Hit(f"The coverage begins on {coverage.first_day}, after the date of service.", "/coverage/first_day")


@rule(
    "coverage_reported_inactive",
    Severity.BLOCK,
    "The payer says that the coverage is active",
    fix="Ask the patient for the new card and check eligibility again.",
    source=sources.BENEFIT,
    overridable=True,
)
def coverage_reported_inactive(context: ScrubberInput) -> Iterator[Hit]:
    """The payer's answer weighs more than what was written down at intake."""
    if context.coverage and context.coverage.status == "inactive":
        yield Hit("The payer says that the coverage is not active.", "/coverage/status")


@rule(
    "coverage_of_other_payer",
    Severity.BLOCK,
    "Claim and coverage are of one payer",
    fix="Choose the coverage of the payer that is billed.",
    source=sources.GUIDE,
)
def coverage_of_other_payer(context: ScrubberInput) -> Iterator[Hit]:
    """A claim goes to the payer of its coverage."""
    if context.coverage and context.coverage.payer_id != context.claim.payer_id:
        yield Hit("The claim goes to another payer than the coverage's.", "/claim/payer_id")


@rule(
    "member_id_missing",
    Severity.BLOCK,
    "The member id is there and has the payer's form",
    fix="Take the member id from the card or the payer's answer.",
    source=sources.GUIDE,
)
def member_id_missing(context: ScrubberInput) -> Iterator[Hit]:
    """A payer finds nobody without it."""
    coverage, pattern = context.coverage, context.payer.member_id_pattern
    if coverage is None:
        return
    if not coverage.member_id.strip():
        yield Hit("The coverage has no member id.", "/coverage/member_id")
    elif pattern and len(pattern) <= 100 and not re.fullmatch(pattern, coverage.member_id[:80]):
        yield Hit("The member id does not have this payer's form.", "/coverage/member_id")


@rule(
    "patient_not_born",
    Severity.BLOCK,
    "The patient was born before the treatment",
    fix="Correct the birth date or the date of service.",
    source=sources.GUIDE,
)
def patient_not_born(context: ScrubberInput) -> Iterator[Hit]:
    """A birth date after the date of service is a slip, and the payer matches on it."""
    coverage = context.coverage
    if coverage and coverage.patient_born_on and coverage.patient_born_on > context.on:
        yield Hit("The birth date is after the date of service.", "/coverage/patient_born_on")


@rule(
    "massage_not_covered",
    Severity.BLOCK,
    "The plan covers massage",
    fix="Bill the patient where the plan allows it and a notice was signed; or ask the payer.",
    source=sources.BENEFIT,
    overridable=True,
)
def massage_not_covered(context: ScrubberInput) -> Iterator[Hit]:
    """Not covered under massage therapy beats active under anything else."""
    if context.coverage and context.coverage.massage_covered is False:
        yield Hit("The payer says that the plan does not cover massage.", "/coverage/massage_covered")


@rule(
    "visits_used_up",
    Severity.BLOCK,
    "Visits are left",
    fix="Ask for more visits, or bill the patient with a signed notice.",
    source=sources.BENEFIT,
    overridable=True,
)
def visits_used_up(context: ScrubberInput) -> Iterator[Hit]:
    """When the payer says that no visit remains, the claim will be denied."""
    coverage = context.coverage
    if coverage and coverage.visits_remaining == 0:
        yield Hit("The plan has no visit left.", "/coverage/visits_remaining")


@rule(
    "visits_left_unknown",
    Severity.INFO,
    "A limit without a remainder",
    fix="Ask the payer how many visits are left; other offices may have used some.",
    source=sources.BENEFIT,
)
def visits_left_unknown(context: ScrubberInput) -> Iterator[Hit]:
    """A limit of visits alone leaves the remainder unknown: it is never the whole limit."""
    coverage = context.coverage
    if coverage and coverage.visits_allowed_year is not None and coverage.visits_remaining is None:
        text = f"The plan allows {coverage.visits_allowed_year} visits; how many are left is not known."
        yield Hit(text, "/coverage/visits_remaining")


@rule(
    "other_payer_first",
    Severity.BLOCK,
    "The first payer is billed first",
    fix="Bill the other coverage first, then this one with its answer.",
    source=sources.COB,
    overridable=True,
)
def other_payer_first(context: ScrubberInput) -> Iterator[Hit]:
    """Where another payer comes first, this one denies until it has answered."""
    coverage = context.coverage
    if coverage and coverage.other_coverage_primary and context.claim.sequence == "P":
        yield Hit("Another coverage comes first.", "/claim/sequence")


@rule(
    "sequence_not_coverages",
    Severity.BLOCK,
    "The claim's place among payers is the coverage's",
    fix="Send the claim in the coverage's place: first, second or third.",
    source=sources.COB,
)
def sequence_not_coverages(context: ScrubberInput) -> Iterator[Hit]:
    """A second coverage is billed as second, with what the first one did."""
    coverage = context.coverage
    if coverage and coverage.sequence in {"P", "S", "T"} and coverage.sequence != context.claim.sequence:
        yield Hit("The claim is sent in another place than the coverage has.", "/claim/sequence")


@rule(
    "coverage_not_checked",
    Severity.INFO,
    "Eligibility was asked near the date of service",
    fix="Check eligibility before treating.",
    source=sources.BENEFIT,
)
def coverage_not_checked(context: ScrubberInput) -> Iterator[Hit]:
    """An answer older than a month says little of this day."""
    coverage = context.coverage
    if coverage is None or context.payer.program in {"auto", "workers_comp"}:
        return
    if coverage.checked_on is None:
        yield Hit("Eligibility was never asked for this coverage.", "/coverage/checked_on")
    elif (context.on - coverage.checked_on).days > STALE_DAYS:
        yield Hit(f"Eligibility was last asked on {coverage.checked_on}.", "/coverage/checked_on")


RULES: tuple[Rule, ...] = (
    coverage_missing,
    coverage_not_active,
    coverage_reported_inactive,
    coverage_of_other_payer,
    member_id_missing,
    patient_not_born,
    massage_not_covered,
    visits_used_up,
    visits_left_unknown,
    other_payer_first,
    sequence_not_coverages,
    coverage_not_checked,
)
