"""Authorizations: for each line one that is in force on the date of service, is for it, and has enough left.

Where the payer requires one, what is wrong blocks. Where it is not known whether the payer requires one, an
authorization on file says that somebody had to ask for it: what is wrong with it warns.
"""

from __future__ import annotations

from collections.abc import Iterator

from services.claims.domain.authorizations import Allocation, Shortage
from services.claims.domain.rules.authorized_lines import allocations, has_one_number, may_be_split
from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.permission import authorization_needed, visit_number
from services.claims.domain.rules.rule import NEW_NOTE, Rule, RuleMatch, rule
from services.claims.domain.scrubber_input import AuthorizationInput
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.authorizations import APPROVED
from shared.codesets.programs import Program
from shared.dates import DateRange, add_days
from shared.plural import counted

MOST_NAMED = 3
IF_NONE_IS_REQUIRED = " If the payer requires none, set its `authorization` to none."


def _short(context: ScrubberInput, shortage: Shortage) -> Iterator[tuple[int, Allocation, Severity | None]]:
    """The lines that are short of this, each with its place, and a softer severity where nobody knows that the payer
    requires an authorization."""
    needed = authorization_needed(context)
    asked = context.payer.authorization == "ask" and context.coverage.authorization_wanted is not False
    if not needed and not (asked and context.coverage.authorizations):
        return
    for place, one in enumerate(allocations(context)):
        if one.shortage is shortage:
            yield place, one, None if needed else Severity.WARN


@rule(
    "authorization_missing",
    Severity.BLOCK,
    "An authorization if the payer requires one",
    fix="Get the payer's authorization for the date of service and enter it as an authorization of the coverage.",
)
def authorization_missing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """If the payer requires one, a claim without it is denied, often at the provider's expense."""
    if authorization_needed(context) and not context.coverage.authorizations:
        text = f"This payer requires an authorization for visit {visit_number(context)}, and there is none."
        yield RuleMatch(text, "/coverage/authorizations")


@rule(
    "authorization_not_on_day",
    Severity.BLOCK,
    "The authorization is in force on the date of service",
    fix=(
        "Ask the payer to extend it to the date of service, or for a new one, and enter what it says "
        "(`effective_from`, `effective_to` and `status` of the authorization)." + IF_NONE_IS_REQUIRED
    ),
)
def authorization_not_on_day(context: ScrubberInput) -> Iterator[RuleMatch]:
    """It must be in force on the date of service, not on the date of submission."""
    for _, one, severity in _short(context, Shortage.ON_DAY):
        why = ", ".join(dict.fromkeys(_why_not(each, context) for each in one.closest[-MOST_NAMED:]))
        text = f"No authorization is in force on {context.on}: {why}."
        yield RuleMatch(text, "/coverage/authorizations", severity=severity)
        return


def _why_not(one: AuthorizationInput, context: ScrubberInput) -> str:
    if one.status != APPROVED:
        return f"one is {one.status}"
    if one.effective_to is not None and one.effective_to < context.on:
        return f"one ended on {one.effective_to}"
    return f"one begins on {one.effective_from}"


@rule(
    "authorization_visits_used",
    Severity.BLOCK,
    "The authorization has visits left",
    fix=(
        "Ask the payer for more visits and enter them (`visits` of the authorization), or void a claim that used one "
        "for nothing." + IF_NONE_IS_REQUIRED
    ),
)
def authorization_visits_used(context: ScrubberInput) -> Iterator[RuleMatch]:
    """An authorization covers a number of visits; any later visit is not authorized. A voided claim gives its visit
    back."""
    for _, one, severity in _short(context, Shortage.VISITS):
        used = max(each.visits_used for each in one.closest)
        text = f"{counted(used, 'authorized visit is', 'authorized visits are')} used, and none is left."
        yield RuleMatch(text, "/coverage/authorizations", severity=severity)
        return


@rule(
    "authorization_units_used",
    Severity.BLOCK,
    "The authorization has units left",
    fix=(
        "Ask the payer for more units and enter them (`units` of the authorization), or leave the procedure off "
        "(`left_off`), or void a claim that used them for nothing." + IF_NONE_IS_REQUIRED
    ),
)
def authorization_units_used(context: ScrubberInput) -> Iterator[RuleMatch]:
    """An authorization may be for a number of units, which all lines and all claims under it share."""
    lines = context.claim.lines
    for place, one, severity in _short(context, Shortage.UNITS):
        code, billed = lines[place].procedure_code, counted(lines[place].units, "unit")
        left = [(each.number, _units_left(context, each)) for each in one.closest]
        if len(left) == 1:
            text = f"{code} has {billed}, and its authorization has {left[0][1]} left."
        else:
            each_has = ", ".join(f"{number} has {units}" for number, units in left[:MOST_NAMED])
            text = f"{code} has {billed}, and no authorization alone has so many left: {each_has}."
        yield RuleMatch(
            text, f"/claim/lines/{place}/units", fix=_fix_of_units(left, lines[place].units), severity=severity
        )


