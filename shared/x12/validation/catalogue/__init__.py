"""The catalogue of findings: code, severity, sentence, fix, and how an acknowledgement says it.

The texts speak to a biller; they name things (`{name}`, `{label}`) and never a value. `error_if_strict` marks facts of
the world, which are warnings unless the reading is strict.
"""

from shared.x12.validation.catalogue.balancing import BALANCING
from shared.x12.validation.catalogue.code_sets import CODE_SETS
from shared.x12.validation.catalogue.envelope import ENVELOPE
from shared.x12.validation.catalogue.finding_type import FindingType
from shared.x12.validation.catalogue.segments import SEGMENTS
from shared.x12.validation.catalogue.situational import SITUATIONAL

CATALOGUE: dict[str, FindingType] = ENVELOPE | SEGMENTS | BALANCING | SITUATIONAL | CODE_SETS
