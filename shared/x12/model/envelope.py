"""The envelope around transactions: delimiters, interchange (ISA), group (GS), and what a caller gives to
the writer.

Rules: delimiters are always those of the ISA, never assumed; control numbers, dates and times are values
that the caller passes in, so the same input always makes the same bytes.
"""

import datetime
import functools

import msgspec

from shared.x12.model.records.parts import Part

# The segments around transactions. An empty segment belongs to none, so it is outside like them.
ENVELOPE_SEGMENTS = (b"ISA", b"GS", b"ST", b"SE", b"GE", b"IEA", b"TA1")
OUTSIDE_TRANSACTIONS = frozenset({*ENVELOPE_SEGMENTS, b""})


class Delimiters(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """The four delimiters of an interchange, one character each.

    `repetition` is empty where a file has none (ISA11 is `U` in older versions). The codec works on bytes: the
    properties are the same characters as bytes, under their names in the standard, each encoded once. They raise
    `UnicodeEncodeError` for a character that is not a single byte.
    """

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    segment: str = "~"

    @classmethod
    def from_bytes(
        cls, element: bytes, component: bytes = b":", repetition: bytes = b"^", segment: bytes = b"~"
    ) -> "Delimiters":
        """From the bytes of an ISA."""
        characters = (one.decode("latin-1") for one in (element, component, repetition, segment))
        return cls(**dict(zip(("element", "component", "repetition", "segment"), characters, strict=True)))

    @functools.cached_property
    def element_separator(self) -> bytes:
        """Between the elements of a segment."""
        return self.element.encode("latin-1")

    @functools.cached_property
    def component_separator(self) -> bytes:
        """Between the components of a composite (ISA16)."""
        return self.component.encode("latin-1")

    @functools.cached_property
    def repetition_separator(self) -> bytes:
        """Between the repetitions of an element (ISA11); empty where the file has none."""
        return self.repetition.encode("latin-1")

    @functools.cached_property
    def segment_terminator(self) -> bytes:
        """After every segment."""
        return self.segment.encode("latin-1")

    @functools.cached_property
    def all_bytes(self) -> bytes:
        """All that there are: bytes that no value may hold."""
        return self.element_separator + self.component_separator + self.repetition_separator + self.segment_terminator

    @property
    def usable(self) -> bool:
        """All different single bytes, and none of them a letter, a digit or a space."""
        given = [self.element_separator, self.component_separator, self.segment_terminator]
        given += [self.repetition_separator] if self.repetition else []
        return len(set(given)) == len(given) and not any(one.isalnum() or one == b" " for one in given)


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
