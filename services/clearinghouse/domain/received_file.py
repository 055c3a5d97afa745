"""A file as it came: which interchange it is, what its answer on syntax is, and the claims that may go on.

An 837P transaction goes on when its 999 does not reject it; any other transaction is rejected, since only claims come
in files. Nothing here knows the clock or the partner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from services.clearinghouse.domain.sanitize import sanitize_record
from shared import x12

NOT_SUPPORTED = "1"
REJECTED_RESULT = "R"
STATUS_PREFIX = "STC:"
CLAIMS_TYPE = "837P"
Header = TypeVar("Header", bound=x12.Part)
Inquiry = TypeVar("Inquiry", bound=x12.Part)


@dataclass(frozen=True, slots=True)
class ReceivedClaim:
    """One claim; `fault` is what only a 277CA can say of an error in it (`A7:178`), or empty."""

    record: x12.Claim837P
    fault: str


@dataclass(frozen=True, slots=True)
class ReceivedTransaction:
    """One accepted 837P: its header and its claims."""

    header: x12.Submission
    claims: tuple[ReceivedClaim, ...]


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """One interchange. `envelope_ok` is what its TA1 says; `syntax` are its 999s."""

    interchange: x12.Interchange
    envelope: x12.InterchangeAcknowledgement
    syntax: tuple[x12.Acknowledgement, ...]
    transactions: tuple[ReceivedTransaction, ...]

    @property
    def envelope_ok(self) -> bool:
        """The TA1 does not reject the interchange."""
        return self.envelope.code != REJECTED_RESULT

    @property
    def claim_count(self) -> int:
        """Claims of all accepted transactions."""
        return sum(len(transaction.claims) for transaction in self.transactions)


def refused(file: ReceivedFile, note: str) -> ReceivedFile:
    """The file with its interchange rejected: only the TA1 is left."""
    envelope = msgspec.structs.replace(file.envelope, code=REJECTED_RESULT, note=note)
    return ReceivedFile(file.interchange, envelope, (), ())


def _place(opened: x12.Opened) -> tuple[str, str]:
    """Group and transaction control number: by these a 999 speaks of a transaction."""
    return opened.group.control_number if opened.group else "", opened.control_number


def _only(wanted: str, answer: x12.Acknowledgement, types: dict[tuple[str, str], str]) -> x12.Acknowledgement:
    """The 999 with every transaction of another type rejected: it is not supported on this route."""
    results = tuple(
        result
        if types.get((answer.group_control_number, result.control_number), wanted) == wanted
        else msgspec.structs.replace(result, result=REJECTED_RESULT, reasons=(NOT_SUPPORTED,), errors=())
        for result in answer.transactions
    )
    accepted = sum(result.result != REJECTED_RESULT for result in results)
    if accepted == answer.accepted:
        return answer
    return msgspec.structs.replace(
        answer, transactions=results, accepted=accepted, result="P" if accepted else REJECTED_RESULT
    )


def read_file(content: bytes) -> ReceivedFile | None:
    """Read one interchange; None when there is none, or more than one."""
    answer = x12.acknowledge(content)
    file = x12.read_all(content)
    if len(answer.interchanges) != 1 or not file.transactions:
        return None
    types = {_place(transaction.opened): transaction.opened.type for transaction in file.transactions}
    syntax = tuple(_only(CLAIMS_TYPE, acknowledgement, types) for acknowledgement in answer.groups)
    accepted = {
        (acknowledgement.group_control_number, result.control_number)
        for acknowledgement in syntax
        for result in acknowledgement.transactions
        if result.result != REJECTED_RESULT
    }
    transactions = tuple(
        ReceivedTransaction(sanitize_record(transaction.header), _claims(transaction))
        for transaction in file.transactions
        if isinstance(transaction.header, x12.Submission) and _place(transaction.opened) in accepted
    )
    return ReceivedFile(
        interchange=file.transactions[0].opened.interchange,
        envelope=sanitize_record(answer.interchanges[0]),
        syntax=tuple(sanitize_record(acknowledgement) for acknowledgement in syntax),
        transactions=transactions,
    )


def _claims(transaction: x12.ReadTransaction) -> tuple[ReceivedClaim, ...]:
    return tuple(
        ReceivedClaim(sanitize_record(item.record), _fault(item.findings))
        for item in transaction.items
        if isinstance(item.record, x12.Claim837P)
    )


def _fault(findings: tuple[x12.ValidationFinding, ...]) -> str:
    """The first error that a 999 has no word for."""
    errors = (finding.ack for finding in findings if finding.severity is x12.Severity.ERROR)
    return next((ack.removeprefix(STATUS_PREFIX) for ack in errors if ack.startswith(STATUS_PREFIX)), "")


@dataclass(frozen=True, slots=True)
class Questions(Generic[Header, Inquiry]):
    """A transaction that asks: its kind, and the records of its header and of one question."""

    kind: str
    header: type[Header]
    inquiry: type[Inquiry]


ELIGIBILITY = Questions("270", x12.EligibilityHeader, x12.EligibilityInquiry)
STATUS = Questions("276", x12.StatusHeader, x12.StatusInquiry)


@dataclass(frozen=True, slots=True)
class ReceivedInquiries(Generic[Header, Inquiry]):
    """One interchange with one transaction that asks; `header` is None when its 999 rejects it."""

    interchange: x12.Interchange
    syntax: x12.Acknowledgement
    header: Header | None
    inquiries: tuple[Inquiry, ...]


def read_inquiries(content: bytes, asked: Questions[Header, Inquiry]) -> ReceivedInquiries[Header, Inquiry] | None:
    """Read one interchange with one transaction; None when it is something else."""
    answer = x12.acknowledge(content)
    file = x12.read_all(content)
    if len(answer.interchanges) != 1 or len(answer.groups) != 1 or len(file.transactions) != 1:
        return None
    transaction = file.transactions[0]
    types = {_place(transaction.opened): transaction.opened.type}
    syntax = sanitize_record(_only(asked.kind, answer.groups[0], types))
    header = sanitize_record(transaction.header) if isinstance(transaction.header, asked.header) else None
    accepted = syntax.result != REJECTED_RESULT
    inquiries = tuple(sanitize_record(record) for record in transaction.records if isinstance(record, asked.inquiry))
    return ReceivedInquiries(transaction.opened.interchange, syntax, header if accepted else None, inquiries)
