"""The envelope around transactions: delimiters, interchange (ISA), group (GS), and what a caller hands to
the writer.

Rules: delimiters are always those of the ISA, never assumed; control numbers, dates and times are values
that the caller passes in, so the same input always makes the same bytes.
"""

import datetime

import msgspec

from shared.x12.model.records.parts import Part


class Delimiters(Part, frozen=True, kw_only=True):
    """The four separators of an interchange, one character each."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    segment: str = "~"


class Interchange(Part, frozen=True, kw_only=True):
    """ISA. Ids without their padding; `time` HHMM; `control_number` nine digits; `usage` P production, T
    test.
    """

    sender: str
    receiver: str
    date: datetime.date | None
    time: str
    control_number: str
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    authorization_qualifier: str = "00"
    authorization: str = ""
    security_qualifier: str = "00"
    security: str = ""
    version: str = "00501"
    acknowledgement_requested: bool = False
    usage: str = "P"
    delimiters: Delimiters = Delimiters()


class Group(Part, frozen=True, kw_only=True):
    """GS. `functional_id` HC, HP, HS, HB, HR, HN, HI, FA; empty means the one that belongs to the
    transaction.
    """

    sender: str
    receiver: str
    date: datetime.date | None
    time: str
    control_number: str
    functional_id: str = ""
    version: str = ""


class Envelope(Part, frozen=True, kw_only=True):
    """What `write` needs around its transactions: one interchange with one group.

    `newline` is put after every segment terminator (empty or `\\n`), for eyes only.
    """

    interchange: Interchange
    group: Group | None = None
    newline: str = ""


class Transaction(Part, frozen=True, kw_only=True):
    """What `write` needs for one ST: its type (`837P`, `835`, `270`, ...), ST02, header record and records
    in order.
    """

    type: str
    control_number: str
    header: Part | None = None
    records: tuple[Part, ...] = ()


class WriteError(ValueError):
    """A record cannot be written: `pointer` names the field (`lines/0/procedure/code`); no value is ever
    quoted.
    """

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(f"{pointer}: {message}")
        self.pointer = pointer
        self.message = message


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds on what comes from outside; beyond them there is a finding and the rest is not read further.

    `segment_bytes` one segment; `elements` in a segment; `record_bytes` what is held of a record until it is whole
    (longer ones are read segment by segment); `record_segments` one record; `findings` in one
    file; `file_bytes` the whole source; `transactions` in one file; `delimiters` different sets of them in one file.
    """

    segment_bytes: int = 64 * 1024
    elements: int = 256
    record_bytes: int = 64 * 1024
    record_segments: int = 50_000
    findings: int = 10_000
    file_bytes: int = 4 * 1024**3
    transactions: int = 1_000_000
    delimiters: int = 32
