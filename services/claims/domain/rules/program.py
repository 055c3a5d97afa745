"""Programs and states: auto, workers' compensation, Medicare, VA, and rules of single states."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from services.claims.domain.rules.authorized_lines import is_authorized
from services.claims.domain.rules.finding import PatchStep, Severity
from services.claims.domain.rules.permission import (
    claims_of_day,
    past_visits,
    same_discipline,
    steps_of_visit,
    visit_number,
)
from services.claims.domain.rules.rule import Rule, RuleMatch, rule
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets.programs import Program
from shared.dates import DateRange, add_months
from shared.money import format_dollars
from shared.plural import counted

CAUSE_OF_FILING = {"WC": "EM", "AM": "AA"}


@rule(
    "filing_indicator_wrong",
    Severity.BLOCK,
    "The claim filing indicator exists",
    fix="Set the payer's `filing_indicator` to a code of the list, such as CI, WC, AM or MB.",
)
def filing_indicator_wrong(context: ScrubberInput) -> Iterator[RuleMatch]:
    """SBR09 (claim filing indicator) says which type of insurance the claim is for."""
    if context.claim.filing_indicator not in context.codes.filing_indicators:
        yield RuleMatch("The claim filing indicator does not exist.", "/claim/filing_indicator")


@rule(
    "related_cause_missing",
    Severity.BLOCK,
    "Auto and work-related claims are marked as such",
    fix="Enter the `accident` in the coverage, with the `cause` auto or employment.",
)
def related_cause_missing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A claim filed as WC needs EM in CLM11, one filed as AM needs AA."""
    filed = context.claim.filing_indicator
    wanted = context.payer.related_cause or CAUSE_OF_FILING.get(filed, "")
    if wanted and wanted not in context.claim.related_causes:
        patch = (PatchStep("set", "/claim/related_causes", (*context.claim.related_causes, wanted)),)
        name = context.codes.related_causes.label(wanted).lower()
        yield RuleMatch(f"The claim is not marked as {name} ({wanted}).", "/claim/related_causes", patch=patch)


@rule(
    "related_cause_elsewhere",
    Severity.WARN,
    "An accident usually has its own insurer",
    fix=(
        "Void the claim and bill the auto or compensation insurer first; if its benefits are used up or it has "
        "denied, acknowledge the warning. If there was no such accident, correct the coverage's `accident`."
    ),
)
def related_cause_elsewhere(context: ScrubberInput) -> Iterator[RuleMatch]:
    """AA or EM with another filing indicator is correct only if that insurer's benefits are used up or it has
    denied."""
    filed = context.claim.filing_indicator
    for filing, cause in CAUSE_OF_FILING.items():
        if cause in context.claim.related_causes and filed != filing and context.payer.related_cause != cause:
            name = context.codes.related_causes.label(cause).lower()
            yield RuleMatch(
                f"The claim is marked as {name} and goes to another kind of insurer.", "/claim/related_causes"
            )


@rule(
    "accident_date_missing",
    Severity.BLOCK,
    "An accident has a date",
    fix=(
        "Enter the day of the accident (`occurred_on` of the coverage's accident); for an occupational disease "
        "the day it began (`onset_on` of the coverage)."
    ),
)
def accident_date_missing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """AA and OA need the accident's day; EM too, unless an occupational disease has its onset instead."""
    claim = context.claim
    causes = set(claim.related_causes)
    disease = causes == {"EM"} and claim.onset_date is not None
    wanted = bool(causes & {"AA", "OA", "EM"}) or context.payer.accident_date_wanted
    if wanted and claim.accident_date is None and not disease:
        yield RuleMatch("The day of the accident is missing.", "/claim/accident_date")


