"""Why a message could not be applied completely: findings that name segment and amount, never a person's data."""

from dataclasses import dataclass, field

from services.claims.domain.wire_code import UNKNOWN_CODE, wire_code
from shared import x12
from shared.contracts.common import Finding

BLOCK = "block"


@dataclass(slots=True)
class MessageOutcome:
    """The result of applying a message. `open` means that part of it still waits for a person."""

    claims: int = 0
    open: bool = False
    reasons: list[Finding] = field(default_factory=list)

    def most_important(self, count: int) -> list[Finding]:
        """At most so many reasons, in the message's order; what is only to be known is left out first."""
        places = sorted(range(len(self.reasons)), key=lambda place: self.reasons[place].severity != BLOCK)
        return [self.reasons[place] for place in sorted(places[:count])]

    def add(self, other: "MessageOutcome") -> None:
        """What came of a part of the message."""
        self.claims += other.claims
        self.open |= other.open
        self.reasons += other.reasons

    def leave_unresolved(self, *, code: str, message: str, pointer: str, fix: str) -> None:
        """Part of the message matches nothing: the message is quarantined with this reason."""
        self.open = True
        self.note(code=code, message=message, pointer=pointer, fix=fix, severity=BLOCK)

    def note(self, *, code: str, message: str, pointer: str, fix: str, severity: str = "info") -> None:
        """Information for a person; the message counts as applied."""
        self.reasons.append(finding(code=code, severity=severity, message=message, pointer=pointer, fix=fix))


def finding(*, code: str, severity: str, message: str, pointer: str, fix: str) -> Finding:
    """A finding of Handbill's own."""
    return Finding(code=code, severity=severity, message=message, pointer=pointer, fix=fix, source="handbill")


def reason(found: x12.ValidationFinding) -> Finding:
    """A finding of the codec as a message's reason: its place in the file, no value."""
    # A segment that nobody knows has whatever id the other side has written, which could be a name.
    segment = found.segment if wire_code(found.segment.partition("*")[0]) != UNKNOWN_CODE else UNKNOWN_CODE
    place = f"/segments/{found.segment_number}/{segment}"
    return Finding(
        code=found.code,
        severity=BLOCK,
        message=found.message,
        pointer=f"{place}/{found.element}" if found.element else place,
        fix=found.fix,
        source="X12",
    )
