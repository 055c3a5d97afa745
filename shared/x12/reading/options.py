"""What the caller of a reading asked for."""

import dataclasses

from shared.x12.model.envelope import Limits
from shared.x12.validation.code_lists import CodeLists


@dataclasses.dataclass(frozen=True)
class ReadOptions:
    """`strict` makes facts of the world errors; `codes` are the caller's lists; `values` puts values into findings."""

    strict: bool = False
    codes: CodeLists | None = None
    values: bool = False
    limits: Limits = dataclasses.field(default_factory=Limits)
