"""Checks against earlier claims: duplicates, limits per day and year, deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from services.claims.domain.filing_deadline import filing_deadline
from services.claims.domain.rules.edits import hardness
from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.permission import claims_of_day, past_visits, visit_number
from services.claims.domain.rules.rule import NEW_NOTE, Rule, RuleMatch, rule
from services.claims.domain.scrubber_input import visits_a_week
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from services.claims.domain.visit_lines import shares_of
from shared.codesets.programs import Program
from shared.dates import add_days, days_between
from shared.plural import counted

SOON_DAYS = 14
AGAIN = "76"
OWN_DAYS = (
    "Ask the payer, or look in the contract, and set the payer's own days (PUT /v1/payers/{record_id} of eligibility, "
    "`timely_filing_days`)."
)


@rule(
    "service_in_future",
    Severity.BLOCK,
    "Nothing is billed before it happened",
    fix=(
        "Wait until that day and refresh the claim, or correct the date of the session (`started_at` and `ended_at` "
        "of the note)." + NEW_NOTE
    ),
)
def service_in_future(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The date of service is not after today."""
    if context.on > context.as_of:
        yield RuleMatch(f"The date of service {context.on} is after today.", "/claim/date_of_service")


def _last_filing_day(context: ScrubberInput) -> date | None:
    """The last day to file this claim, which for a replacement may be another than for an original."""
    claim = context.claim
    return filing_deadline(
        context.payer,
        context.on,
        primary_remitted_on=claim.primary_remitted_on,
        replaced_decision_on=claim.replaced_decision_on,
    )


def _corrected(context: ScrubberInput) -> bool:
    """Whether the payer's own limit for corrected claims counts."""
    return context.claim.replaced_decision_on is not None and context.payer.corrected_claim_days is not None


@rule(
    "filing_too_late",
    Severity.BLOCK,
    "The filing limit has passed",
    fix=(
        "Override it with proof of an earlier accepted filing, or correct a wrong limit (`timely_filing_days` of "
        "the payer). If neither is so, void the claim: under a contract with the payer the patient does not owe it, "
        "and without one ask the plan before she is billed."
    ),
    overridable=True,
)
def filing_too_late(context: ScrubberInput) -> Iterator[RuleMatch]:
    """After the limit the payer denies, and the loss is the provider's. A limit that is presumed, as no document says
    it of this payer, warns."""
    last = _last_filing_day(context)
    if last is None or context.as_of <= last or _corrected(context):
        return
    ago = f"{counted(days_between(last, context.as_of), 'day')} ago"
    source = context.payer.timely_filing_source
    if not context.payer.timely_filing_presumed:
        yield RuleMatch(f"The filing limit was {last}, {ago}.", "/claim/date_of_service", source=source)
        return
    yield RuleMatch(
        f"This payer's own filing limit is not known; the one that is presumed of such plans was {last}, {ago}.",
        "/claim/date_of_service",
        fix=f"{OWN_DAYS} If they have passed, send it only with proof of an earlier filing that was accepted in time.",
        severity=Severity.WARN,
        source=source,
    )


