"""The age of the editions of Medicare's edits that judge a claim."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from services.claims.domain.rules import edits, history
from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.permission import claims_of_day
from services.claims.domain.rules.rule import Rule, RuleMatch, rule
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets.quarters import quarter_of
from shared.plural import counted

PAIR_RULES = (
    edits.pair_never_together,
    edits.pair_needs_modifier,
    edits.pair_modifier_without_proof,
    history.pair_across_claims,
)
UNIT_RULES = (edits.units_unlikely, history.units_across_claims)


def _found(context: ScrubberInput, rules: tuple[Rule, ...]) -> bool:
    """True where one of them has more to say than information."""
    return any(
        one.severity_for(context.payer, hit.severity) is not Severity.INFO
        for one in rules
        if one.applies(context)
        for hit in one.check(context)
    )


def _several_procedures(context: ScrubberInput) -> bool:
    others = {line.procedure_code for past in claims_of_day(context) for line in past.lines}
    return len(context.claim.procedure_codes() | others) > 1


def _older(version: str, on: date) -> str:
    """The edition in words where its quarter is over on the day, else nothing."""
    days = quarter_of(version)
    if days is None or days.effective_to is None or on <= days.effective_to:
        return ""
    last = days.effective_to
    months = (on.year - last.year) * 12 + on.month - last.month
    return f"of {version} (through {last}, {counted(months, 'month')} before the service)"


@rule(
    "edits_older_than_service",
    Severity.INFO,
    "Medicare's edits are those of the service's quarter",
    fix=(
        "As information: nothing to do on this claim. As a warning: acknowledge it, or have the operator import the "
        "edition of the service's quarter by POST /v1/code-sets/{kind}/editions (or handbill codes import), then "
        "refresh the claim."
    ),
)
def edits_older_than_service(context: ScrubberInput) -> Iterator[RuleMatch]:
    """CMS publishes NCCI pairs and MUE values anew each quarter. An edition whose quarter was over knows nothing of
    what began or ended since. It warns where such an edition finds something on this claim, which may no longer hold;
    where it finds nothing between the procedures of the day, that is for information."""
    pairs_found, units_found = _found(context, PAIR_RULES), _found(context, UNIT_RULES)
    judged = []
    pairs = _older(context.codes.pairs.version, context.on)
    if pairs and (pairs_found or (context.payer.ncci and _several_procedures(context))):
        judged.append(f"the NCCI pairs {pairs}")
    units = _older(context.codes.limits.version, context.on)
    if units and units_found:
        judged.append(f"the MUE values {units}")
    if judged:
        warns = (pairs and pairs_found) or (units and units_found)
        text = f"This claim was judged by {' and by '.join(judged)}; what changed since is not known here."
        yield RuleMatch(text, "/claim/lines", severity=Severity.WARN if warns else None)


RULES: tuple[Rule, ...] = (edits_older_than_service,)
