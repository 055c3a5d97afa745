"""A small file read whole: its transactions with their records, and all findings."""

import msgspec

from shared.x12.model.registry import has_header
from shared.x12.reading.events import Closed, Opened, Record
from shared.x12.reading.options import Limits
from shared.x12.reading.reader import read
from shared.x12.splitting.pieces import ByteSource
from shared.x12.validation.code_lists import CodeLists
from shared.x12.validation.finding import Severity, ValidationFinding


class ReadTransaction(msgspec.Struct, frozen=True, kw_only=True):
    """One transaction read whole."""

    opened: Opened
    header: object
    records: tuple[object, ...]
    items: tuple[Record, ...]
    closed: Closed

    @property
    def ok(self) -> bool:
        """No errors in it."""
        return self.closed.ok


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A small file read whole; `findings` are all findings in order; `ok`: none of them is an error."""

    transactions: tuple[ReadTransaction, ...]
    findings: tuple[ValidationFinding, ...]
    ok: bool


def read_all(
    source: ByteSource,
    *,
    strict: bool = False,
    codes: CodeLists | None = None,
    values: bool = False,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> File:
    """Everything at once, for files that are known to be small."""
    transactions: list[ReadTransaction] = []
    findings: list[ValidationFinding] = []
    opened: Opened | None = None
    items: list[Record] = []
    for event in read(source, strict=strict, codes=codes, values=values, limits=limits):
        if isinstance(event, Opened):
            opened, items = event, []
            continue
        findings.extend(event.findings)
        if isinstance(event, Record):
            items.append(event)
        elif isinstance(event, Closed) and opened is not None:
            made = [item.record for item in items if item.record is not None]
            headed = has_header(opened.type) and bool(made)
            header = made[0] if headed else None
            transactions.append(
                ReadTransaction(
                    opened=opened,
                    header=header,
                    records=tuple(made[1:] if headed else made),
                    items=tuple(items),
                    closed=event,
                )
            )
    ok = all(finding.severity is not Severity.ERROR for finding in findings)
    return File(transactions=tuple(transactions), findings=tuple(findings), ok=ok)
