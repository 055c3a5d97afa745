"""Authorization, and referral, prescription or order: different things with different validities.

Both count on the date of service. Visits are counted over what the payer has been billed, without claims that were
rejected, voided or replaced.
"""

from __future__ import annotations

from collections.abc import Iterator

from services.claims.domain.coding import AuthorizationInput, CoverageInput, PastClaim, ReferralInput
from services.claims.domain.rules import sources
from services.claims.domain.rules.context import ScrubberInput
from services.claims.domain.rules.finding import PatchStep, Severity
from services.claims.domain.rules.rule import Hit, Rule, rule
from shared.codesets.icd10 import plain
from shared.dates import add_days
from shared.payer_profiles import VisitStep

GONE = frozenset({"rejected", "voided", "replaced"})


def past_visits(context: ScrubberInput) -> tuple[PastClaim, ...]:
    """Earlier claims of this patient to this payer that still count, one a day of service."""
    by_day = {
        claim.date_of_service: claim
        for claim in context.history.claims
        if claim.payer_id == context.claim.payer_id
        and claim.outcome not in GONE
        and claim.claim_id != context.claim.claim_id
        and claim.date_of_service < context.on
    }
    return tuple(by_day.values())


def visit_number(context: ScrubberInput) -> int:
    """Which visit this one is: of the injury for compensation and auto, of the calendar year otherwise."""
    if context.history.visits_under_injury is not None:
        return context.history.visits_under_injury + 1
    visits = past_visits(context)
    if context.payer.program in {"workers_comp", "auto"}:
        return len(visits) + 1
    return sum(1 for claim in visits if claim.date_of_service.year == context.on.year) + 1


def authorization_needed(context: ScrubberInput) -> bool:
    """True when the profile wants one for this visit, or the payer's own answer says so."""
    payer, coverage = context.payer, context.coverage
    if coverage is not None and coverage.authorization_wanted is True:
        return True
    if payer.authorization == "required":
        return visit_number(context) >= payer.authorization_from_visit
    return payer.authorization == "by_visits" and any(step.authorized for step in steps_of_visit(context))


def steps_of_visit(context: ScrubberInput) -> tuple[VisitStep, ...]:
    """What the payer's profile says of visits of this number."""
    number = visit_number(context)
    return tuple(
        step
        for step in context.payer.visit_steps
        if step.from_visit <= number and (step.to_visit is None or number <= step.to_visit)
    )


def _fits(authorization: AuthorizationInput, procedures: frozenset[str]) -> bool:
    return not authorization.procedures or procedures <= set(authorization.procedures)


def _left(authorization: AuthorizationInput) -> bool:
    return authorization.visits_allowed is None or authorization.visits_used < authorization.visits_allowed


def usable_authorizations(context: ScrubberInput) -> tuple[AuthorizationInput, ...]:
    """Authorizations in force on the day, with visits left, for at least one of the claim's procedures."""
    if context.coverage is None:
        return ()
    return tuple(
        authorization
        for authorization in context.coverage.authorizations
        if authorization.in_force(context.on)
        and _left(authorization)
        and (not authorization.procedures or context.claim.procedures() & set(authorization.procedures))
    )


@rule(
    "authorization_missing",
    Severity.BLOCK,
    "An authorization where the payer wants one",
    fix="Get the authorization for this day from the payer and enter its number.",
    source=sources.AUTHORIZATION,
)
def authorization_missing(context: ScrubberInput) -> Iterator[Hit]:
    """Where the payer wants one, a claim without it is denied, and often at the provider's loss."""
    if context.coverage is None or not authorization_needed(context):
        return
    if not context.coverage.authorizations and not context.claim.authorization_number:
        text = f"This payer wants an authorization for visit {visit_number(context)}, and there is none."
        yield Hit(text, "/coverage/authorizations")


@rule(
    "authorization_not_on_day",
    Severity.BLOCK,
    "The authorization holds on the date of service",
    fix="Ask the payer to extend it to this day, or for a new one.",
    source=sources.AUTHORIZATION,
)
def authorization_not_on_day(context: ScrubberInput) -> Iterator[Hit]:
    """It counts on the day of service, never on the day of submission."""
    coverage = context.coverage
    if coverage is None or not authorization_needed(context) or not coverage.authorizations:
        return
    if not any(authorization.in_force(context.on) for authorization in coverage.authorizations):
        yield Hit(f"No authorization holds on {context.on}.", "/coverage/authorizations")


@rule(
    "authorization_visits_used",
    Severity.BLOCK,
    "The authorization has a visit left",
    fix="Ask the payer for more visits.",
    source=sources.AUTHORIZATION,
)
def authorization_visits_used(context: ScrubberInput) -> Iterator[Hit]:
    """An authorization is for a number of visits; the one after is not authorized."""
    coverage = context.coverage
    if coverage is None or not authorization_needed(context):
        return
    holding = [authorization for authorization in coverage.authorizations if authorization.in_force(context.on)]
    if holding and not any(_left(authorization) for authorization in holding):
        used = max(authorization.visits_used for authorization in holding)
        yield Hit(f"All {used} authorized visits are used.", "/coverage/authorizations")


