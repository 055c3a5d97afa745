"""The lines of a claim under their authorizations, and the numbers that go out with it.

A claim has one number (REF*G1 of 2300), and a line has one of its own only where it differs: so the guide, and X12's
answer 2459 to the question of repeating it. A payer may want otherwise (`authorization_on_lines`): `never` reads the
claim's alone, `every` wants it on each line too. The paper form has room for one. Where a claim carries one number
and its lines are under several, each number gets a claim of its own.
"""

from __future__ import annotations

from dataclasses import replace

from services.claims.domain.authorizations import Allocation, LineNeed, allocate, units_under_each
from services.claims.domain.rules.separate import places_of
from services.claims.domain.scrubber_input import ProfessionalClaim
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from services.claims.domain.visit_lines import Shares, divided, shares_of

NEVER, ORIGINAL = "never", "1"


def allocations(context: ScrubberInput) -> tuple[Allocation, ...]:
    """The authorization of each line, in the lines' order."""
    return allocate(context.coverage.authorizations, _needs(context), context.on)


def _needs(context: ScrubberInput) -> list[LineNeed]:
    return [
        LineNeed(line.procedure_code, line.units, _regions(context, line.procedure_code))
        for line in context.claim.lines
    ]


def is_authorized(context: ScrubberInput) -> bool:
    """True where every line is under an authorization; for a claim without lines, where one has a visit left."""
    if not context.claim.lines:
        given = context.coverage.authorizations
        return any(one.in_force(context.on) and one.has_visit_left for one in given)
    return all(one.authorization is not None for one in allocations(context))


def has_one_number(context: ScrubberInput) -> bool:
    """True where the claim can carry one authorization number alone."""
    return context.claim.printed or context.payer.authorization_on_lines == NEVER


def may_be_split(claim: ProfessionalClaim) -> bool:
    """Whether lines of this claim can still go on another one: no payer has decided it or one before. Claims take units
    of a procedure from its first line on, so of two therapists' lines of one they can make two parts and no more."""
    undecided = not claim.prior_payments and claim.decided_on is None and claim.frequency == ORIGINAL
    numbers = {code: set[str]() for code in claim.procedure_codes()}
    for line in claim.lines:
        numbers[line.procedure_code].add(line.authorization_number)
    return undecided and not any(
        len(some) > 2 and code in of_several_therapists(claim) for code, some in numbers.items()
    )


def of_several_therapists(claim: ProfessionalClaim) -> frozenset[str]:
    """The procedures that the claim bills of more than one therapist."""
    therapists: dict[str, str] = {}
    lines = [(line.procedure_code, claim.therapist_of(line)) for line in claim.lines]
    return frozenset(code for code, therapist_id in lines if therapists.setdefault(code, therapist_id) != therapist_id)


def claims_by_number(claim: ProfessionalClaim) -> list[Shares]:
    """The units by procedure under each authorization number of the claim, the claim's own first. What is under none
    goes with that."""
    numbers = dict.fromkeys((claim.authorization_number, *(line.authorization_number for line in claim.lines)))
    under = {number: [line for line in claim.lines if line.authorization_number == number] for number in numbers}
    return [shares_of(lines) for number, lines in under.items() if number]


def under_authorizations(context: ScrubberInput) -> ProfessionalClaim:
    """The claim with the authorization of each line; a line that has to go under several becomes several. One
    authorization that covers only some lines is left out where the payer asks for none."""
    if not context.claim.prior_payments and context.payer.authorization != "none":
        lines = context.claim.lines
        parts = units_under_each(context.coverage.authorizations, _needs(context), context.on)
        apart = tuple(part for line, units in zip(lines, parts, strict=True) for part in divided(line, units))
        context = replace(context, claim=replace(context.claim, lines=apart))
    found = [one.authorization for one in allocations(context)]
    used = [one for one in found if one is not None]
    if not used or (len(used) < len(found) and context.payer.authorization == "none"):
        return context.claim
    first = used[0]
    return replace(
        context.claim,
        authorization_id=first.authorization_id,
        authorization_number=first.number,
        lines=tuple(
            replace(line, authorization_id=one.authorization_id, authorization_number=one.number)
            if one is not None
            else line
            for line, one in zip(context.claim.lines, found, strict=True)
        ),
    )


def _regions(context: ScrubberInput, procedure_code: str) -> frozenset[str] | None:
    places = places_of(context, procedure_code)
    return None if places is None else frozenset().union(*(place.regions for place in places))
