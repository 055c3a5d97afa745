"""276, 277 (005010X212) and 277CA (005010X214): asking for and telling the state of claims.

One `StatusHeader`; then a 276 gives one `StatusInquiry` a claim, a 277 or 277CA one `ClaimStatus` a claim. A
level that is judged by itself (a whole file or provider rejected in a 277CA) comes as a `LevelStatus` record.
"""

import datetime
from decimal import Decimal

from shared.x12.model.records.parts import (
    DatePeriod,
    MonetaryAmount,
    Part,
    Party,
    ProcedureIdentifier,
    Quantity,
    Reference,
    Trace,
    first_reference,
)

__all__ = [
    "ClaimStatus",
    "LevelStatus",
    "LineInquiry",
    "LineStatus",
    "Status",
    "StatusCode",
    "StatusHeader",
    "StatusInquiry",
]


class StatusHeader(Part, frozen=True):
    """BHT. `structure` 0010 (276, 277) or 0085 (277CA); `kind` DG (277), TH (277CA), NO (unasked 277),
    empty (276).
    """

    created: datetime.date
    reference: str = ""
    created_time: str = ""
    structure: str = "0085"
    purpose: str = "08"
    kind: str = ""


class StatusCode(Part, frozen=True):
    """One composite of an STC: category (`A2`, `F1`, ...), status code, and the entity that it speaks of."""

    category: str
    code: str
    entity: str = ""
    code_list: str = ""


class Status(Part, frozen=True):
    """STC. `action` is STC03 (277CA: `WQ` accepted, `U` rejected); `codes` are one to three."""

    codes: tuple[StatusCode, ...]
    effective: datetime.date | None = None
    action: str = ""
    charge_cents: int | None = None
    paid_cents: int | None = None
    finalized: datetime.date | None = None
    method: str = ""
    check_date: datetime.date | None = None
    check_number: str = ""
    message: str = ""

    @property
    def category(self) -> str:
        """Category of the first code."""
        return self.codes[0].category if self.codes else ""


class LevelStatus(Part, frozen=True):
    """Source, receiver or provider level: the party, its trace, and in a 277CA its own verdict and counts.

    `level` is HL03: 20 source, 21 receiver, 19 provider. As a record of its own it carries `parents` (outer
    first).
    """

    level: str
    party: Party
    traces: tuple[Trace, ...] = ()
    statuses: tuple[Status, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[DatePeriod, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    amounts: tuple[MonetaryAmount, ...] = ()
    parents: "tuple[LevelStatus, ...]" = ()


class LineInquiry(Part, frozen=True):
    """Loop 2210 of a 276: one line asked for."""

    procedure: ProcedureIdentifier
    charge_cents: int
    revenue_code: str = ""
    quantity: Decimal | None = None
    references: tuple[Reference, ...] = ()
    dates: tuple[DatePeriod, ...] = ()


class StatusInquiry(Part, frozen=True):
    """Loop 2200 of a 276: one claim asked for, with the levels above it.

    `amounts` T3 is the charge; `dates` 472 the service; `references` 1K the payer's number, EJ the claim
    number.
    """

    source: LevelStatus
    receiver: LevelStatus
    provider: LevelStatus
    subscriber: Party
    dependent: Party | None = None
    trace: Trace | None = None
    references: tuple[Reference, ...] = ()
    amounts: tuple[MonetaryAmount, ...] = ()
    dates: tuple[DatePeriod, ...] = ()
    lines: tuple[LineInquiry, ...] = ()


class LineStatus(Part, frozen=True):
    """Loop 2220: one line with its status."""

    procedure: ProcedureIdentifier
    charge_cents: int
    paid_cents: int | None = None
    revenue_code: str = ""
    quantity: Decimal | None = None
    statuses: tuple[Status, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[DatePeriod, ...] = ()


class ClaimStatus(Part, frozen=True):
    """Loop 2200D/E: the status of one claim.

    `trace.value` (type 2) is the claim number that was sent; `references` 1K the payer's number, D9 the
    clearinghouse's. In a 277CA `subscriber` is the patient level (HL PT, NM1*QC); `dependent` only in a 277.
    """

    source: LevelStatus
    receiver: LevelStatus
    provider: LevelStatus
    subscriber: Party
    dependent: Party | None = None
    trace: Trace | None = None
    statuses: tuple[Status, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[DatePeriod, ...] = ()
    lines: tuple[LineStatus, ...] = ()

    @property
    def claim_number(self) -> str:
        """The number by which the claim was sent: the trace (TRN*2), as it came back."""
        return self.trace.value if self.trace is not None else ""

    @property
    def payer_claim_number(self) -> str:
        """REF*1K."""
        return first_reference(self.references, "1K")