@rule(
    "accident_state_missing",
    Severity.BLOCK,
    "An auto accident has a state",
    fix="Enter the `state` of the coverage's accident as two capital letters, such as WA.",
)
def accident_state_missing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The state decides which law applies; it is a postal abbreviation."""
    claim = context.claim
    wanted = "AA" in claim.related_causes or context.payer.accident_state_wanted
    if wanted and not claim.accident_state:
        yield RuleMatch("The state of the accident is missing.", "/claim/accident_state")
    elif claim.accident_state and not context.codes.states.holds(claim.accident_state):
        yield RuleMatch("The state of the accident does not exist; it is two capital letters.", "/claim/accident_state")


@rule(
    "accident_after_service",
    Severity.BLOCK,
    "The accident is not after the treatment",
    fix="Correct the day of the accident (`occurred_on`) or of the onset (`onset_on`) in the coverage.",
)
def accident_after_service(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The accident or onset cannot be after the treatment."""
    for name in ("accident_date", "onset_date"):
        day: date | None = getattr(context.claim, name)
        if day is not None and day > context.on:
            yield RuleMatch(f"The claim says {day}, after the date of service.", f"/claim/{name}")


@rule(
    "insurer_claim_number_missing",
    Severity.BLOCK,
    "The insurer's claim number for the injury",
    fix="Ask the adjuster for the number of the injury claim and enter it (`claim_number` of the coverage).",
    programs=(Program.AUTO_PIP, Program.WORKERS_COMP),
)
def insurer_claim_number_missing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Auto and compensation insurers pay by the injury's number (REF*Y4), not by a member id."""
    if context.payer.claim_number_wanted and not context.claim.insurer_claim_number.strip():
        yield RuleMatch("The insurer's claim number is missing.", "/claim/insurer_claim_number")


