"""Which visit this is, and referrals, prescriptions or orders, which count on the date of service.

Visits are counted by day of service over all claims that are not voided: a rejected claim is fixed and sent again, so
its visit counts.
"""

from __future__ import annotations

from collections.abc import Iterator

from services.claims.domain.rules.benefit import lines_spoken_of
from services.claims.domain.rules.disciplines import MASSAGE
from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.rule import Rule, RuleMatch, rule
from services.claims.domain.scrubber_input import (
    CoverageInput,
    PastClaim,
    ReferralInput,
    referrals_that_hold,
)
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets.icd10 import without_dot
from shared.codesets.programs import INJURY
from shared.payer_profiles import VisitStep
from shared.plural import counted

REJECTED = "rejected"


def counted_together(context: ScrubberInput, past: PastClaim) -> bool:
    """Whether this payer counts an earlier visit with this one: of the same injury, where its insurer's number is
    known of both, and of the same discipline, where the payer counts each by itself."""
    if past.payer_id != context.claim.payer_id:
        return False
    numbers = {context.claim.insurer_claim_number, past.insurer_claim_number} - {""}
    if context.payer.program in INJURY and len(numbers) > 1:
        return False
    return not context.payer.visits_counted_by_discipline or same_discipline(context, past)


def same_discipline(context: ScrubberInput, past: PastClaim) -> bool:
    """Whether a therapist of the same discipline treated then."""
    if past.taxonomy == context.provider.taxonomy:
        return True
    discipline = context.codes.scopes.discipline
    theirs = discipline(past.taxonomy)
    return theirs is not None and theirs == discipline(context.provider.taxonomy)


def past_visits(context: ScrubberInput) -> tuple[PastClaim, ...]:
    """Earlier claims of this patient that this payer counts with this one, one a day of service."""
    by_day = {
        claim.date_of_service: claim
        for claim in context.history.claims
        if claim.claim_id != context.claim.claim_id
        and claim.date_of_service < context.on
        and counted_together(context, claim)
    }
    return tuple(by_day.values())


def claims_of_day(context: ScrubberInput) -> list[PastClaim]:
    """Other claims of this patient and day, to any payer, that still count."""
    return [
        claim
        for claim in context.history.claims
        if claim.date_of_service == context.on
        and claim.claim_id != context.claim.claim_id
        and claim.outcome != REJECTED
    ]


def visit_number(context: ScrubberInput) -> int:
    """Which visit this one is: of the injury for compensation and auto, of the calendar year otherwise."""
    visits = past_visits(context)
    if context.payer.program in INJURY:
        return context.coverage.prior_visits + len(visits) + 1
    return sum(1 for claim in visits if claim.date_of_service.year == context.on.year) + 1


def authorization_needed(context: ScrubberInput) -> bool:
    """True if the profile requires one for this visit, or the payer's own answer says so."""
    payer = context.payer
    if context.coverage.authorization_wanted is True and lines_spoken_of(context):
        return True
    if payer.authorization == "required":
        return visit_number(context) >= payer.authorization_from_visit
    return payer.authorization == "by_visits" and any(step.authorized for step in steps_of_visit(context))


def steps_of_visit(context: ScrubberInput) -> tuple[VisitStep, ...]:
    """The payer's profile for visits of this number to a therapist of this discipline."""
    number = visit_number(context)
    return tuple(
        step
        for step in context.payer.visit_steps
        if step.from_visit <= number
        and (step.to_visit is None or number <= step.to_visit)
        and context.provider.taxonomy.startswith(step.taxonomies or ("",))
    )


def _orders(context: ScrubberInput, coverage: CoverageInput) -> list[ReferralInput]:
    return [referral for referral in coverage.referrals if referral.kind in context.payer.referral_kinds]


def _holding(context: ScrubberInput) -> list[ReferralInput]:
    """Those that hold on the day of service for this payer; the one that goes on the claim is of these."""
    payer = context.payer
    return referrals_that_hold(
        context.coverage.referrals, context.on, kinds=payer.referral_kinds, age_days=payer.referral_age_days
    )


