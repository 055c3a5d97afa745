"""Which rows (EB loops) of a 271 speak of massage, and for which side of the network.

Rules: a row under BE (massage) outranks PT and AE (physical therapy, physical medicine), and those outrank 30 (the
plan); rows of other service types are not looked at. A practice that is in network does not read rows that hold only
out of network, nor the other way round.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from shared.x12 import BenefitInformation

T = TypeVar("T")

MASSAGE = "BE"
THERAPY = ("PT", "AE")
PLAN = "30"
ACTIVE_CODES = frozenset("12345")
INACTIVE_CODES = frozenset("678")
NOT_COVERED_CODE = "I"
ASK_CODE = "U"
OTHER_PAYER_CODE = "R"
ANSWERS = ACTIVE_CODES | INACTIVE_CODES | frozenset("ABCFGIU")
"""EB01 codes that say something of a service type. V (cannot process) and D (a description) do not."""
_AGAINST = {"in": "N", "out": "Y"}


def of_type(rows: Iterable[BenefitInformation], service_type: str | None) -> tuple[BenefitInformation, ...]:
    """The rows of a service type; a row without one speaks of the plan. None has no rows."""
    return tuple(
        row for row in rows if service_type in row.service_types or (service_type == PLAN and not row.service_types)
    )


def on_side(rows: Iterable[BenefitInformation], network: str) -> tuple[BenefitInformation, ...]:
    """Without the rows that hold only on the other side; `network` is the practice's: in, out or unknown."""
    return tuple(row for row in rows if row.in_network != _AGAINST.get(network, "-"))


def answering_service_type(rows: Sequence[BenefitInformation]) -> str | None:
    """The best service type that the rows answer for: BE, then PT or AE, then 30; None when none of them is there.

    Of PT and AE the one that is active is taken, PT first.
    """
    answering = [row for row in rows if row.information in ANSWERS]
    if of_type(answering, MASSAGE):
        return MASSAGE
    therapy = [kind for kind in THERAPY if of_type(answering, kind)]
    active = [kind for kind in therapy if any(r.information in ACTIVE_CODES for r in of_type(answering, kind))]
    if therapy:
        # A payer that answers for both may cover only one of them, and massage is paid under that one.
        return (active or therapy)[0]
    return PLAN if of_type(answering, PLAN) else None


def the_one(values: Iterable[T]) -> tuple[T | None, bool]:
    """The only distinct value, and whether there were several (then none of them is taken)."""
    distinct = list(dict.fromkeys(values))
    return (distinct[0] if len(distinct) == 1 else None), len(distinct) > 1