def _fix_of_units(left: list[tuple[str, int]], needed: int) -> str:
    """A line goes under one number; where two together have enough, the payer can put its units under one."""
    if len(left) == 1 or sum(units for _, units in left) < needed:
        return ""
    return (
        "A line is billed under one authorization: ask the payer to put the units under one of them and enter it "
        "(`units` of the authorization), or leave the procedure off (`left_off`)." + IF_NONE_IS_REQUIRED
    )


def _units_left(context: ScrubberInput, one: AuthorizationInput) -> int:
    """What the claim's other lines leave of it."""
    under = zip(context.claim.lines, allocations(context), strict=True)
    taken = sum(line.units for line, other in under if other.authorization == one)
    return max(0, (one.units_allowed or 0) - one.units_used - taken)


@rule(
    "authorization_other_procedure",
    Severity.BLOCK,
    "The authorization covers each procedure",
    fix=(
        "Ask the payer to add the procedure and enter it (`procedure_codes` of the authorization), or leave it "
        "off the claim (`left_off`)." + IF_NONE_IS_REQUIRED
    ),
    overridable=True,
)
def authorization_other_procedure(context: ScrubberInput) -> Iterator[RuleMatch]:
    """An authorization may name procedures; it covers only those that it names."""
    for place, _, severity in _short(context, Shortage.PROCEDURE):
        text = f"The authorization does not cover {context.claim.lines[place].procedure_code}."
        yield RuleMatch(text, f"/claim/lines/{place}/procedure_code", severity=severity)


@rule(
    "authorization_other_region",
    Severity.BLOCK,
    "The authorization covers each region",
    fix=(
        "Ask the payer to add the region and enter it (`regions` of the authorization), or leave the procedure off "
        "(`left_off`). If the note does not name the region, name it (`region` of its `techniques`)." + NEW_NOTE
    ),
    overridable=True,
)
def authorization_other_region(context: ScrubberInput) -> Iterator[RuleMatch]:
    """An authorization may name regions of the body; a region that the note does not show is not one of them."""
    for place, one, severity in _short(context, Shortage.REGION):
        code = context.claim.lines[place].procedure_code
        regions = sorted(frozenset().union(*(each.regions for each in one.closest)))
        named = ", ".join(region.replace("_", " ") for region in regions)
        text = f"The authorization is for {named}, and the note does not show {code} there alone."
        yield RuleMatch(text, f"/claim/lines/{place}/procedure_code", severity=severity)


@rule(
    "authorizations_split",
    Severity.BLOCK,
    "One authorization covers a claim that carries one number",
    fix=(
        "Ask the payer to put all procedures under one authorization and enter it (`procedure_codes`), leave those of "
        "the other one off the claim (`left_off`), or, if the payer reads numbers on lines, say so (its "
        "`authorization_on_lines`, and `claim_route` clearinghouse)."
    ),
)
def authorizations_split(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Lines under different authorizations carry their own numbers (REF*G1 of 2400), unless the payer reads only the
    claim's number, or the claim is printed: the paper form has room for one. Then each number gets a claim of its own,
    unless a payer has decided this one already."""
    if not has_one_number(context) or not authorization_needed(context):
        return
    if len({one.authorization.number for one in allocations(context) if one.authorization}) < 2:
        return
    why = "the paper form has room for one number" if context.claim.printed else "this payer reads one number"
    text = f"The lines are covered by different authorizations, and {why}."
    if may_be_split(context.claim):
        fix = "Nothing to do: the visit is billed with a claim for each."
        yield RuleMatch(text, "/claim/authorization_number", fix=fix, severity=Severity.INFO)
    else:
        yield RuleMatch(text, "/claim/authorization_number")


@rule(
    "authorization_unknown",
    Severity.INFO,
    "Whether an authorization is required is not known",
    fix="Check eligibility, or ask the payer and set its `authorization`; unknown never means no.",
)
def authorization_unknown(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Absent or U in the payer's answer means unknown, and the profile says that a person should ask."""
    coverage = context.coverage
    if context.payer.authorization != "ask" or coverage.authorization_wanted is not None:
        return
    if not coverage.authorizations:
        yield RuleMatch("Whether this plan requires an authorization is not known.", "/coverage/authorization_wanted")


@rule(
    "authorization_asked_too_late",
    Severity.WARN,
    "The authorization is requested in time",
    fix="Ask the payer at once for an authorization that includes the earlier visits, and enter it.",
    programs=(Program.COMMERCIAL,),
)
def authorization_asked_too_late(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Some plans require the request within days of the first visit; a late one is at the provider's expense."""
    payer, coverage = context.payer, context.coverage
    days, first = payer.authorization_request_days, context.history.first_visit_on or context.on
    if days is None or coverage.authorizations:
        return
    asked_of = DateRange(payer.authorization_request_effective_from, payer.authorization_request_effective_to)
    last = add_days(first, days)
    if asked_of.holds(first) and context.as_of > last:
        text = f"The authorization had to be requested by {last}, {counted(days, 'day')} after the first visit."
        yield RuleMatch(text, "/coverage/authorizations", source=payer.source)


RULES: tuple[Rule, ...] = (
    authorization_missing,
    authorization_not_on_day,
    authorization_visits_used,
    authorization_units_used,
    authorization_other_procedure,
    authorization_other_region,
    authorizations_split,
    authorization_unknown,
    authorization_asked_too_late,
)
