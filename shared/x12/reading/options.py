"""What the caller of a reading asks for, and the bounds on what it will read."""

import dataclasses

import msgspec

from shared.x12.splitting.pieces import SEGMENT_BYTES
from shared.x12.validation.code_lists import CodeLists


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds on what comes from outside; beyond them there is a finding and the rest is not read further.

    `segment_bytes` one segment; `elements` in a segment; `record_bytes` what is held of a record until it is whole
    (longer ones are read segment by segment); `record_segments` one record; `findings` of each severity in one file
    (the others are counted); `file_bytes` the whole source; `transactions` in one file; `delimiters` different sets of
    them in one file.
    """

    segment_bytes: int = SEGMENT_BYTES
    elements: int = 256
    record_bytes: int = 64 * 1024
    record_segments: int = 50_000
    findings: int = 10_000
    file_bytes: int = 4 * 1024**3
    transactions: int = 1_000_000
    delimiters: int = 32


@dataclasses.dataclass(frozen=True)
class ReadOptions:
    """`strict` makes facts of the world errors; `codes` are the caller's lists; `values` puts values into findings."""

    strict: bool = False
    codes: CodeLists | None = None
    values: bool = False
    limits: Limits = dataclasses.field(default_factory=Limits)
