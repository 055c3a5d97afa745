"""Who acknowledges claims in a 277CA, and what became of each; the codec makes the records (`x12.claim_statuses`).

A rejection is one status code (A3, A6, A7 ...); without one the claim is accepted: passed on by the clearinghouse,
taken into adjudication by a payer.
"""

from services.clearinghouse.domain.edits import Rejection
from shared import x12
from shared.wire.basic_character_set import LAST_NAME_MAX_LENGTH, to_basic


def clearinghouse_party(name: str, interchange_id: str) -> x12.Party:
    """NM1*AY."""
    return x12.Party(
        entity="AY", kind="2", name=to_basic(name, LAST_NAME_MAX_LENGTH), id_qualifier="46", id=interchange_id
    )


def payer_party(name: str, payer_id: str) -> x12.Party:
    """NM1*PR."""
    written = to_basic(name, LAST_NAME_MAX_LENGTH)
    return x12.Party(entity="PR", kind="2", name=written, id_qualifier="PI", id=payer_id)


def verdict(
    claim: x12.Claim837P, rejection: Rejection | None, *, clearinghouse_number: str, payer_number: str = ""
) -> x12.ClaimVerdict:
    """One claim with what became of it."""
    codes: tuple[x12.StatusCode, ...] = ()
    if rejection is not None:
        codes = (x12.StatusCode(category=rejection.category, code=rejection.status, entity=rejection.entity),)
    return x12.ClaimVerdict(
        claim=claim, codes=codes, clearinghouse_number=clearinghouse_number, payer_number=payer_number
    )
