"""What a check is: a function of a typed record that yields what is wrong with it, and where that is in the file.

They are grouped by WEDI SNIP type, one module each: `balancing` (3), `situational` (4), `code_sets` (5). They look at
records, not at segments: only for a failure is the segment looked for, since most records have none.
"""

import dataclasses
import datetime
from collections.abc import Callable, Iterator
from typing import TypeVar

from shared.x12.model.records.parts import Part
from shared.x12.validation.code_lists import CodeLists

RecordType = TypeVar("RecordType", bound=Part)


class CheckFailure:
    """What a check found: a code of the catalogue, and where to look.

    `segment` is an id, with a qualifier where that is needed (`DTP*472`), `nth` which of them in the record (from 0);
    `gap` is by how many cents amounts are apart. `loop` is given where it is not the record's own.
    """

    __slots__ = ("code", "component", "element", "gap", "loop", "nth", "segment", "value")

    def __init__(
        self, code: str, segment: str, nth: int = 0, element: int = 0, component: int = 0, gap: int = 0, loop: str = ""
    ) -> None:
        self.code, self.segment, self.nth = code, segment, nth
        self.element, self.component, self.gap, self.loop = element, component, gap, loop


@dataclasses.dataclass
class CheckContext:
    """What checks need beside the record: the caller's code lists, dates of the header, the claim numbers so far.

    `created` is the date of the file (BHT04), `noticed` that of the payment (BPR16). `seen_claims` holds digests of
    CLM01 over the whole file: 64 bits each, so that a million claims take 16 MB.
    """

    codes: CodeLists | None
    seen_claims: set[int]
    created: datetime.date | None = None
    noticed: datetime.date | None = None


Check = Callable[[RecordType, CheckContext], Iterator[CheckFailure]]
