"""Programs and states: auto, workers' compensation, Medicare, VA, and what single states say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from services.claims.domain.rules import sources
from services.claims.domain.rules.context import ScrubberInput
from services.claims.domain.rules.finding import PatchStep, Severity
from services.claims.domain.rules.permission import past_visits, steps_of_visit, usable_authorizations, visit_number
from services.claims.domain.rules.rule import Hit, Rule, rule
from shared.dates import add_months
from shared.money import format_dollars

CAUSE_OF_FILING = {"WC": "EM", "AM": "AA"}


@rule(
    "filing_indicator_wrong",
    Severity.BLOCK,
    "The claim filing code is the payer's",
    fix="Set the claim filing code of the payer's profile.",
    source=sources.PROPERTY,
)
def filing_indicator_wrong(context: ScrubberInput) -> Iterator[Hit]:
    """SBR09 tells the payer's system which door the claim comes through."""
    given, wanted = context.claim.filing_indicator, context.payer.filing_indicator
    path = "/claim/filing_indicator"
    if given and given not in context.codes.filing_indicators:
        yield Hit("The claim filing code is none that there is.", path)
    elif given and wanted and given != wanted:
        text = f"The claim filing code is {given}; this payer's is {wanted}."
        yield Hit(text, path, patch=(PatchStep("set", path, wanted),))


@rule(
    "related_cause_missing",
    Severity.BLOCK,
    "Auto and work claims say so",
    fix="Mark the claim as auto accident (AA) or employment (EM).",
    source=sources.PROPERTY,
)
def related_cause_missing(context: ScrubberInput) -> Iterator[Hit]:
    """A claim filed as WC means EM, one filed as AM means AA."""
    filed = context.claim.filing_indicator or context.payer.filing_indicator
    wanted = context.payer.related_cause or CAUSE_OF_FILING.get(filed, "")
    if wanted and wanted not in context.claim.related_causes:
        patch = (PatchStep("set", "/claim/related_causes", (*context.claim.related_causes, wanted)),)
        name = context.codes.related_causes.label(wanted).lower()
        yield Hit(f"The claim is not marked as {name} ({wanted}).", "/claim/related_causes", patch=patch)


@rule(
    "related_cause_elsewhere",
    Severity.WARN,
    "An accident usually has its own insurer",
    fix="Bill the auto or compensation insurer first, unless it is used up or has denied.",
    source=sources.PROPERTY,
)
def related_cause_elsewhere(context: ScrubberInput) -> Iterator[Hit]:
    """AA or EM under another filing code is right only when that insurer is used up or has denied."""
    filed = context.claim.filing_indicator or context.payer.filing_indicator
    for filing, cause in CAUSE_OF_FILING.items():
        if cause in context.claim.related_causes and filed != filing and context.payer.related_cause != cause:
            name = context.codes.related_causes.label(cause).lower()
            yield Hit(f"The claim is marked as {name} and goes to another kind of insurer.", "/claim/related_causes")


@rule(
    "related_cause_unknown",
    Severity.BLOCK,
    "A related cause is AA, EM or OA",
    fix="Use AA for auto, EM for employment, OA for another accident.",
    source=sources.GUIDE,
)
def related_cause_unknown(context: ScrubberInput) -> Iterator[Hit]:
    """There are three causes and no other."""
    for place, cause in enumerate(context.claim.related_causes):
        if cause not in context.codes.related_causes:
            yield Hit("The related cause is none that there is.", f"/claim/related_causes/{place}")


@rule(
    "accident_date_missing",
    Severity.BLOCK,
    "An accident has a date",
    fix="Enter the day of the accident; for an occupational disease the day it began.",
    source=sources.PROPERTY,
)
def accident_date_missing(context: ScrubberInput) -> Iterator[Hit]:
    """AA and OA need the accident's day; EM too, unless an occupational disease has its onset instead."""
    claim = context.claim
    causes = set(claim.related_causes)
    disease = causes == {"EM"} and claim.onset_date is not None
    wanted = bool(causes & {"AA", "OA", "EM"}) or context.payer.accident_date_wanted
    if wanted and claim.accident_date is None and not disease:
        yield Hit("The day of the accident is missing.", "/claim/accident_date")


@rule(
    "accident_state_missing",
    Severity.BLOCK,
    "An auto accident has a state",
    fix="Enter the state of the accident as two capital letters.",
    source=sources.PROPERTY,
)
def accident_state_missing(context: ScrubberInput) -> Iterator[Hit]:
    """The state decides which law pays; it is written as the post writes it."""
    claim = context.claim
    wanted = "AA" in claim.related_causes or context.payer.accident_state_wanted
    if wanted and not claim.accident_state:
        yield Hit("The state of the accident is missing.", "/claim/accident_state")
    elif claim.accident_state and not context.codes.states.holds(claim.accident_state):
        yield Hit("The state of the accident is none that there is; two capital letters.", "/claim/accident_state")


