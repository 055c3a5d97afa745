"""Which lines of a claim the payer's eligibility answer speaks of.

An answer is about a service type: what is said of massage (BE) holds for massage, what is said of physical therapy (PT)
and physical medicine (AE) for therapy procedures, and neither for an adjustment or an office visit.
"""

from __future__ import annotations

from services.claims.domain.rules.disciplines import MASSAGE
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput

OF_MASSAGE = "BE"
OF_THERAPY = frozenset({"PT", "AE"})


def lines_spoken_of(context: ScrubberInput) -> tuple[int, ...]:
    """Places of the lines that the answer's service type is about; of all lines where it is about the plan."""
    lines = range(len(context.claim.lines))
    kind = context.coverage.benefit_service_type
    if kind == OF_MASSAGE:
        return tuple(place for place in lines if is_massage(context, place))
    if kind in OF_THERAPY:
        always = context.codes.procedures.always_therapy
        return tuple(place for place in lines if always(context.claim.lines[place].procedure_code))
    return tuple(lines)


def is_massage(context: ScrubberInput, place: int) -> bool:
    """All that a massage therapist bills is massage to a payer, and 97124 whoever does it."""
    return context.provider.taxonomy == MASSAGE or context.claim.lines[place].procedure_code == "97124"
