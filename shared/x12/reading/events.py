"""What reading gives: findings and the events of a transaction.

`Opened`, then `Record`s, then `Closed`; a record is provisional until its transaction is closed, since
totals and counts are only known there. `Noted` carries findings that belong to no transaction (envelope, end
of file).
"""

import enum

import msgspec

from shared.x12.model.envelope import Group, Interchange
from shared.x12.model.records.parts import Part, Segment


class Severity(enum.StrEnum):
    """`error`: cannot be trusted as it stands. `warning`: a fact of the world is off. `note`: read with
    tolerance.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Finding(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One thing that is wrong, where it is, how to mend it, and how an acknowledgement says it.

    `offset` counts bytes from the start of the source; `segment_number` counts its segments from 1 (the ISA);
    `position` counts from ST = 1 within its transaction (0 outside). `element` and `component` count from 1;
    0 means the whole segment. `ack` says how an acknowledgement puts it: `IK304:3`, `IK403:7`, `IK502:4`,
    `AK905:5`, `TA105:001`, or `STC:A7:178` for what only a 277CA can say. `value` is filled only when the
    caller asked for values.
    """

    severity: Severity
    code: str
    message: str
    fix: str
    offset: int = 0
    segment_number: int = 0
    segment: str = ""
    element: int = 0
    component: int = 0
    repetition: int = 0
    loop: str = ""
    value: str | None = None
    ack: str = ""
    position: int = 0
    claim_number: str = ""


class UnparsedSegment(Part, frozen=True, kw_only=True):
    """A segment that nobody expected there, kept with its place: it stood after `position` - 1 in its
    transaction.
    """

    segment: Segment
    position: int
    loop: str = ""


class Opened(Part, frozen=True, kw_only=True):
    """A transaction begins. `type` is `837P`, `835`, ..., `TA1`, or ST01 as it stands when there is no
    guide for it.
    """

    type: str
    version: str
    control_number: str
    interchange: Interchange
    group: Group | None = None


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One typed record with its own findings (empty when nothing is wrong) and segments kept as text.

    `record` is None when the segments cannot make one (the findings say why). `ok` is False when it, or a level above
    it (its subscriber, its provider), has an error; a level's findings come with the first record beneath it.
    """

    record: Part | None
    findings: tuple[Finding, ...] = ()
    unknown: tuple[UnparsedSegment, ...] = ()
    offset: int = 0
    ok: bool = True


class Totals(Part, frozen=True, kw_only=True):
    """Sums over one transaction, in cents: what was charged, what was paid, what the header said."""

    records: int = 0
    segments: int = 0
    charge_cents: int = 0
    paid_cents: int = 0
    provider_adjustment_cents: int = 0
    payment_cents: int | None = None


class Closed(msgspec.Struct, frozen=True, kw_only=True):
    """A transaction has ended; `ok` says that neither it nor any of its records has an error."""

    findings: tuple[Finding, ...] = ()
    totals: Totals = Totals()
    ok: bool = True


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """Findings about the envelope or the file, with the interchange and group that they belong to (if any)."""

    findings: tuple[Finding, ...] = ()
    interchange: Interchange | None = None
    group: Group | None = None


Event = Opened | Record | Closed | Noted
