"""What reading gives: findings and the events of a transaction.

`Opened`, then `Record`s, then `Closed`; a record is provisional until its transaction is closed, since
totals and counts are only known there. `Noted` carries findings that belong to no transaction (envelope, end
of file).
"""

import msgspec

from shared.x12.model.envelope import Group, Interchange
from shared.x12.model.records.parts import Part, UnparsedSegment
from shared.x12.validation.finding import ValidationFinding
from shared.x12.validation.totals import Totals


class Opened(Part, frozen=True, kw_only=True):
    """A transaction begins. `type` is `837P`, `835`, ..., `TA1`, or ST01 as written when there is no
    guide for it.
    """

    type: str
    version: str
    control_number: str
    interchange: Interchange
    group: Group | None = None


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One typed record with its own findings (empty when nothing is wrong) and segments kept as text.

    `record` is None when the segments cannot make one (the findings tell why). `ok` is False when it, or a level above
    it (its subscriber, its provider), has an error; a level's findings come with the first record beneath it.
    """

    record: Part | None
    findings: tuple[ValidationFinding, ...] = ()
    unknown: tuple[UnparsedSegment, ...] = ()
    offset: int = 0
    ok: bool = True


class Closed(msgspec.Struct, frozen=True, kw_only=True):
    """A transaction has ended; `ok`: neither it nor any of its records has an error."""

    findings: tuple[ValidationFinding, ...] = ()
    totals: Totals = Totals()
    ok: bool = True


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """Findings about the envelope or the file, with the interchange and group that they belong to (if any)."""

    findings: tuple[ValidationFinding, ...] = ()
    interchange: Interchange | None = None
    group: Group | None = None


Event = Opened | Record | Closed | Noted
