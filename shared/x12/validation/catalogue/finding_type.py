"""One kind of finding, as the catalogue holds it."""

import dataclasses

from shared.x12.validation.finding import Severity


@dataclasses.dataclass(frozen=True)
class FindingType:
    """One kind of finding."""

    severity: Severity
    message: str
    fix: str
    ack: str = ""
    error_if_strict: bool = False


E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE
