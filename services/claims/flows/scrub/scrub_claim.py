"""From a source to a scrubbed claim: lines and units from the note, then every rule; for dry runs and stored claims.

Pure apart from the history rows that are passed in. The result is stored with the claim and is not recalculated until
the claim is refreshed, so a claim always shows the findings of its last check.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.claims.document import BillerOptions, ClaimSource, ScrubbedClaim, UnitCount
from services.claims.domain.lines import build_lines, lines_as_billed
from services.claims.domain.rules import check
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from services.claims.flows.scrub.build_scrubber_input import build_scrubber_input, note_input, own_procedures
from services.claims.flows.scrub.rule_set import RuleSet
from services.claims.store.tables import ClaimRow
from shared.dates import local_date

AS_BILLED = "The lines and units are those of the claim to the payer before."


@dataclass(frozen=True, slots=True)
class BuiltClaim:
    """A claim that was built from its source, and all that rules read of it."""

    input: ScrubberInput
    units: UnitCount


def scrub(
    source: ClaimSource,
    options: BillerOptions,
    *,
    claim_id: str,
    claim_number: str,
    now: datetime,
    as_of: date | None = None,
    made_at: datetime | None = None,
    history: Sequence[ClaimRow],
    rule_set: RuleSet,
) -> ScrubbedClaim:
    """Build a claim and run every rule, as of the practice's date at `now` unless another day is given. `history` holds
    the patient's and the therapist's other claims; `made_at` is when this one was made, None for a new one."""
    built = build_input(
        source,
        options,
        claim_id=claim_id,
        claim_number=claim_number,
        now=now,
        as_of=as_of,
        made_at=made_at,
        history=history,
        rule_set=rule_set,
    )
    findings = tuple(check(built.input, rule_set.rules))
    return ScrubbedClaim(claim=built.input.claim, units=built.units, findings=findings, scrubbed_at=now)


def build_input(
    source: ClaimSource,
    options: BillerOptions,
    *,
    claim_id: str,
    claim_number: str,
    now: datetime,
    as_of: date | None = None,
    made_at: datetime | None = None,
    history: Sequence[ClaimRow],
    rule_set: RuleSet,
) -> BuiltClaim:
    """The claim and everything that a rule may read of it, before any rule has run."""
    note = note_input(source.note, source.time_zone)
    # Those in force now, to the end of this claim.
    codes = rule_set.codes.with_own_procedures(own_procedures(source))
    rule_set = replace(rule_set, codes_in_force=lambda: codes)
    built = build_lines(
        note,
        source.profile,
        source.fees_cents,
        taxonomy=source.therapist.taxonomy,
        tie_order=options.tie_order,
        left_off=options.left_off,
        modifiers=options.modifiers,
        codes=rule_set.codes,
    )
    if options.earlier_lines:
        built = replace(built, lines=lines_as_billed(options.earlier_lines, options.modifiers), arithmetic=AS_BILLED)
    scrubber_input = build_scrubber_input(
        source,
        options,
        note,
        built,
        history,
        claim_id=claim_id,
        claim_number=claim_number,
        as_of=as_of or local_date(now, source.time_zone),
        rule_set=rule_set,
        made_at=made_at,
    )
    billed = sum(line.minutes or 0 for line in built.lines)
    return BuiltClaim(scrubber_input, UnitCount(built.method, built.arithmetic, billed, built.unbilled_minutes))