@rule(
    "accident_after_service",
    Severity.BLOCK,
    "The accident is not after the treatment",
    fix="Correct the day of the accident or of the onset.",
    source=sources.PROPERTY,
)
def accident_after_service(context: ScrubberInput) -> Iterator[Hit]:
    """What is treated has happened before."""
    for name in ("accident_date", "onset_date", "first_contact_date"):
        day: date | None = getattr(context.claim, name)
        if day is not None and day > context.on:
            yield Hit(f"The claim says {day}, after the date of service.", f"/claim/{name}")


@rule(
    "accident_without_cause",
    Severity.WARN,
    "An accident date says which accident",
    fix="Mark the claim as auto, employment or other accident, or take the date out.",
    source=sources.PROPERTY,
)
def accident_without_cause(context: ScrubberInput) -> Iterator[Hit]:
    """A date without a cause makes payers ask for other insurance."""
    if context.claim.accident_date and not context.claim.related_causes and not context.payer.related_cause:
        yield Hit("There is an accident date and no related cause.", "/claim/related_causes")


@rule(
    "insurer_claim_number_missing",
    Severity.BLOCK,
    "The insurer's claim number of the injury",
    fix="Ask the adjuster for the claim number and enter it.",
    source=sources.PROPERTY,
    programs=("auto", "workers_comp"),
)
def insurer_claim_number_missing(context: ScrubberInput) -> Iterator[Hit]:
    """Auto and compensation insurers pay by the injury's number (REF*Y4), not by a member id."""
    if context.payer.claim_number_wanted and not context.claim.insurer_claim_number.strip():
        yield Hit("The insurer's claim number is missing.", "/claim/insurer_claim_number")


@rule(
    "employer_not_subscriber",
    Severity.BLOCK,
    "In workers' compensation the employer is the subscriber",
    fix="Enter the employer as the subscriber and the worker as the patient.",
    source=sources.PROPERTY,
    programs=("workers_comp",),
)
def employer_not_subscriber(context: ScrubberInput) -> Iterator[Hit]:
    """The worker is insured through the employer's policy."""
    coverage = context.coverage
    if coverage and context.payer.subscriber_is_employer and coverage.subscriber_kind != "employer":
        yield Hit("The subscriber is not the employer.", "/coverage/subscriber_kind")


@rule(
    "massage_excluded_by_law",
    Severity.BLOCK,
    "The state's law excludes massage",
    fix="Do not bill this insurer for massage; tell the patient.",
    source="State insurance law; the payer's profile",
    programs=("auto",),
    effective_from=date(2013, 1, 1),
)
def massage_excluded_by_law(context: ScrubberInput) -> Iterator[Hit]:
    """Florida's injury protection pays no massage for services from 2013 on, and no massage therapist."""
    start = context.payer.massage_excluded_from
    if start is None or context.on < start:
        return
    massage = "97124" in context.claim.procedures() or context.provider.taxonomy == "225700000X"
    if massage:
        text = f"Massage is excluded by law since {start}."
        source = context.payer.massage_excluded_source
        yield Hit(text, "/claim/lines", source=source, effective_from=start)


@rule(
    "visit_step_not_met",
    Severity.BLOCK,
    "What this visit of the injury needs",
    fix="Get the form or the claim manager's authorization before the visit.",
    source="WAC 296-23-250; the payer's profile",
    overridable=True,
)
def visit_step_not_met(context: ScrubberInput) -> Iterator[Hit]:
    """Washington L&I: visits 7 to 12 need a form and documented improvement, unless they were authorized."""
    coverage, number = context.coverage, visit_number(context)
    if coverage is None or context.payer.authorization == "none":
        return
    authorized = bool(usable_authorizations(context))
    for step in steps_of_visit(context):
        if step.form and step.form not in coverage.forms_on_file and not authorized:
            yield Hit(f"Visit {number} of the injury needs form {step.form}.", "/coverage/forms_on_file")
        if step.improvement and not coverage.improvement_documented and not authorized:
            text = f"Visit {number} of the injury needs documented improvement."
            yield Hit(text, "/coverage/improvement_documented")


@rule(
    "progress_report_due",
    Severity.WARN,
    "A progress report is due",
    fix="Send the progress report to the claim manager and the attending doctor.",
    source="WAC 296-23-250; the payer's profile",
    programs=("workers_comp",),
)
def progress_report_due(context: ScrubberInput) -> Iterator[Hit]:
    """At six visits or one month, whichever is first, counted from the last report or the first visit."""
    payer, coverage = context.payer, context.coverage
    if coverage is None or (payer.progress_report_visits is None and payer.progress_report_months is None):
        return
    since = coverage.progress_report_on
    days = sorted(claim.date_of_service for claim in past_visits(context))
    counted = [day for day in days if since is None or day > since]
    start = since or context.history.first_visit_on or (days[0] if days else context.on)
    visits = len(counted) + 1
    if since is None and context.history.visits_under_injury is not None:
        visits = context.history.visits_under_injury + 1
    by_visits = payer.progress_report_visits is not None and visits >= payer.progress_report_visits
    by_time = payer.progress_report_months is not None and context.on >= add_months(start, payer.progress_report_months)
    if by_visits or by_time:
        yield Hit(f"{visits} visits since {start} and no progress report.", "/coverage/progress_report_on")


