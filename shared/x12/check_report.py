"""Checking: a whole source to one report, the shape that `handbill x12 check` prints.

A report holds the transactions and all findings in the order of the file. It keeps no records, so checking a large file
takes no more memory than its findings.
"""

import msgspec

from shared.x12.model.registry import has_header
from shared.x12.reading.events import Closed, Opened, Record
from shared.x12.reading.options import Limits
from shared.x12.reading.reader import read
from shared.x12.splitting.pieces import ByteSource
from shared.x12.validation.code_lists import CodeLists
from shared.x12.validation.finding import Severity, ValidationFinding

UNREADABLE = {"not_x12"}


class CheckedTransaction(msgspec.Struct, frozen=True, kw_only=True):
    """One transaction of a report; `claims` counts its records (the header not counted)."""

    type: str
    version: str
    control_number: str
    claims: int
    ok: bool


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a check found; `readable` is False when the source is no X12 at all."""

    file: str
    ok: bool
    transactions: tuple[CheckedTransaction, ...]
    findings: tuple[ValidationFinding, ...]
    readable: bool = True


def check(
    source: ByteSource,
    *,
    file: str = "",
    strict: bool = False,
    codes: CodeLists | None = None,
    values: bool = False,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Report:
    """Read everything and report. With `values`, findings quote the offending value (it may be PHI)."""
    transactions: list[CheckedTransaction] = []
    findings: list[ValidationFinding] = []
    opened: Opened | None = None
    count = 0
    for event in read(source, strict=strict, codes=codes, values=values, limits=limits):
        if isinstance(event, Opened):
            opened, count = event, 0
            continue
        findings.extend(event.findings)
        if isinstance(event, Record):
            count += 1
        elif isinstance(event, Closed) and opened is not None:
            headed = has_header(opened.type)
            transactions.append(
                CheckedTransaction(
                    type=opened.type,
                    version=opened.version,
                    control_number=opened.control_number,
                    claims=max(0, event.totals.records - headed),
                    ok=event.ok,
                )
            )
    findings.sort(key=lambda finding: (finding.offset, finding.element, finding.component))
    ok = all(finding.severity is not Severity.ERROR for finding in findings)
    readable = not any(finding.code in UNREADABLE for finding in findings)
    return Report(file=file, ok=ok, transactions=tuple(transactions), findings=tuple(findings), readable=readable)


FINDING_FIELDS = (
    *("severity", "code", "message", "fix", "offset", "segment_number", "segment", "element", "component", "loop"),
    *("value", "ack"),
)


def report_json(report: Report) -> bytes:
    """The report as one JSON document, with the fields that the command promises."""
    document = {
        "file": report.file,
        "ok": report.ok,
        "transactions": [
            {name: getattr(one, name) for name in ("type", "version", "control_number", "claims")}
            for one in report.transactions
        ],
        "findings": [{name: getattr(one, name) for name in FINDING_FIELDS} for one in report.findings],
    }
    return msgspec.json.encode(document)