@rule(
    "employer_not_subscriber",
    Severity.BLOCK,
    "In workers' compensation the employer is the subscriber",
    fix=(
        "Enter the employer as the coverage's `subscriber`, with its `organization_name`, and the `relationship` "
        "employee."
    ),
    programs=(Program.WORKERS_COMP,),
)
def employer_not_subscriber(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The worker is insured through the employer's policy."""
    coverage = context.coverage
    if context.payer.subscriber_is_employer and coverage.subscriber_kind != "employer":
        yield RuleMatch("The subscriber is not the employer.", "/coverage/subscriber_kind")


@rule(
    "visit_step_not_met",
    Severity.BLOCK,
    "What this visit of the injury needs",
    fix="Get the form, the documented improvement or the claim manager's authorization, and enter it.",
    overridable=True,
)
def visit_step_not_met(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Washington L&I: visits 7 to 12 of massage and 13 to 24 of physical or occupational therapy need a form and
    documented improvement, unless they were authorized."""
    coverage, number = context.coverage, visit_number(context)
    if context.payer.authorization == "none":
        return
    authorized = is_authorized(context)
    permitted = ", or enter the claim manager's authorization."
    for step in steps_of_visit(context):
        if step.form and not coverage.has_form(step.form, context.on) and not authorized:
            text = f"Visit {number} of the injury needs form {step.form}."
            fix = f"File {step.form} with the insurer and enter its day (`forms_on_file` of the coverage){permitted}"
            yield RuleMatch(text, "/coverage/forms_on_file", fix=fix)
        if step.improvement and not coverage.shows_improvement(context.on) and not authorized:
            text = f"Visit {number} of the injury needs documented improvement."
            fix = f"Document it and enter the day (`improvement_documented_on` of the coverage){permitted}"
            yield RuleMatch(text, "/coverage/improvement_documented_on", fix=fix)


@rule(
    "progress_report_due",
    Severity.WARN,
    "A progress report is due",
    fix=(
        "Send the progress report to the claim manager and the attending doctor, and enter the day "
        "(`progress_report_on` of the coverage)."
    ),
    programs=(Program.WORKERS_COMP,),
)
def progress_report_due(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Washington L&I: at six visits of massage, twelve of physical or occupational therapy, or one month, whichever is
    first, counted from the last report or the first visit."""
    coverage, taxonomy = context.coverage, context.provider.taxonomy
    due = next((one for one in context.payer.progress_reports if taxonomy.startswith(one.taxonomies)), None)
    if due is None:
        return
    since = coverage.progress_report_on
    days = sorted(claim.date_of_service for claim in past_visits(context))
    since_report = [day for day in days if since is None or day > since]
    start = since or (days[0] if days else context.on)
    visits = len(since_report) + 1 + (coverage.prior_visits if since is None else 0)
    if visits >= due.visits or context.on >= add_months(start, due.months):
        text = f"{counted(visits, 'visit')} since {start} and no progress report."
        yield RuleMatch(text, "/coverage/progress_report_on", source=due.source)


@rule(
    "second_visit_of_day",
    Severity.BLOCK,
    "One visit per day",
    fix="Void one of the two claims, or override it with the doctor's reason for a second visit.",
    overridable=True,
)
def second_visit_of_day(context: ScrubberInput) -> Iterator[RuleMatch]:
    """More than one visit a day is paid only with the doctor's reason."""
    limit = context.payer.visits_a_day
    if limit is None:
        return
    by_discipline = context.payer.visits_counted_by_discipline
    of_payer = [
        claim
        for claim in claims_of_day(context)
        if claim.payer_id == context.claim.payer_id and (not by_discipline or same_discipline(context, claim))
    ]
    if len(of_payer) >= limit:
        yield RuleMatch(f"There is another visit of this day, and the payer pays {limit}.", "/claim/date_of_service")


@rule(
    "away_from_premises",
    Severity.BLOCK,
    "Treatment away from the practice is authorized first",
    fix="Get the claim manager's authorization and enter it, or correct the `place_of_service` of the practice.",
    overridable=True,
)
def away_from_premises(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Treatment at home or elsewhere is paid only if it was authorized."""
    usual = {"11", "49", "62", "71", "72"}
    if not context.payer.usual_place_only or context.claim.place_of_service in usual:
        return
    if not is_authorized(context):
        yield RuleMatch(
            "The treatment was away from the usual premises and is not authorized.", "/claim/place_of_service"
        )


@rule(
    "daily_cap_reached",
    Severity.INFO,
    "The payer pays up to a daily maximum",
    fix="Nothing to do: expect no more than the daily maximum.",
)
def daily_cap_reached(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The amount above the maximum is written off, so a lower payment is expected."""
    cap = context.payer.daily_cap_cents
    if cap is not None and context.claim.charge_cents > cap:
        charge = format_dollars(context.claim.charge_cents)
        yield RuleMatch(f"The claim is {charge} and the payer's daily maximum {format_dollars(cap)}.", "/claim/lines")


@rule(
    "self_insured_ask",
    Severity.WARN,
    "Self-insured employers have their own rules",
    fix=(
        "Ask the employer's administrator before treating and enter the authorization that was given, or "
        "acknowledge the warning."
    ),
    programs=(Program.WORKERS_COMP, Program.COMMERCIAL),
)
def self_insured_ask(context: ScrubberInput) -> Iterator[RuleMatch]:
    """State rules for the fund or for insurers do not all bind a self-insured employer."""
    unasked = not is_authorized(context)
    if context.coverage.self_insured and context.payer.state and unasked:
        yield RuleMatch("The employer is self-insured: the state's rules may not hold.", "/coverage/self_insured")


@rule(
    "reduction_expected",
    Severity.INFO,
    "The reduction for multiple procedures applies",
    fix="Nothing to do: expect less for every unit but the first.",
    programs=(Program.MEDICARE, Program.MEDICARE_ADVANTAGE, Program.VA),
    effective_from=date(2011, 1, 1),
)
def reduction_expected(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The second and further therapy units of a day lose half their practice-expense share."""
    payer = context.payer
    if not payer.reduction or not DateRange(payer.reduction_effective_from).holds(context.on):
        return
    units = sum(
        line.units for line in context.claim.lines if context.codes.procedures.always_therapy(line.procedure_code)
    )
    if units > 1:
        text = f"{units} therapy units: all but one are paid less."
        yield RuleMatch(text, "/claim/lines", source=payer.reduction_source)


RULES: tuple[Rule, ...] = (
    filing_indicator_wrong,
    related_cause_missing,
    related_cause_elsewhere,
    accident_date_missing,
    accident_state_missing,
    accident_after_service,
    insurer_claim_number_missing,
    employer_not_subscriber,
    visit_step_not_met,
    progress_report_due,
    second_visit_of_day,
    away_from_premises,
    daily_cap_reached,
    self_insured_ask,
    reduction_expected,
)