@rule(
    "second_visit_of_day",
    Severity.BLOCK,
    "One visit a day",
    fix="Send the doctor's reason with the claim, or bill one visit.",
    source=sources.PROFILE,
    overridable=True,
)
def second_visit_of_day(context: ScrubberInput) -> Iterator[Hit]:
    """More than one visit a day is paid only with the doctor's reason."""
    limit = context.payer.visits_a_day
    if limit is None:
        return
    same_day = [
        claim
        for claim in context.history.claims
        if claim.date_of_service == context.on
        and claim.payer_id == context.claim.payer_id
        and claim.outcome not in {"rejected", "voided", "replaced"}
        and claim.claim_id != context.claim.claim_id
    ]
    if len(same_day) >= limit:
        yield Hit(f"There is another visit of this day, and the payer pays {limit}.", "/claim/date_of_service")


@rule(
    "away_from_premises",
    Severity.BLOCK,
    "Treatment away from the premises is authorized first",
    fix="Get the claim manager's authorization, or set the right place of service.",
    source="WAC 296-23-250; the payer's profile",
    overridable=True,
)
def away_from_premises(context: ScrubberInput) -> Iterator[Hit]:
    """Treatment at home or elsewhere is paid only when it was authorized."""
    usual = {"11", "49", "62", "71", "72"}
    if not context.payer.usual_place_only or context.claim.place_of_service in usual:
        return
    if not usable_authorizations(context):
        yield Hit("The treatment was away from the usual premises and is not authorized.", "/claim/place_of_service")


@rule(
    "daily_cap_reached",
    Severity.INFO,
    "The payer pays up to a daily cap",
    fix="Nothing to do; expect the cap and no more.",
    source=sources.PROFILE,
)
def daily_cap_reached(context: ScrubberInput) -> Iterator[Hit]:
    """Above the cap the rest is written off, so that a lower payment is no surprise."""
    cap = context.payer.daily_cap_cents
    if cap is not None and context.claim.charge_cents > cap:
        charge = format_dollars(context.claim.charge_cents)
        yield Hit(f"The claim is {charge} and the payer's daily cap {format_dollars(cap)}.", "/claim/lines")


@rule(
    "self_insured_ask",
    Severity.WARN,
    "Self-insured employers have their own rules",
    fix="Ask the employer's administrator before treating.",
    source="WAC 296-23-250; RCW 48.43.045 does not bind self-insured plans",
    programs=("workers_comp", "commercial"),
)
def self_insured_ask(context: ScrubberInput) -> Iterator[Hit]:
    """State rules for the fund or for insurers do not all bind a self-insured employer."""
    coverage = context.coverage
    if coverage and coverage.self_insured and context.payer.state and not usable_authorizations(context):
        yield Hit("The employer is self-insured: the state's rules may not hold.", "/coverage/self_insured")


@rule(
    "reduction_expected",
    Severity.INFO,
    "A reduction for multiple procedures is coming",
    fix="Nothing to do; expect less for every unit but the first.",
    source="Medicare Claims Processing Manual ch. 5 §10.7",
    programs=("medicare", "medicare_advantage", "va"),
    effective_from=date(2011, 1, 1),
)
def reduction_expected(context: ScrubberInput) -> Iterator[Hit]:
    """The second and further therapy units of a day lose half their practice-expense share."""
    payer = context.payer
    if not payer.reduction or (payer.reduction_first_day and context.on < payer.reduction_first_day):
        return
    units = sum(line.units for line in context.claim.lines if context.codes.procedures.always_therapy(line.procedure))
    if units > 1:
        text = f"{units} therapy units: all but one are paid less."
        yield Hit(text, "/claim/lines", source=payer.reduction_source)


RULES: tuple[Rule, ...] = (
    filing_indicator_wrong,
    related_cause_missing,
    related_cause_elsewhere,
    related_cause_unknown,
    accident_date_missing,
    accident_state_missing,
    accident_after_service,
    accident_without_cause,
    insurer_claim_number_missing,
    employer_not_subscriber,
    massage_excluded_by_law,
    visit_step_not_met,
    progress_report_due,
    second_visit_of_day,
    away_from_premises,
    daily_cap_reached,
    self_insured_ask,
    reduction_expected,
)
