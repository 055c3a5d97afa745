"""Records into bytes: one interchange a message, from the clearinghouse to one partner.

The message's own number is its interchange, group and trace number, so the same message is always the same bytes.
"""

from dataclasses import dataclass
from datetime import datetime

from shared import x12
from shared.wire.envelope import (
    TRANSACTION_CONTROL_NUMBER,
    Route,
    Usage,
    envelope,
    interchange_control_number,
)


@dataclass(frozen=True, slots=True)
class MessageHeader:
    """From whom, to whom, when (local time of the payers' zone) and the number of the message."""

    sender: str
    receiver: str
    at: datetime
    number: int
    usage: Usage = Usage.TEST

    @property
    def time(self) -> str:
        """HHMM."""
        return self.at.strftime("%H%M")


def write_interchange(header: MessageHeader, transaction: x12.Transaction, *, grouped: bool = True) -> str:
    """One interchange with one transaction as text. X12's own characters are ASCII; names keep theirs."""
    route = Route(sender_id=header.sender, receiver_id=header.receiver, usage=header.usage)
    return x12.write(envelope(route, header.at, header.number, grouped=grouped), [transaction]).decode("utf-8")


def write_ta1(header: MessageHeader, answer: x12.InterchangeAcknowledgement) -> str:
    """A TA1, which stands before any group."""
    return write_interchange(header, x12.Transaction(type="TA1", control_number="", records=(answer,)), grouped=False)


def write_999(header: MessageHeader, answer: x12.Acknowledgement) -> str:
    """A 999."""
    return write_interchange(header, _transaction("999", None, (answer,)))


def write_277ca(header: MessageHeader, statuses: tuple[x12.ClaimStatus, ...]) -> str:
    """A 277CA."""
    reference = interchange_control_number(header.number)
    status = x12.StatusHeader(reference=reference, created=header.at.date(), created_time=header.time, kind="TH")
    return write_interchange(header, _transaction("277CA", status, statuses))


def write_277(header: MessageHeader, reference: str, statuses: tuple[x12.ClaimStatus, ...]) -> str:
    """A 277 that answers a 276."""
    status = x12.StatusHeader(
        reference=reference, created=header.at.date(), created_time=header.time, structure="0010", kind="DG"
    )
    return write_interchange(header, _transaction("277", status, statuses))


def write_835(header: MessageHeader, remittance: x12.Remittance, records: tuple[x12.Part, ...]) -> str:
    """An 835."""
    return write_interchange(header, _transaction("835", remittance, records))


def write_271(header: MessageHeader, reference: str, responses: tuple[x12.BenefitResponse, ...]) -> str:
    """A 271."""
    eligibility = x12.EligibilityHeader(
        reference=reference, created=header.at.date(), created_time=header.time, purpose="11"
    )
    return write_interchange(header, _transaction("271", eligibility, responses))


def _transaction(kind: str, header: x12.Part | None, records: tuple[x12.Part, ...]) -> x12.Transaction:
    return x12.Transaction(type=kind, control_number=TRANSACTION_CONTROL_NUMBER, header=header, records=records)
