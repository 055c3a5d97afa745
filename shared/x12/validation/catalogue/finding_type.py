"""One kind of finding, as the catalogue holds it."""

import dataclasses

from shared.plural import counted
from shared.x12.validation.finding import Severity


class Count(str):
    """A number in a sentence of the catalogue: `{count:cent}` is `1 cent` or `2 cents`, `{count}` the number alone."""

    __slots__ = ()

    def __format__(self, thing: str) -> str:
        return counted(self, thing) if thing else str(self)


@dataclasses.dataclass(frozen=True)
class FindingType:
    """One kind of finding."""

    severity: Severity
    message: str
    fix: str
    ack: str = ""
    error_if_strict: bool = False


E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE
