"""Records into bytes: one interchange a message, from the clearinghouse to one partner.

The message's own number is its interchange, group and trace number, so the same message is always the same bytes.
"""

from dataclasses import dataclass
from datetime import datetime

from shared import x12


@dataclass(frozen=True, slots=True)
class Postmark:
    """From whom, to whom, when (local time of the payers' zone) and the number of the message."""

    sender: str
    receiver: str
    at: datetime
    number: int
    usage: str = "T"

    @property
    def time(self) -> str:
        """HHMM."""
        return self.at.strftime("%H%M")


def interchange_of(mark: Postmark, transactions: tuple[x12.Transaction, ...], *, grouped: bool = True) -> str:
    """One interchange as text. X12's own characters are ASCII; names keep theirs."""
    group = x12.Group(
        sender=mark.sender, receiver=mark.receiver, date=mark.at.date(), time=mark.time, control_number=str(mark.number)
    )
    envelope = x12.Envelope(
        interchange=x12.Interchange(
            sender=mark.sender,
            receiver=mark.receiver,
            date=mark.at.date(),
            time=mark.time,
            control_number=f"{mark.number:09d}",
            usage=mark.usage,
        ),
        group=group if grouped else None,
    )
    return x12.write(envelope, transactions).decode("utf-8")


def interchange_answer(mark: Postmark, answer: x12.InterchangeAcknowledgement) -> str:
    """A TA1, which stands before any group."""
    return interchange_of(mark, (x12.Transaction(type="TA1", control_number="", records=(answer,)),), grouped=False)


def syntax_answer(mark: Postmark, answer: x12.Acknowledgement) -> str:
    """A 999."""
    return interchange_of(mark, (x12.Transaction(type="999", control_number="0001", records=(answer,)),))


def acceptance_answer(mark: Postmark, statuses: tuple[x12.ClaimStatus, ...]) -> str:
    """A 277CA."""
    header = x12.StatusHeader(reference=f"{mark.number:09d}", created=mark.at.date(), created_time=mark.time, kind="TH")
    return interchange_of(
        mark, (x12.Transaction(type="277CA", control_number="0001", header=header, records=statuses),)
    )


def payment_answer(mark: Postmark, header: x12.Remittance, records: tuple[x12.Part, ...]) -> str:
    """An 835."""
    return interchange_of(mark, (x12.Transaction(type="835", control_number="0001", header=header, records=records),))


def benefit_answer(mark: Postmark, reference: str, responses: tuple[x12.BenefitResponse, ...]) -> str:
    """A 271."""
    header = x12.EligibilityHeader(reference=reference, created=mark.at.date(), created_time=mark.time, purpose="11")
    return interchange_of(mark, (x12.Transaction(type="271", control_number="0001", header=header, records=responses),))
