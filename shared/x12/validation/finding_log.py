"""Where findings are written down while a file is read: made from the catalogue, bounded in number.

Each severity has its own bound, so that no number of notes hides an error. What is beyond it is counted by its code.
"""

from shared.x12.splitting.segment_positions import SegmentPosition
from shared.x12.validation.catalogue import CATALOGUE
from shared.x12.validation.catalogue.finding_type import Count
from shared.x12.validation.element_checks import ElementFault
from shared.x12.validation.finding import Severity, ValidationFinding


class FindingLog:
    """Findings that wait for the event they belong to; `errors` counts the errors of the current transaction."""

    def __init__(self, *, strict: bool, values: bool, max_findings: int) -> None:
        self.strict, self.values, self.max_findings = strict, values, max_findings
        self.pending: list[ValidationFinding] = []
        self.errors = 0
        self.listed = dict.fromkeys(Severity, 0)
        self.left_out: dict[str, int] = {}

    def add(
        self,
        code: str,
        position: SegmentPosition,
        *,
        loop: str = "",
        element: int = 0,
        component: int = 0,
        repetition: int = 0,
        segment: str = "",
        value: bytes = b"",
        words: dict[str, str] | None = None,
    ) -> Severity:
        """Write down one finding; `words` fill its sentences. Gives its severity."""
        entry, severity = CATALOGUE[code], self.severity(code)
        if severity is Severity.ERROR:
            self.errors += 1
        # Errors are counted all the same: a file is not `ok` because its errors are too many to list.
        if self.listed[severity] >= self.max_findings:
            self.left_out[code] = self.left_out.get(code, 0) + 1
            return severity
        self.listed[severity] += 1
        identifier = segment or position.segment.partition(b"*")[0][:3].decode("latin-1")
        filled = {"segment": identifier, "loop": loop, "name": "segment", "label": "element", "ack_code": ""}
        # Words are names and counts, never what stood in an element: sentences are logged and shown, and a value may be
        # PHI.
        filled |= words or {}
        filled["count"] = Count(filled.get("count", ""))
        self.pending.append(
            ValidationFinding(
                severity=severity,
                code=code,
                message=entry.message.format(**filled),
                fix=entry.fix.format(**filled),
                offset=position.offset,
                segment_number=position.number,
                segment=identifier,
                element=element,
                component=component,
                repetition=repetition,
                loop=loop,
                value=value.decode("latin-1") if self.values and value else None,
                ack=entry.ack.format(code=filled["ack_code"]),
                position=position.in_transaction,
            )
        )
        return severity

    def severity(self, code: str) -> Severity:
        """What a kind of finding is in this reading."""
        entry = CATALOGUE[code]
        return Severity.ERROR if entry.error_if_strict and self.strict else entry.severity

    def count_left_out(self, position: SegmentPosition) -> None:
        """The file has ended: say of each kind of finding how many were not listed, errors first."""
        order = list(Severity)
        for code, count in sorted(self.left_out.items(), key=lambda item: order.index(self.severity(item[0]))):
            entry, severity = CATALOGUE["more_findings"], self.severity(code)
            words = {"count": Count(count), "name": code}
            self.pending.append(
                ValidationFinding(
                    severity=severity,
                    code="more_findings",
                    message=entry.message.format(**words),
                    fix=entry.fix,
                    offset=position.offset,
                    segment_number=position.number,
                )
            )
        self.left_out.clear()

    def add_fault(self, fault: ElementFault, position: SegmentPosition, loop: str, identifier: str) -> Severity:
        """Write down a fault of an element."""
        return self.add(
            fault.code,
            position,
            loop=loop,
            element=fault.element,
            component=fault.component,
            repetition=fault.repetition,
            segment=identifier,
            value=fault.value,
            words={"label": fault.label or "element", "count": fault.count, "name": fault.name or "segment"},
        )

    def drain(self) -> tuple[ValidationFinding, ...]:
        """The findings written down since the last time."""
        if not self.pending:
            return ()
        found = tuple(self.pending)
        self.pending.clear()
        return found
