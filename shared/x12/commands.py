"""The commands of `handbill x12` as plain functions: check, read, roundtrip, explain, diff, ack.

They take sources (a name with bytes or an iterable of pieces, for instance a file opened by the caller) and a
`write_line` function for lines of output, and return the exit code. They open no file and touch no terminal.
"""

from collections.abc import Callable, Iterable

import msgspec

from shared.plural import counted
from shared.x12.acknowledgement.file_acknowledgement import acknowledge, fit_length
from shared.x12.check_report import FINDING_FIELDS, Report, check, report_json
from shared.x12.explain.code_labels import CodeLabels
from shared.x12.explain.explainer import NO_LABELS, explain
from shared.x12.model.envelope import Envelope, Group, Interchange, Transaction
from shared.x12.reading.envelope_headers import QUALIFIERS
from shared.x12.reading.events import Noted, Opened, Record
from shared.x12.reading.reader import read
from shared.x12.record_round_trip import round_trip
from shared.x12.semantic_diff import differences
from shared.x12.splitting.pieces import ByteSource, pieces
from shared.x12.validation.code_lists import CodeLists
from shared.x12.validation.finding import Severity, ValidationFinding
from shared.x12.writing.writer import write

WriteLine = Callable[[str], None]
NamedSource = tuple[str, ByteSource]

OK, ERRORS, UNREADABLE = 0, 1, 2


def run_check(
    sources: Iterable[NamedSource],
    write_line: WriteLine,
    *,
    strict: bool = False,
    as_json: bool = False,
    codes: CodeLists | None = None,
) -> int:
    """Findings of each source: one JSON document a line, or lines for people."""
    code = OK
    for name, source in sources:
        report = check(source, file=name, strict=strict, codes=codes, values=True)
        if as_json:
            write_line(report_json(report).decode())
        else:
            write_report(report, write_line)
        code = max(code, OK if report.ok else ERRORS if report.readable else UNREADABLE)
    return code


def write_report(report: Report, write_line: WriteLine) -> None:
    """A report for people: what the file holds, then one finding in two lines."""
    kinds = ", ".join(
        f"{one.type} {one.control_number} ({counted(one.claims, 'record')})" for one in report.transactions
    )
    counts = {level: sum(one.severity is level for one in report.findings) for level in Severity}
    summary = ", ".join(counted(count, level.value) for level, count in counts.items() if count) or "nothing to find"
    write_line(f"{report.file}: {kinds or 'no transaction'}: {summary}")
    for finding in report.findings:
        write_line(f"  {finding.severity.value:7} {where(finding)}: {finding.message}")
        write_line(f"          {finding.fix}")


def where(finding: ValidationFinding) -> str:
    """Segment, element and place of a finding."""
    element = f"{finding.element:02d}" if finding.element else ""
    component = f"-{finding.component}" if finding.component else ""
    loop = f" in {finding.loop}" if finding.loop else ""
    return f"{finding.segment}{element}{component}{loop} (segment {finding.segment_number}, byte {finding.offset})"


def run_read(source: ByteSource, write_line: WriteLine, *, strict: bool = False, codes: CodeLists | None = None) -> int:
    """Typed JSON, one line a record, with findings and unknown segments where there are any."""
    code, seen = OK, False
    current = ""
    for event in read(source, strict=strict, codes=codes, values=True):
        if isinstance(event, Opened):
            seen, current = True, event.type
            continue
        if isinstance(event, Record):
            document = record_document(event, current)
        else:
            document = {"findings": finding_documents(event.findings)}
        if any(one.severity is Severity.ERROR for one in event.findings):
            code = ERRORS
        if isinstance(event, Noted) and any(one.code == "not_x12" for one in event.findings):
            code = UNREADABLE
        if isinstance(event, Record) or event.findings:
            write_line(msgspec.json.encode(document).decode())
    return code if seen else UNREADABLE


def record_document(event: Record, transaction: str) -> dict[str, object]:
    """One record as a JSON document."""
    document: dict[str, object] = {
        "transaction": transaction,
        "record": type(event.record).__name__,
        "value": event.record,
    }
    if event.record is None:
        document = {"transaction": transaction, "record": None}
    if event.findings:
        document["findings"] = finding_documents(event.findings)
    if event.unknown:
        document["unknown"] = event.unknown
    return document


def finding_documents(findings: Iterable[ValidationFinding]) -> list[dict[str, object]]:
    """Findings with the fields that are promised."""
    return [{name: getattr(finding, name) for name in FINDING_FIELDS} for finding in findings]


def run_roundtrip(sources: Iterable[NamedSource], write_line: WriteLine) -> int:
    """Read and write, by the bytes and by the records; 0 when all is the same, else the first difference."""
    code = OK
    for name, source in sources:
        data = b"".join(pieces(source))
        found = round_trip(data)
        if found.difference:
            write_line(f"{name}: {found.difference}")
            code = max(code, UNREADABLE if found.difference.startswith("not X12") else ERRORS)
            continue
        errors = f", {found.left_out} not written because of errors in it" if found.left_out else ""
        records = f"{counted(found.written, 'transaction')} written from records{errors}"
        write_line(f"{name}: the same, {counted(len(data), 'byte')}, {records}")
    return code


def run_explain(source: ByteSource, write_line: WriteLine, *, labels: CodeLabels = NO_LABELS) -> int:
    """Every segment in English, loops indented; `labels` says what the codes of outside code sets mean."""
    code = UNREADABLE
    for line in explain(source, labels):
        write_line(line)
        code = OK
    return code


def run_diff(one: ByteSource, other: ByteSource, write_line: WriteLine) -> int:
    """What differs in meaning, claim by claim; 0 when nothing does."""
    code = OK
    for line in differences(one, other):
        write_line(line)
        code = ERRORS
    return code


def run_ack(source: ByteSource, put: Callable[[bytes], None], envelope: Envelope, *, strict: bool = False) -> int:
    """The TA1 and 999 that answer a source, as one interchange; 0 when all is accepted, 1 when not, 2 unreadable.

    `envelope` gives the date, time and control numbers; sender and receiver are taken from the file, turned round.
    """
    interchange: Interchange | None = None
    group: Group | None = None
    # Kept whole, since it is read twice: for its envelope, and for the answer.
    data = b"".join(pieces(source))
    for event in read(data):
        if isinstance(event, Opened | Noted):
            interchange = interchange or event.interchange
            group = group or event.group
    if interchange is None:
        return UNREADABLE
    answer = acknowledge(data, strict=strict)
    turned = msgspec.structs.replace(
        envelope.interchange,
        sender_qualifier=qualifier(interchange.receiver_qualifier),
        sender=fit_length(interchange.receiver or envelope.interchange.sender, 1, 15),
        receiver_qualifier=qualifier(interchange.sender_qualifier),
        receiver=fit_length(interchange.sender or envelope.interchange.receiver, 1, 15),
        usage=interchange.usage if interchange.usage in ("P", "T") else envelope.interchange.usage,
    )
    own = envelope.group
    if own is not None and group is not None and group.sender and group.receiver:
        sender, receiver = fit_length(group.receiver, 2, 15), fit_length(group.sender, 2, 15)
        own = msgspec.structs.replace(own, sender=sender, receiver=receiver)
    replied = msgspec.structs.replace(envelope, interchange=turned, group=own)
    ta1 = Transaction(type="TA1", control_number="", records=answer.interchanges)
    put(write(replied, [ta1, *answer.transactions()]))
    return OK if answer.ok else ERRORS


def qualifier(text: str) -> str:
    """A qualifier of the interchange that is answered, where the standard has it."""
    return text if text in QUALIFIERS else "ZZ"
