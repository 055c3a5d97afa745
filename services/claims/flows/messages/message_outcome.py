"""Why a message could not be applied completely: findings that name segment and amount, never a person's data."""

from dataclasses import dataclass, field

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

    def leave_unresolved(self, *, code: str, message: str, pointer: str, fix: str) -> None:
        """Part of the message matches nothing: the message is quarantined with this reason."""
        self.open = True
        self.note(code=code, message=message, pointer=pointer, fix=fix, severity=BLOCK)

    def note(self, *, code: str, message: str, pointer: str, fix: str, severity: str = "info") -> None:
        """Information for a person; the message counts as applied."""
        self.reasons.append(
            Finding(code=code, severity=severity, message=message, pointer=pointer, fix=fix, source="handbill")
        )


def reason(finding: x12.ValidationFinding) -> Finding:
    """A finding of the codec as a message's reason: its place in the file, no value."""
    place = f"/segments/{finding.segment_number}/{finding.segment}"
    return Finding(
        code=finding.code,
        severity=BLOCK,
        message=finding.message,
        pointer=f"{place}/{finding.element}" if finding.element else place,
        fix=finding.fix,
        source="X12",
    )
