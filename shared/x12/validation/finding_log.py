"""Where findings are written down while a file is read: made from the catalogue, bounded in number."""

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
        self.count = 0

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
        entry = CATALOGUE[code]
        severity = Severity.ERROR if entry.error_if_strict and self.strict else entry.severity
        if severity is Severity.ERROR:
            self.errors += 1
        self.count += 1
        # The finding after the last one says that there are more. Errors are counted all the same: a file is not `ok`
        # because its errors are too many to list.
        if self.count > self.max_findings:
            if self.count > self.max_findings + 1:
                return severity
            entry, severity, code = CATALOGUE["more_findings"], Severity.ERROR, "more_findings"
        identifier = segment or position.segment.partition(b"*")[0][:3].decode("latin-1")
        filled = {
            "segment": identifier,
            "loop": loop,
            "name": "segment",
            "label": "element",
            "ack_code": "",
        }
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
