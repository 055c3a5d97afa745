"""The catalogue of findings: code, severity, sentence, fix and the code of an acknowledgement that says it.

The texts speak to a biller; they name things (`{name}`, `{label}`) and never a value. `world` marks facts of the world,
which are warnings unless the reading is strict.
"""

from shared.x12.validation.catalogue.entry import FindingType
from shared.x12.validation.catalogue.envelope import ENVELOPE
from shared.x12.validation.catalogue.proofs import PROOFS
from shared.x12.validation.catalogue.segments import SEGMENTS

CATALOGUE: dict[str, FindingType] = ENVELOPE | SEGMENTS | PROOFS

__all__ = ["CATALOGUE", "FindingType"]
