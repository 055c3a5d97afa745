"""The envelope around every transaction that we send: ISA and GS, the same for claims, eligibility and the simulator.

Rules: one interchange holds one group; both carry the same number and the same moment; the ids and the usage are those
that the two sides have agreed on (`Route`). GS01 and GS08 follow from the transaction set (`shared.x12`).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared import x12

TRANSACTION_CONTROL_NUMBER = "0001"
"""ST02 of the only transaction of a file."""


class Usage(StrEnum):
    """Whether what is sent counts: `production` claims are paid, `test` ones are thrown away by the other side."""

    TEST = "test"
    PRODUCTION = "production"

    @property
    def indicator(self) -> str:
        """ISA15."""
        return "P" if self is Usage.PRODUCTION else "T"

    @classmethod
    def of_indicator(cls, indicator: str) -> "Usage":
        """What an ISA15 says; anything but P is a test."""
        return cls.PRODUCTION if indicator == "P" else cls.TEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """From whom to whom: ISA06 and ISA08, GS02 and GS03 (the interchange's ids where they are empty), and ISA15."""

    sender_id: str
    receiver_id: str
    application_sender_id: str = ""
    application_receiver_id: str = ""
    usage: Usage


def interchange_control_number(number: int) -> str:
    """ISA13: nine digits."""
    return f"{number:09d}"


def interchange_of_group(group_control_number: str) -> str:
    """ISA13 of the interchange whose one group has this GS06: both carry the same number."""
    return group_control_number.zfill(9)


def envelope(route: Route, at: datetime, number: int, *, grouped: bool = True) -> x12.Envelope:
    """ISA and GS of one file, dated `at` in that moment's own time zone; a TA1 is not `grouped`, it has no GS."""
    day, time = at.date(), at.strftime("%H%M")
    interchange = x12.Interchange(
        sender=route.sender_id,
        receiver=route.receiver_id,
        date=day,
        time=time,
        control_number=interchange_control_number(number),
        usage=route.usage.indicator,
    )
    group = x12.Group(
        sender=route.application_sender_id or route.sender_id,
        receiver=route.application_receiver_id or route.receiver_id,
        date=day,
        time=time,
        control_number=str(number),
    )
    return x12.Envelope(interchange=interchange, group=group if grouped else None)
