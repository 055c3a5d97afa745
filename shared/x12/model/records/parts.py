"""The small parts that the records of every transaction are made of.

They exist so that a reference, a date or an adjustment looks the same in a claim, a remittance and a benefit
answer. Rules: money is integer cents, quantities are decimals, dates are dates, everything else is text; an
element that is absent is `""` (text), `None` (numbers and dates) or `()` (lists). Qualifiers are kept as
they are in the file, so nothing is lost and a writer can put every part back where it belongs.
"""

import datetime
from decimal import Decimal

import msgspec

__all__ = [
    "ClaimAdjustment",
    "Contact",
    "ContactNumber",
    "DatePeriod",
    "HealthCode",
    "MonetaryAmount",
    "Part",
    "Party",
    "ProcedureIdentifier",
    "Quantity",
    "Reference",
    "RequestValidation",
    "Segment",
    "Trace",
    "UnparsedSegment",
]


class Part(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Base of all parts and records: frozen, without reference cycles, compared by value."""


class Segment(Part, frozen=True):
    """A segment kept as text: one that the guide knows but that has no typed field, or one that nobody knows.

    `elements` are the elements after the segment id; components and repetitions are inside them with the
    separators `:` and `^` whatever the file used.
    """

    id: str
    elements: tuple[str, ...] = ()


class UnparsedSegment(Part, frozen=True, kw_only=True):
    """A segment that was not expected there, kept with its place: it came after `position` - 1 in its
    transaction.
    """

    segment: Segment
    position: int
    loop: str = ""


class Reference(Part, frozen=True):
    """REF: a number with the qualifier of its kind (`G1` authorization, `9F` referral, `Y4`
    claim).
    """

    qualifier: str
    value: str = ""
    description: str = ""
    also: tuple[str, ...] = ()


class DatePeriod(Part, frozen=True):
    """DTP or DTM: a date or a period; `time` only for formats that carry one (`HHMM`)."""

    qualifier: str
    start: datetime.date | None = None
    end: datetime.date | None = None
    time: str = ""


class MonetaryAmount(Part, frozen=True):
    """AMT: an amount of money in cents with its qualifier."""

    qualifier: str
    amount_cents: int


class Quantity(Part, frozen=True):
    """QTY: a quantity with its qualifier."""

    qualifier: str
    quantity: Decimal


class ClaimAdjustment(Part, frozen=True):
    """One triplet of a CAS: group (`CO PR OA PI CR`), reason code (CARC), cents, units taken."""

    group: str
    reason: str
    amount_cents: int
    quantity: Decimal | None = None


class ContactNumber(Part, frozen=True):
    """A way to reach somebody: `TE` telephone, `EX` extension, `FX` fax, `EM` mail, `UR` web page."""

    qualifier: str
    value: str


class Contact(Part, frozen=True):
    """PER: whom to ask, and how (at most three numbers)."""

    function: str = "IC"
    name: str = ""
    numbers: tuple[ContactNumber, ...] = ()


class ProcedureIdentifier(Part, frozen=True):
    """A procedure with its code list (`HC`), at most four modifiers and a free description."""

    code: str
    qualifier: str = "HC"
    modifiers: tuple[str, ...] = ()
    description: str = ""


class HealthCode(Part, frozen=True):
    """One composite of an HI: a diagnosis (`ABK`, `ABF`, `BK`, `BF`), a condition (`BG`) or a procedure
    (`BP`).

    `date` and `amount_cents` are only used where the guide allows them (the 278).
    """

    qualifier: str
    code: str
    date: datetime.date | None = None
    amount_cents: int | None = None


class RequestValidation(Part, frozen=True):
    """AAA of a 271 or 278: why it could not be answered and what to do (`followup` is whether to send
    again).
    """

    valid: str = "N"
    reason: str = ""
    followup: str = ""


class Trace(Part, frozen=True):
    """TRN: a number by which an answer finds its question; `type` 1 = own, 2 = the other side's."""

    type: str
    value: str
    originator: str = ""
    additional: str = ""


class Party(Part, frozen=True):
    """NM1 or N1 with all that belongs to it: address, identifiers, contacts, birth date, taxonomy.

    `entity` is the role (`85` billing provider, `IL` insured, `QC` patient, `PR` payer); `kind` 1 = person,
    2 = not.
    """

    entity: str
    kind: str = ""
    name: str = ""
    first: str = ""
    middle: str = ""
    prefix: str = ""
    suffix: str = ""
    id_qualifier: str = ""
    id: str = ""
    additional_name: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""
    subdivision: str = ""
    birth_date: datetime.date | None = None
    gender: str = ""
    provider_role: str = ""
    taxonomy_qualifier: str = ""
    taxonomy: str = ""
    references: tuple[Reference, ...] = ()
    contacts: tuple[Contact, ...] = ()
    dates: tuple[DatePeriod, ...] = ()
    rejections: tuple[RequestValidation, ...] = ()
    others: tuple[Segment, ...] = ()

    @property
    def npi(self) -> str:
        """The NPI, when that is the identifier given; else empty."""
        return self.id if self.id_qualifier == "XX" else ""

    def reference(self, qualifier: str) -> str:
        """The first reference with this qualifier, or empty."""
        return first_reference(self.references, qualifier)


def first_reference(references: tuple[Reference, ...], qualifier: str) -> str:
    """The value of the first reference with the qualifier, or empty."""
    for reference in references:
        if reference.qualifier == qualifier:
            return reference.value
    return ""


def first_date(dates: tuple[DatePeriod, ...], qualifier: str) -> datetime.date | None:
    """The (start) date of the first period with the qualifier, or None."""
    for period in dates:
        if period.qualifier == qualifier:
            return period.start
    return None


def first_amount(amounts: tuple[MonetaryAmount, ...], qualifier: str) -> int | None:
    """The cents of the first amount with the qualifier, or None."""
    for amount in amounts:
        if amount.qualifier == qualifier:
            return amount.amount_cents
    return None