@rule(
    "authorization_other_procedure",
    Severity.BLOCK,
    "The authorization covers each procedure",
    fix="Ask the payer to add the procedure, or take the line off.",
    source=sources.AUTHORIZATION,
    overridable=True,
)
def authorization_other_procedure(context: ScrubberInput) -> Iterator[Hit]:
    """An authorization may name procedures; what it does not name it does not cover."""
    if not authorization_needed(context):
        return
    given = context.coverage.authorizations if context.coverage else ()
    holding = [one for one in given if one.in_force(context.on) and _left(one)]
    if not holding or any(not authorization.procedures for authorization in holding):
        return
    covered = {procedure for authorization in holding for procedure in authorization.procedures}
    for place, line in enumerate(context.claim.lines):
        if line.procedure not in covered:
            yield Hit(f"The authorization does not cover {line.procedure}.", f"/claim/lines/{place}/procedure")


@rule(
    "authorization_number_missing",
    Severity.BLOCK,
    "The authorization's number is on the claim",
    fix="Put the authorization's number on the claim (REF*G1).",
    source=sources.AUTHORIZATION,
)
def authorization_number_missing(context: ScrubberInput) -> Iterator[Hit]:
    """A payer that wants an authorization does not look for it by itself."""
    claim, usable = context.claim, usable_authorizations(context)
    if not authorization_needed(context) or not usable or claim.authorization_number:
        return
    if not all(line.authorization_number for line in claim.lines):
        fitting = [one for one in usable if _fits(one, claim.procedures())]
        patch = (PatchStep("set", "/claim/authorization_number", fitting[0].number),) if len(fitting) == 1 else ()
        yield Hit("The claim does not carry the authorization's number.", "/claim/authorization_number", patch=patch)


@rule(
    "authorization_number_wrong",
    Severity.BLOCK,
    "The number on the claim is of an authorization in force",
    fix="Put the number of the authorization that holds on this day on the claim.",
    source=sources.AUTHORIZATION,
)
def authorization_number_wrong(context: ScrubberInput) -> Iterator[Hit]:
    """A number that is not on file for this coverage and day is an old one or a slip."""
    if context.coverage is None or not context.coverage.authorizations:
        return
    known = {
        authorization.number for authorization in context.coverage.authorizations if authorization.in_force(context.on)
    }
    number = context.claim.authorization_number
    if number and number not in known:
        yield Hit("The claim's authorization number is none that holds on this day.", "/claim/authorization_number")
    for place, line in enumerate(context.claim.lines):
        if line.authorization_number and line.authorization_number not in known:
            path = f"/claim/lines/{place}/authorization_number"
            yield Hit("The line's authorization number is none that holds on this day.", path)


@rule(
    "authorizations_split",
    Severity.BLOCK,
    "Two authorizations go on the lines",
    fix="Put each authorization's number on its lines, or split the claim.",
    source=sources.GUIDE,
)
def authorizations_split(context: ScrubberInput) -> Iterator[Hit]:
    """A claim carries one authorization number; when no single one covers all lines, each line carries its own."""
    if not authorization_needed(context):
        return
    usable = usable_authorizations(context)
    if len(usable) < 2 or any(_fits(authorization, context.claim.procedures()) for authorization in usable):
        return
    if not all(line.authorization_number for line in context.claim.lines):
        yield Hit("The lines are covered by different authorizations.", "/claim/authorization_number")


@rule(
    "authorization_unknown",
    Severity.INFO,
    "Whether an authorization is wanted is not known",
    fix="Ask the payer once and set its profile; unknown never means no.",
    source=sources.BENEFIT,
)
def authorization_unknown(context: ScrubberInput) -> Iterator[Hit]:
    """Absent or U in the payer's answer is unknown; the profile says ask, so somebody should."""
    coverage = context.coverage
    if coverage is None or context.payer.authorization != "ask" or coverage.authorization_wanted is not None:
        return
    if not coverage.authorizations:
        yield Hit("Whether this plan wants an authorization is not known.", "/coverage/authorization_wanted")


@rule(
    "authorization_asked_too_late",
    Severity.WARN,
    "The authorization is asked for in time",
    fix="Ask at once, and ask for the earlier visits to be taken in.",
    source=sources.PROFILE,
    programs=("commercial",),
)
def authorization_asked_too_late(context: ScrubberInput) -> Iterator[Hit]:
    """Some plans want the request within days of the first visit; a late one is the provider's loss."""
    payer, coverage = context.payer, context.coverage
    days, first = payer.authorization_request_days, context.history.first_visit_on or context.on
    if days is None or coverage is None or coverage.authorizations:
        return
    begun = payer.authorization_request_first_day is None or payer.authorization_request_first_day <= first
    ended = payer.authorization_request_last_day is not None and payer.authorization_request_last_day < first
    last = add_days(first, days)
    if begun and not ended and context.as_of > last:
        text = f"The authorization had to be asked for by {last}, {days} days after the first visit."
        yield Hit(text, "/coverage/authorizations", source=payer.source)