@rule(
    "corrected_claim_too_late",
    Severity.BLOCK,
    "The limit for corrected claims has passed",
    fix="Withdraw the correction and appeal, or override it with what the payer has allowed.",
    overridable=True,
)
def corrected_claim_too_late(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Payers take a correction for some time after their decision, or after the service, and deny a later one."""
    last = _last_filing_day(context)
    if last is not None and context.as_of > last and _corrected(context):
        late = days_between(last, context.as_of)
        text = f"The limit for corrected claims was {last}, {counted(late, 'day')} ago."
        yield RuleMatch(text, "/claim/decided_on", source=context.payer.corrected_claim_source)


@rule(
    "replacement_without_payer_number",
    Severity.BLOCK,
    "A replacement names the payer's own number of what it replaces",
    fix="Take the number from the remittance, the 277CA or the payer's portal and give it (`payer_claim_number`).",
)
def replacement_without_payer_number(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Without REF*F8 a payer cannot find what is replaced, and rejects or duplicates it."""
    if context.claim.frequency == "7" and not context.claim.payer_claim_number:
        yield RuleMatch("The payer's number of the replaced claim is missing.", "/claim/payer_claim_number")


@rule(
    "filing_limit_unknown",
    Severity.INFO,
    "The payer's filing limit is known",
    fix=OWN_DAYS,
    programs=(Program.MEDICARE_ADVANTAGE, Program.WORKERS_COMP),
)
def filing_limit_unknown(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Advantage plans set their own limits and each state its own for compensation; without one no deadline is kept."""
    if _last_filing_day(context) is None:
        yield RuleMatch("No filing limit of this payer is known, so none is watched.", "/claim/date_of_service")


@rule(
    "filing_soon",
    Severity.WARN,
    "The filing limit is near",
    fix="Submit the claim today.",
)
def filing_soon(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The days that are left until the payer's filing limit."""
    last = _last_filing_day(context)
    if last is None:
        return
    left = days_between(context.as_of, last)
    if 0 <= left <= SOON_DAYS:
        presumed = context.payer.timely_filing_presumed
        limit = "presumed filing limit" if presumed else "filing limit"
        text = f"{counted(left, 'day is', 'days are')} left until the {limit} of {last}."
        fix = f"Submit the claim today. {OWN_DAYS}" if presumed else ""
        yield RuleMatch(text, "/claim/date_of_service", fix=fix, source=context.payer.timely_filing_source)


@rule(
    "duplicate_claim",
    Severity.BLOCK,
    "A service is billed once",
    fix=(
        "Void one of the two claims. If the payer has the other one already, void this one; if it was a second "
        "treatment, add 76 (`modifiers` of the claim) or override it."
    ),
    overridable=True,
)
def duplicate_claim(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The same patient, payer, therapist, day and procedure on another claim is a duplicate."""
    for past in claims_of_day(context):
        if past.payer_id != context.claim.payer_id or past.same_visit:
            continue
        for place, line in enumerate(context.claim.lines):
            billed = past.procedures_of(context.claim.therapist_of(line))
            # 76 says that the same therapist did it again.
            if line.procedure_code in billed and AGAIN not in line.modifiers:
                fate = "was denied" if past.outcome == "denied" else "is there"
                text = f"{line.procedure_code} of this day was billed before, and that claim {fate}."
                yield RuleMatch(text, f"/claim/lines/{place}/procedure_code")


@rule(
    "units_across_claims",
    Severity.WARN,
    "Units of one day, over all claims",
    fix="Check both visits: void one of the claims, or acknowledge the warning and keep both notes for an appeal.",
)
def units_across_claims(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Limits per day apply to all claims of the patient together, not only to this one."""
    if not context.payer.mue:
        return
    before: dict[str, int] = {}
    for past in claims_of_day(context):
        for earlier in past.lines:
            before[earlier.procedure_code] = before.get(earlier.procedure_code, 0) + earlier.units
    billed_here = shares_of(context.claim.lines)
    for place, line in enumerate(context.claim.lines):
        limit = context.codes.limits.get(line.procedure_code)
        units = before.get(line.procedure_code, 0) + billed_here[line.procedure_code]
        if limit and line.procedure_code in before and units > limit.units:
            absolute = limit.indicator == 2
            fix = "Void one of the claims, or leave the procedure off (`left_off`)." if absolute else ""
            severity = Severity.BLOCK if absolute else None
            billed = counted(units, "unit")
            text = f"{line.procedure_code} comes to {billed} on this day over all claims; the limit is {limit.units}."
            yield RuleMatch(text, f"/claim/lines/{place}/units", fix=fix, severity=severity)


@rule(
    "pair_across_claims",
    Severity.WARN,
    "Edits hold between claims of one day",
    fix="Void one of the claims, or leave the procedure off (`left_off`): payers apply the edit across claims.",
)
def pair_across_claims(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Billing two procedures on two claims does not make them separate."""
    for past in claims_of_day(context):
        for place, line in enumerate(context.claim.lines):
            for other in sorted(past.procedures_of(context.claim.therapist_of(line))):
                edit = context.codes.pairs.between(line.procedure_code, other, context.on)
                if edit and line.procedure_code != other:
                    severity = hardness(context) if edit.indicator == 0 or not context.payer.ncci else None
                    text = f"{line.procedure_code} is billed with {other} of another claim of this day."
                    presumed = context.payer.ncci_presumed
                    path = f"/claim/lines/{place}/procedure_code"
                    yield RuleMatch(text, path, severity=severity, overridable=presumed)


@rule(
    "pool_across_claims",
    Severity.WARN,
    "Minutes of one day are pooled over all visits",
    fix=(
        "Void this claim and add its note to the other one (`same_day_note_ids` of its refresh), where the payer wants "
        "one claim for a day (its `same_day_visits`); else void both and bill one new note with the `techniques` of "
        "both visits, so that their minutes are pooled."
    ),
)
def pool_across_claims(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The CMS method pools the timed minutes of one patient, day and discipline, also over two visits."""
    if context.payer.unit_method != "cms":
        return
    for past in claims_of_day(context):
        same = past.payer_id == context.claim.payer_id and past.taxonomy == context.provider.taxonomy
        same = same and not past.same_visit
        timed = any((known := context.codes.procedures.get(line.procedure_code)) and known.timed for line in past.lines)
        if same and timed:
            yield RuleMatch(
                "There is another visit on this day whose minutes must be pooled with this one's.", "/claim/lines"
            )
            return


@rule(
    "frequency_above_plan",
    Severity.WARN,
    "No more visits per week than planned",
    fix="Correct the plan (`frequency` of the note's plan), or acknowledge the warning with the reason." + NEW_NOTE,
)
def frequency_above_plan(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The visits of the last seven days are compared with the plan's frequency."""
    planned = visits_a_week(context.note.plan_frequency)
    if planned is None:
        return
    # Six days before and this one are seven.
    since = add_days(context.on, -6)
    visits = 1 + sum(1 for claim in past_visits(context) if claim.date_of_service >= since)
    if visits > planned:
        yield RuleMatch(
            f"{counted(visits, 'visit')} in seven days; the plan says {planned} a week.", "/note/plan_frequency"
        )


@rule(
    "year_of_visits_full",
    Severity.WARN,
    "The plan's visits per year",
    fix=(
        "Ask the payer how many visits are left: acknowledge the warning if there are some, or correct the "
        "payer's `visits_a_year`."
    ),
)
def year_of_visits_full(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The practice's own count of visits is compared with the plan's limit; other offices may have used more."""
    limit = context.payer.visits_a_year
    if limit is not None and visit_number(context) > limit:
        yield RuleMatch(f"This is visit {visit_number(context)}; the plan has {limit}.", "/claim/date_of_service")


RULES: tuple[Rule, ...] = (
    service_in_future,
    filing_too_late,
    corrected_claim_too_late,
    replacement_without_payer_number,
    filing_limit_unknown,
    filing_soon,
    duplicate_claim,
    units_across_claims,
    pair_across_claims,
    pool_across_claims,
    frequency_above_plan,
    year_of_visits_full,
)
