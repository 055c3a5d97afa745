"""The smallest piece of a message that belongs to one organization."""

from dataclasses import dataclass
from enum import StrEnum


class UnitKind(StrEnum):
    """`claim`: a claim payment (CLP) or a claim's status. `provider`: an adjustment of the provider (PLB), a level that
    is rejected as a whole, or a transaction that names no claim. `file`: the answer to one of our files (999, TA1).
    `other`: a transaction that is no answer to what Handbill sends."""

    CLAIM = "claim"
    PROVIDER = "provider"
    FILE = "file"
    OTHER = "other"


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """What a unit names, all of it as the other side wrote it: `claim_number`, the interchange of ours that it answers,
    the NPI of the payee (835) or of the billing provider (277CA), and the NPI that a PLB itself has."""

    kind: UnitKind
    claim_number: str = ""
    interchange: str = ""
    npi: str = ""
    own_npi: str = ""