def _orders(context: ScrubberInput, coverage: CoverageInput) -> list[ReferralInput]:
    return [referral for referral in coverage.referrals if referral.kind in context.payer.referral_kinds]


@rule(
    "referral_missing",
    Severity.BLOCK,
    "A referral, prescription or order where the payer wants one",
    fix="Get the doctor's referral, prescription or order of before the treatment and enter it.",
    source=sources.PROFILE,
)
def referral_missing(context: ScrubberInput) -> Iterator[Hit]:
    """Where the profile requires one it blocks; where it says ask, it tells."""
    coverage, wanted = context.coverage, context.payer.referral
    if coverage is None or wanted == "none" or _orders(context, coverage):
        return
    if wanted == "required":
        yield Hit("This payer wants a referral, prescription or order and there is none.", "/coverage/referrals")
    elif context.provider.taxonomy == "225700000X":
        text = "There is no prescription or referral; most plans want one for massage."
        yield Hit(text, "/coverage/referrals", severity=Severity.INFO)


@rule(
    "referral_not_on_day",
    Severity.BLOCK,
    "The referral holds on the date of service",
    fix="Get a new referral; one written after the treatment does not count.",
    source=sources.PROFILE,
)
def referral_not_on_day(context: ScrubberInput) -> Iterator[Hit]:
    """A referral has its own days, apart from the authorization's, and may be too old for this payer."""
    coverage, payer = context.coverage, context.payer
    if coverage is None or payer.referral != "required":
        return
    orders = _orders(context, coverage)
    age = payer.referral_age_days
    good = [
        order
        for order in orders
        if order.in_force(context.on)
        and (age is None or order.written_on is None or (context.on - order.written_on).days <= age)
    ]
    if orders and not good:
        yield Hit(f"No referral, prescription or order holds on {context.on}.", "/coverage/referrals")


@rule(
    "referral_visits_used",
    Severity.BLOCK,
    "The referral has a visit left",
    fix="Ask the doctor for a new referral.",
    source=sources.PROFILE,
)
def referral_visits_used(context: ScrubberInput) -> Iterator[Hit]:
    """A prescription for twelve visits is used up after twelve."""
    coverage = context.coverage
    if coverage is None or context.payer.referral != "required":
        return
    holding = [order for order in _orders(context, coverage) if order.in_force(context.on)]
    if holding and all(
        order.visits_allowed is not None and order.visits_used >= order.visits_allowed for order in holding
    ):
        yield Hit("All visits of the referral are used.", "/coverage/referrals")


@rule(
    "referral_without_diagnosis",
    Severity.WARN,
    "Referral and claim are about the same condition",
    fix="Ask the doctor for a referral with the condition that is treated.",
    source=sources.PROFILE,
)
def referral_without_diagnosis(context: ScrubberInput) -> Iterator[Hit]:
    """The referral's diagnosis need not be letter for letter the claim's, but it should be of the same category."""
    coverage = context.coverage
    if coverage is None or context.payer.referral == "none":
        return
    holding = [order for order in _orders(context, coverage) if order.in_force(context.on)]
    named = {plain(code)[:3] for order in holding for code in order.diagnoses}
    claimed = {plain(code)[:3] for code in context.claim.diagnoses}
    if holding and not named:
        yield Hit("The referral names no diagnosis.", "/coverage/referrals")
    elif named and not named & claimed:
        yield Hit("None of the claim's diagnoses is near the referral's.", "/coverage/referrals")


@rule(
    "referring_npi_missing",
    Severity.BLOCK,
    "The referring person is on the claim",
    fix="Put the name and NPI of the referring person on the claim.",
    source=sources.PROFILE,
)
def referring_npi_missing(context: ScrubberInput) -> Iterator[Hit]:
    """Payers that pay on a doctor's order want to see whose."""
    if context.payer.referring_npi_wanted and not context.claim.referring_npi:
        yield Hit("This payer wants the referring person on the claim.", "/claim/referring_npi")


RULES: tuple[Rule, ...] = (
    authorization_missing,
    authorization_not_on_day,
    authorization_visits_used,
    authorization_other_procedure,
    authorization_number_missing,
    authorization_number_wrong,
    authorizations_split,
    authorization_unknown,
    authorization_asked_too_late,
    referral_missing,
    referral_not_on_day,
    referral_visits_used,
    referral_without_diagnosis,
    referring_npi_missing,
)