@rule(
    "referral_missing",
    Severity.BLOCK,
    "A referral, prescription or order if the payer requires one",
    fix=(
        "Get the doctor's referral, prescription or order, issued before the treatment, and enter it as a "
        "referral of the coverage."
    ),
)
def referral_missing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """It blocks if the profile requires one, and is for information if the profile says to ask."""
    coverage, wanted = context.coverage, context.payer.referral
    if wanted == "none" or _orders(context, coverage):
        return
    if wanted == "required":
        yield RuleMatch(
            "This payer requires a referral, prescription or order and there is none.", "/coverage/referrals"
        )
    elif context.provider.taxonomy == MASSAGE:
        text = "There is no prescription or referral; most plans require one for massage."
        fix = "Ask the payer and set its `referral`. If it requires one, enter it as a referral of the coverage."
        yield RuleMatch(text, "/coverage/referrals", fix=fix, severity=Severity.INFO)


@rule(
    "referral_not_on_day",
    Severity.BLOCK,
    "The referral is in force on the date of service",
    fix=(
        "Enter a referral that is in force on the date of service (`issued_on` and `effective_to`); one that was "
        "issued after the treatment does not count. If the payer requires none at all, set its `referral` to none."
    ),
)
def referral_not_on_day(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A referral has its own period of validity, apart from the authorization's, and may be too old for this payer."""
    wanted = context.payer.referral
    if wanted == "none" or not _orders(context, context.coverage) or _holding(context):
        return
    text = f"No referral, prescription or order is in force on {context.on}."
    severity = None if wanted == "required" else Severity.WARN
    yield RuleMatch(text, "/coverage/referrals", severity=severity)


@rule(
    "referral_visits_used",
    Severity.BLOCK,
    "The referral has visits left",
    fix=(
        "Ask the doctor for more visits and enter them (`visits` of the referral), or enter a new referral. If "
        "the payer requires none at all, set its `referral` to none."
    ),
)
def referral_visits_used(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A prescription for twelve visits is used up after twelve, whether or not the payer requires one."""
    if context.payer.referral == "none":
        return
    holding = _holding(context)
    if holding and not any(order.has_visit_left for order in holding):
        used = max(order.visits_used for order in holding)
        billed = counted(used, "visit was", "visits were")
        yield RuleMatch(f"All visits of the referral are used: {billed} billed.", "/coverage/referrals")


@rule(
    "referral_without_diagnosis",
    Severity.WARN,
    "The referral and the claim are for the same condition",
    fix=(
        "Ask the doctor for a referral with the condition that is treated and enter its `diagnoses`, or "
        "acknowledge the warning."
    ),
)
def referral_without_diagnosis(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The referral's diagnosis need not be identical to the claim's, but should be in the same category."""
    if context.payer.referral == "none":
        return
    holding = _holding(context)
    named = {without_dot(code)[:3] for order in holding for code in order.diagnoses}
    claimed = {without_dot(code)[:3] for code in context.claim.diagnoses}
    if holding and not named:
        yield RuleMatch("The referral names no diagnosis.", "/coverage/referrals")
    elif named and not named & claimed:
        yield RuleMatch(
            "None of the claim's diagnoses is in the same category as the referral's.", "/coverage/referrals"
        )


@rule(
    "referring_npi_missing",
    Severity.BLOCK,
    "The referring provider is on the claim",
    fix="Enter the referral with the name and NPI of the referring provider.",
)
def referring_npi_missing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Payers that pay on a doctor's order require the doctor's name and NPI."""
    if context.payer.referring_npi_wanted and not context.claim.referring_npi:
        yield RuleMatch("This payer requires the referring provider on the claim.", "/claim/referring_npi")


RULES: tuple[Rule, ...] = (
    referral_missing,
    referral_not_on_day,
    referral_visits_used,
    referral_without_diagnosis,
    referring_npi_missing,
)
