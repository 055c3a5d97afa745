"""How the facts are read that are more than a member of the claim."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from services.claims.domain.custom_rules.fact import LineInput, Value
from services.claims.domain.rules.permission import past_visits
from services.claims.domain.scrubber_input import TechniqueInput
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.dates import days_between

SECONDS_A_MINUTE = 60


def of_claim(read: Callable[[ScrubberInput], Value]) -> Callable[[ScrubberInput, LineInput | None], Value]:
    """A fact of the claim."""
    return lambda context, _line: read(context)


def of_line(read: Callable[[ScrubberInput, LineInput], Value]) -> Callable[[ScrubberInput, LineInput | None], Value]:
    """A fact of a line."""
    return lambda context, line: read(context, line) if line is not None else None


def once(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text once, in its order."""
    return tuple(dict.fromkeys(texts))


def network_status(context: ScrubberInput) -> Value:
    """The therapist's standing with this payer on the day of service, under the practice's tax id."""
    for one in context.provider.credentials:
        taxed = one.billing_tax_id in ("", context.billing.tax_id)
        if one.payer_id == context.claim.payer_id and taxed and one.in_force(context.on):
            return one.status
    return None


def discipline(context: ScrubberInput) -> Value:
    """The discipline that the therapist's taxonomy belongs to."""
    found = context.codes.scopes.discipline(context.provider.taxonomy)
    return found.name if found else None


def days_since_last_visit(context: ScrubberInput) -> Value:
    """Days since the visit before that this payer counts with this one."""
    days = [days_between(claim.date_of_service, context.on) for claim in past_visits(context)]
    return min(days, default=None)


def days_since_accident(context: ScrubberInput) -> Value:
    """Days from the accident to the date of service."""
    happened = context.claim.accident_date
    return days_between(happened, context.on) if happened else None


def session_minutes(context: ScrubberInput) -> int:
    """Minutes from start to end of the session."""
    return int((context.note.end - context.note.start).total_seconds()) // SECONDS_A_MINUTE


def days_to_signature(context: ScrubberInput) -> Value:
    """Days from the date of service to the signature."""
    signed_on = context.note.signed_on
    return days_between(context.on, signed_on) if signed_on else None


def diagnoses_of(context: ScrubberInput, line: LineInput) -> tuple[str, ...]:
    """The diagnoses that a line points to."""
    diagnoses = context.claim.diagnoses
    return tuple(diagnoses[one - 1] for one in line.line.pointers if 0 < one <= len(diagnoses))


def regions_of(context: ScrubberInput, line: LineInput) -> Value:
    """The regions that the procedure of a line was done on."""
    return regions(context, [one for one in context.note.techniques if one.procedure_code == line.line.procedure_code])


def regions(context: ScrubberInput, techniques: Sequence[TechniqueInput]) -> Value:
    """The regions of the list that these techniques were done on; None where no word of theirs names one."""
    places = [context.codes.body_regions.read(one.region, one.side) for one in techniques]
    return tuple(sorted({region for place in places if place for region in place.regions})) or None
