"""A finding: the one shape in which everything that is wrong with a file is reported."""

import enum
from collections.abc import Iterable, Iterator

import msgspec


class Severity(enum.StrEnum):
    """`error`: cannot be trusted as it is. `warning`: a fact of the world is off. `note`: read with
    tolerance.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class ValidationFinding(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One thing that is wrong, where it is, how to fix it, and how an acknowledgement reports it.

    `offset` counts bytes from the start of the source; `segment_number` counts its segments from 1 (the ISA);
    `position` counts from ST = 1 within its transaction (0 outside). `element` and `component` count from 1;
    0 means the whole segment. `ack` is how an acknowledgement reports it: `IK304:3`, `IK403:7`, `IK502:4`,
    `AK905:5`, `TA105:001`, or `STC:A7:178` for what only a 277CA can report. `value` is filled only when the
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


def errors_of(findings: Iterable[ValidationFinding]) -> Iterator[ValidationFinding]:
    """Those that are errors."""
    return (finding for finding in findings if finding.severity is Severity.ERROR)
