"""Coverage: does this insurer cover this patient, and massage, on the day of service?"""

from __future__ import annotations

from collections.abc import Iterator

from services.claims.domain.rules.benefit import OF_MASSAGE, OF_THERAPY, lines_spoken_of
from services.claims.domain.rules.disciplines import MASSAGE
from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.plan_visits import visits_left
from services.claims.domain.rules.rule import NEW_NOTE, Rule, RuleMatch, rule
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets.programs import INJURY
from shared.plural import counted

STALE_DAYS = 30
"""After this many days an eligibility answer is old: plans change with the month."""


@rule(
    "coverage_not_active",
    Severity.BLOCK,
    "The coverage holds on the date of service",
    fix=(
        "Correct the coverage's `effective_from` and `effective_to`, or void the claim and bill the coverage that "
        "was in force."
    ),
)
def coverage_not_active(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The coverage's own dates decide; a coverage that has expired pays nothing."""
    coverage = context.coverage
    if coverage.active_on(context.on):
        return
    if coverage.effective_to and context.on > coverage.effective_to:
        yield RuleMatch(
            f"The coverage ended on {coverage.effective_to}, before the date of service.", "/coverage/effective_to"
        )
    else:
        yield RuleMatch(
            f"The coverage begins on {coverage.effective_from}, after the date of service.", "/coverage/effective_from"
        )


@rule(
    "coverage_reported_inactive",
    Severity.BLOCK,
    "The payer says that the coverage is active",
    fix="Ask the patient for the new card, enter its `member_id` in the coverage and check eligibility again.",
    overridable=True,
)
def coverage_reported_inactive(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The payer's answer takes precedence over what was recorded at intake."""
    if context.coverage.status == "inactive":
        yield RuleMatch("The payer says that the coverage is not active.", "/coverage/status")


@rule(
    "patient_not_born",
    Severity.BLOCK,
    "The patient was born before the treatment",
    fix=(
        "Correct the `birth_date` of the patient, or the date of service (`started_at` and `ended_at` of the "
        "note)." + NEW_NOTE
    ),
)
def patient_not_born(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A birth date after the date of service is an error, and the payer matches patients by birth date."""
    if context.patient.birth_date > context.on:
        yield RuleMatch("The birth date is after the date of service.", "/patient/birth_date")


@rule(
    "massage_not_covered",
    Severity.BLOCK,
    "The plan covers massage",
    fix=(
        "If the plan or card has changed, enter its `member_id` in the coverage and check eligibility again. If "
        "not, void the claim, and bill the patient who signed a notice."
    ),
    overridable=True,
)
def massage_not_covered(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Not covered for massage therapy takes precedence over active coverage of another service type, and is said of
    massage alone: other work of the visit is billed, and massage by another discipline may be paid under its own
    benefit."""
    spoken_of = lines_spoken_of(context)
    if context.coverage.massage_covered is not False or not spoken_of:
        return
    what = "physical therapy" if context.coverage.benefit_service_type in OF_THERAPY else "massage"
    text = f"The payer says that the plan does not cover {what}."
    if len(spoken_of) == len(context.claim.lines):
        softer = Severity.WARN if _another_disciplines_massage(context) else None
        yield RuleMatch(text, "/coverage/massage_covered", severity=softer)
        return
    for place in spoken_of:
        code = context.claim.lines[place].procedure_code
        fix = f"Leave {code} off (`left_off`) and bill the rest, or acknowledge the warning if the plan pays it here."
        yield RuleMatch(text, f"/claim/lines/{place}/procedure_code", fix=fix, severity=Severity.WARN)


def _another_disciplines_massage(context: ScrubberInput) -> bool:
    """97124 by a physical therapist or chiropractor is often paid under therapy and not under massage."""
    massage = context.coverage.benefit_service_type == OF_MASSAGE
    return massage and context.provider.taxonomy != MASSAGE


@rule(
    "visits_used_up",
    Severity.BLOCK,
    "Visits are left",
    fix=(
        "Ask the payer for more visits: override it once they are granted, or check eligibility again. If they are "
        "not, void the claim, and bill the patient who signed a notice."
    ),
    overridable=True,
)
def visits_used_up(context: ScrubberInput) -> Iterator[RuleMatch]:
    """If no visit remains, the claim will be denied: by the payer's answer, less what was billed here since; massage
    visits are those of massage alone."""
    found = visits_left(context)
    if found is None or found.left > 0:
        return
    softer = Severity.WARN if _another_disciplines_massage(context) else None
    text = f"The plan has no visit left: it had {found.why}."
    yield RuleMatch(text, "/coverage/visits_remaining", severity=softer)


@rule(
    "visits_left_unknown",
    Severity.INFO,
    "A limit without a remainder",
    fix=(
        "Nothing to do for this claim; ask the payer by telephone before the next visit, since other offices may "
        "have used some."
    ),
)
def visits_left_unknown(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A visit limit without a remainder leaves the number of remaining visits unknown; it is not the whole limit."""
    coverage = context.coverage
    if coverage.visits_allowed_year is not None and coverage.visits_remaining is None and lines_spoken_of(context):
        text = f"The plan allows {counted(coverage.visits_allowed_year, 'visit')}; how many are left is not known."
        yield RuleMatch(text, "/coverage/visits_remaining")


@rule(
    "coverage_not_checked",
    Severity.INFO,
    "Eligibility was asked near the date of service",
    fix="Check eligibility now, and the next time before treating.",
)
def coverage_not_checked(context: ScrubberInput) -> Iterator[RuleMatch]:
    """An answer older than a month says little about the date of service."""
    coverage = context.coverage
    if context.payer.program in INJURY:
        return
    if coverage.checked_on is None:
        yield RuleMatch("Eligibility was never asked for this coverage.", "/coverage/checked_on")
    elif (context.on - coverage.checked_on).days > STALE_DAYS:
        yield RuleMatch(f"Eligibility was last asked on {coverage.checked_on}.", "/coverage/checked_on")


RULES: tuple[Rule, ...] = (
    coverage_not_active,
    coverage_reported_inactive,
    patient_not_born,
    massage_not_covered,
    visits_used_up,
    visits_left_unknown,
    coverage_not_checked,
)
