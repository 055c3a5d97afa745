"""One old file, of any size and in any state, to the records that it holds and what is wrong with it.

Nothing that a file holds raises: what cannot be read is named with its byte, and the rest is read. The last claim or
payment of a transaction that ends in the middle may be half of itself, and is left out.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from services.claims.domain.acknowledgement import envelope_refusal, syntax_refusal, verdict
from services.claims.domain.histories.past_records import (
    FileProblem,
    FileRefusal,
    PaidClaim,
    PastFile,
    PastRemittance,
    Place,
    StatusAnswer,
)
from services.claims.domain.histories.sent_claims import sent_claim
from services.claims.domain.next_action_progress import PayerStatus
from services.claims.domain.remittances.numbered_payments import (
    lacks_its_end,
    numbered_payments,
    provider_adjustments,
    remittance_digest,
)
from services.claims.domain.remittances.proofs import payment_proof
from services.claims.domain.wire_code import wire_code
from shared import x12
from shared.plural import counted

MAX_FILE_BYTES = 100 * 1024**2
KINDS = frozenset({"837P", "835", "277CA", "277", "999", "TA1"})
MAX_ERRORS_NAMED = 3
FOUND_LATER = frozenset({"se_missing", "line_balance", "claim_balance", "remittance_balance"})
"""Errors that are said otherwise: by `cut_off`, or as findings with their cents."""


@dataclass(slots=True)
class _Transaction:
    """What is known of the transaction that is being read."""

    opened: x12.Opened
    header: x12.Part | None = None
    header_offset: int = 0
    records: list[tuple[int, x12.Part]] = field(default_factory=list)
    errors: list[x12.ValidationFinding] = field(default_factory=list)
    last: tuple[x12.ValidationFinding, ...] = ()


def read_past_file(name: str, pieces: Iterable[bytes], *, max_bytes: int = MAX_FILE_BYTES) -> PastFile:
    """What the file holds. Exceptions of the pieces themselves (I/O) pass through."""
    digest, file = hashlib.sha256(), PastFile(name)
    kinds: Counter[str] = Counter()
    current: _Transaction | None = None
    for event in x12.read(_counted(pieces, digest.update, file), limits=x12.Limits(file_bytes=max_bytes)):
        if isinstance(event, x12.Opened):
            current = _Transaction(event)
            kinds[event.type] += 1
        elif current is not None and isinstance(event, x12.Record):
            _take(current, event)
        elif current is not None and isinstance(event, x12.Closed):
            current.errors += _errors(event.findings)
            _end(file, current, cut_off=lacks_its_end((*current.last, *event.findings)))
            current = None
        elif isinstance(event, x12.Noted):
            _note(file, event.findings)
    if current is not None:
        _end(file, current, cut_off=True)
    file.digest, file.kinds = digest.hexdigest(), dict(sorted(kinds.items()))
    if not file.size_bytes:
        file.problems[:] = [FileProblem("file_empty", "It is empty.")]
    elif not kinds and not file.problems:
        file.problems.append(FileProblem("no_transaction", "It has an envelope and nothing in it."))
    return file


def _counted(pieces: Iterable[bytes], update: Callable[[bytes], object], file: PastFile) -> Iterator[bytes]:
    for piece in pieces:
        file.size_bytes += len(piece)
        update(piece)
        yield piece


def _take(current: _Transaction, event: x12.Record) -> None:
    """A record that is typed is kept, also with errors: what is wrong with it is told with the file."""
    current.last = event.findings
    current.errors += _errors(event.findings)
    if event.record is None:
        return
    if isinstance(event.record, x12.Submission | x12.Remittance | x12.StatusHeader):
        current.header, current.header_offset = event.record, event.offset
    else:
        current.records.append((event.offset, event.record))


def _errors(findings: Iterable[x12.ValidationFinding]) -> list[x12.ValidationFinding]:
    return [one for one in findings if one.severity is x12.Severity.ERROR]


def _note(file: PastFile, findings: Iterable[x12.ValidationFinding]) -> None:
    for one in _errors(findings):
        code = one.code if one.code == "not_x12" else "envelope"
        file.problems.append(FileProblem(code, one.message, one.offset))


def _end(file: PastFile, current: _Transaction, *, cut_off: bool) -> None:
    """A transaction has ended: its records become what is kept of them."""
    kind = current.opened.type
    if kind not in KINDS:
        message = f"A {kind} says nothing of claims that were sent or paid; it was not used."
        file.problems.append(FileProblem("kind_not_used", message))
        return
    if cut_off:
        lost = current.records.pop() if current.records else None
        offset = lost[0] if lost is not None else current.last[0].offset if current.last else 0
        message = f"The {kind} ends in the middle; its last record may be half of itself and was left out."
        file.problems.append(FileProblem("cut_off", message, offset))
    named = [one for one in current.errors if one.code not in FOUND_LATER]
    file.problems += [FileProblem("x12_error", one.message, one.offset) for one in named[:MAX_ERRORS_NAMED]]
    if len(named) > MAX_ERRORS_NAMED:
        rest = counted(len(named) - MAX_ERRORS_NAMED, "error")
        file.problems.append(FileProblem("x12_error", f"And {rest} more; `handbill x12 check` names each."))
    if kind == "837P":
        _add_claims(file, current)
    elif kind == "835":
        _add_remittance(file, current, whole=not cut_off)
    else:
        for offset, record in current.records:
            _add_answer(file, current, Place(file.name, offset), record)


def _add_claims(file: PastFile, current: _Transaction) -> None:
    opened, header = current.opened, current.header
    sent_on = header.created if isinstance(header, x12.Submission) else _written_on(opened)
    group = opened.group.control_number if opened.group else ""
    for offset, record in current.records:
        if not isinstance(record, x12.Claim837P):
            continue
        number = opened.interchange.control_number
        place = Place(file.name, offset)
        found = sent_claim(record, place, sent_on, interchange=number, group=group)
        if found is None:
            message = f"Claim {wire_code(record.claim_number)} has no date of service; it was left out."
            file.problems.append(FileProblem("claim_without_date", message, offset))
        else:
            file.claims.append(found)


def _add_remittance(file: PastFile, current: _Transaction, *, whole: bool) -> None:
    header = current.header
    if not isinstance(header, x12.Remittance):
        message = "The 835 has no readable header (BPR, TRN, N1); its payments were left out."
        file.problems.append(FileProblem("remittance_without_header", message))
        return
    records = [record for _, record in current.records]
    payments, adjustments = numbered_payments(header, records), provider_adjustments(records)
    offsets = [offset for offset, record in current.records if isinstance(record, x12.ClaimPayment)]
    remittance = PastRemittance(
        place=Place(file.name, current.header_offset),
        header=header,
        proof=payment_proof(header, payments, adjustments),
        adjustments=tuple(adjustments),
        digest=remittance_digest(header, payments, adjustments),
        whole=whole,
    )
    file.remittances.append(remittance)
    file.payments += [
        PaidClaim(Place(file.name, offset), remittance, one) for offset, one in zip(offsets, payments, strict=True)
    ]


def _add_answer(file: PastFile, current: _Transaction, place: Place, record: x12.Part) -> None:
    if isinstance(record, x12.ClaimStatus) and record.statuses:
        on = record.statuses[0].effective or _written_on(current.opened)
        verdicts = tuple(verdict(record.source.party.entity, one) for one in record.statuses)
        told = [one for one, found in zip(record.statuses, verdicts, strict=True) if found.where]
        status = PayerStatus(on, wire_code(told[-1].category), wire_code(told[-1].codes[0].code)) if told else None
        number = record.payer_claim_number
        file.answers.append(StatusAnswer(place, record.claim_number, number, on, verdicts, status))
    elif isinstance(record, x12.InterchangeAcknowledgement):
        if reason := envelope_refusal(record):
            file.refusals.append(FileRefusal(place, reason, interchange=record.control_number))
    elif isinstance(record, x12.Acknowledgement) and (reason := syntax_refusal(record)):
        file.refusals.append(FileRefusal(place, reason, group=record.group_control_number))


def _written_on(opened: x12.Opened) -> date:
    """The day of its envelope."""
    return opened.interchange.date or date.min
