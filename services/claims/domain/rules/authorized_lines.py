"""The lines of a claim under their authorizations, and the numbers that go out with it.

A claim has one number (REF*G1 of 2300), and a line has one of its own only where it differs: so the guide, and X12's
answer 2459 to the question of repeating it. A payer may want otherwise (`authorization_on_lines`): `never` reads the
claim's alone, `every` wants it on each line too. The paper form has room for one.
"""

from __future__ import annotations

from dataclasses import replace

from services.claims.domain.authorizations import Allocation, LineNeed, allocate
from services.claims.domain.rules.separate import places_of
from services.claims.domain.scrubber_input import ProfessionalClaim
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput

NEVER = "never"


def allocations(context: ScrubberInput) -> tuple[Allocation, ...]:
    """The authorization of each line, in the lines' order."""
    needs = [
        LineNeed(line.procedure_code, line.units, _regions(context, line.procedure_code))
        for line in context.claim.lines
    ]
    return allocate(context.coverage.authorizations, needs, context.on)


def is_authorized(context: ScrubberInput) -> bool:
    """True where every line is under an authorization; for a claim without lines, where one has a visit left."""
    if not context.claim.lines:
        given = context.coverage.authorizations
        return any(one.in_force(context.on) and one.has_visit_left for one in given)
    return all(one.authorization is not None for one in allocations(context))


def has_one_number(context: ScrubberInput) -> bool:
    """True where the claim can carry one authorization number alone."""
    return context.claim.printed or context.payer.authorization_on_lines == NEVER


def under_authorizations(context: ScrubberInput) -> ProfessionalClaim:
    """The claim with the authorization of each line. One that covers only some lines is left out where the payer asks
    for none."""
    found = [one.authorization for one in allocations(context)]
    used = [one for one in found if one is not None]
    if not used or (len(used) < len(found) and context.payer.authorization == "none"):
        return context.claim
    first, alone = used[0], has_one_number(context)
    return replace(
        context.claim,
        authorization_id=first.authorization_id,
        authorization_number=first.number,
        lines=tuple(
            replace(
                line,
                authorization_id=one.authorization_id,
                authorization_number=first.number if alone else one.number,
            )
            if one is not None
            else line
            for line, one in zip(context.claim.lines, found, strict=True)
        ),
    )


def _regions(context: ScrubberInput, procedure_code: str) -> frozenset[str] | None:
    places = places_of(context, procedure_code)
    return None if places is None else frozenset().union(*(place.regions for place in places))
