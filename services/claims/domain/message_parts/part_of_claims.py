"""The part of a message that is about some claims, for whoever may see nothing else of it."""

from collections.abc import Collection

from services.claims.domain.message_parts.outline import Outline
from services.claims.domain.message_parts.unit import Unit, UnitKind
from services.claims.domain.message_parts.write_part import Part, View, write_part

RECEIVER = 8
"""ISA08."""


def part_of_claims(outline: Outline, claim_numbers: Collection[str]) -> Part | None:
    """The message with the claims of these numbers alone; None where it names none of them."""

    def mine(unit: Unit) -> bool:
        return unit.kind is UnitKind.CLAIM and unit.claim_number in claim_numbers

    if not any(map(mine, outline.units)):
        return None
    first = outline.interchanges[0]
    account = first.separators.split(first.start)[RECEIVER].decode(errors="replace").strip()
    # The payee's own data, its bank account among them, is the practice's.
    return write_part(outline, View(mine=mine, shows=lambda _npi: False, account=account))
