"""From a source to a scrubbed claim: lines and units from the note, then every rule; for dry runs and stored claims.

Pure apart from the history rows that are passed in. The result is stored with the claim and is not recalculated until
the claim is refreshed, so a claim always shows the findings of its last check.
"""

from dataclasses import dataclass, replace

from services.claims.document import ScrubbedClaim, UnitCount
from services.claims.domain.lines import build_lines, lines_as_billed
from services.claims.domain.rules import check
from services.claims.domain.same_day_visits import as_one_note
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from services.claims.domain.visit_lines import lines_here, said_of_others, units_apart
from services.claims.flows.scrub.build_scrubber_input import build_scrubber_input, note_input, own_procedures
from services.claims.flows.scrub.scrub_request import ScrubRequest

APART = "apart"
AS_BILLED = "The lines and units are those of the claim to the payer before."


@dataclass(frozen=True, slots=True)
class BuiltClaim:
    """A claim that was built from its source, and all that rules read of it."""

    input: ScrubberInput
    units: UnitCount


def scrub(request: ScrubRequest) -> ScrubbedClaim:
    """Build a claim and run every rule."""
    built = build_input(request)
    findings = tuple(check(built.input, request.rule_set.rules))
    return ScrubbedClaim(claim=built.input.claim, units=built.units, findings=findings, scrubbed_at=request.now)


def build_input(request: ScrubRequest) -> BuiltClaim:
    """The claim and everything that a rule may read of it, before any rule has run."""
    source, options = request.source, request.options
    notes = [note_input(one.note, source.time_zone) for one in source.visits]
    # Those in force now, to the end of this claim.
    codes = request.rule_set.codes.with_own_procedures(own_procedures(source))
    built = build_lines(
        as_one_note(notes),
        source.profile,
        source.fees_cents,
        taxonomy=source.therapist.taxonomy,
        tie_order=options.tie_order,
        left_off=options.left_off,
        modifiers=options.modifiers,
        pointers=options.pointers,
        codes=codes,
    )
    here = lines_here(built.lines, options.here, options.elsewhere)
    if source.profile.units_on_lines == APART:
        here = units_apart(here)
    others = said_of_others(built.lines, options.here, options.elsewhere)
    built = replace(built, lines=here, arithmetic=built.arithmetic + others)
    if options.earlier_lines:
        built = replace(built, lines=lines_as_billed(options.earlier_lines, options.modifiers), arithmetic=AS_BILLED)
    scrubber_input = build_scrubber_input(request, notes, built, codes)
    billed = sum(line.minutes or 0 for line in built.lines)
    return BuiltClaim(scrubber_input, UnitCount(built.method, built.arithmetic, billed, built.unbilled_minutes))
