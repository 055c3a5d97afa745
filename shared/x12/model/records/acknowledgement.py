"""TA1 and 999 (005010X231A1): whether the envelope and the syntax were accepted.

A TA1 is one `InterchangeAcknowledgement`; a 999 is one `Acknowledgement` with an answer for every
transaction that it answers. Codes are kept as written: `A` accepted, `E` accepted with errors, `P`
partly, `R` rejected (and `M W X` for security).
"""

import datetime

from shared.x12.model.records.parts import Part

__all__ = [
    "Acknowledgement",
    "Context",
    "ElementError",
    "InterchangeAcknowledgement",
    "SegmentError",
    "TransactionAcknowledgement",
]


class InterchangeAcknowledgement(Part, frozen=True):
    """TA1. `control_number`, `date`, `time` are those of the interchange that is answered; `note` 000 = no
    error.
    """

    control_number: str
    date: datetime.date
    time: str
    code: str = "A"
    note: str = "000"


class Context(Part, frozen=True):
    """CTX: where the fault is (`SITUATIONAL TRIGGER`), or the claim it belongs to (`CLM01` with its
    number).
    """

    name: str
    value: str = ""
    segment: str = ""
    position: int | None = None
    loop: str = ""
    element: int | None = None
    component: int | None = None


class ElementError(Part, frozen=True):
    """IK4: an element in error. `code` as in IK403; `bad_value` is only given when the sender chose to copy
    it.
    """

    element: int
    code: str
    component: int | None = None
    repetition: int | None = None
    reference: str = ""
    bad_value: str = ""
    contexts: tuple[Context, ...] = ()


class SegmentError(Part, frozen=True):
    """IK3: a segment in error. `position` counts from ST = 1; `code` as in IK304."""

    segment: str
    position: int
    code: str = ""
    loop: str = ""
    contexts: tuple[Context, ...] = ()
    elements: tuple[ElementError, ...] = ()


class TransactionAcknowledgement(Part, frozen=True):
    """AK2 to IK5: the answer for one transaction (`type` 837, `control_number` its ST02, `result` IK501)."""

    type: str
    control_number: str
    version: str = ""
    result: str = "A"
    reasons: tuple[str, ...] = ()
    errors: tuple[SegmentError, ...] = ()


class Acknowledgement(Part, frozen=True):
    """A whole 999: AK1 (the group answered), its transactions, AK9. Counts are integers of transactions."""

    functional_id: str
    group_control_number: str
    version: str = ""
    transactions: tuple[TransactionAcknowledgement, ...] = ()
    result: str = "A"
    included: int = 0
    received: int = 0
    accepted: int = 0
    reasons: tuple[str, ...] = ()
