"""835 (005010X221A1): what a payer paid and why.

One `Remittance` (the header), then `ClaimPayment`s, then `ProviderAdjustment`s (PLB). Balance of all of them:
payment = sum of claim payments - sum of provider adjustments; claim: charge - adjustments = paid; line
likewise.
"""

import datetime
from collections.abc import Mapping
from decimal import Decimal

from shared.x12.model.records.claim import find_party
from shared.x12.model.records.parts import (
    ClaimAdjustment,
    Contact,
    DatePeriod,
    MonetaryAmount,
    Part,
    Party,
    ProcedureIdentifier,
    Quantity,
    Reference,
    Segment,
    Trace,
    first_date,
    first_reference,
)

__all__ = [
    "BankAccount",
    "ClaimGroup",
    "ClaimPayment",
    "ProviderAdjustment",
    "ProviderAdjustmentItem",
    "Remark",
    "Remittance",
    "ServicePayment",
]


class BankAccount(Part, frozen=True):
    """A side of the payment in the BPR: bank number with qualifier, account with qualifier."""

    bank_qualifier: str
    bank: str
    account_qualifier: str
    account: str


class Remittance(Part, frozen=True):
    """Header: BPR, TRN, payer (N1*PR) and payee (N1*PE). `method` ACH, CHK, NON, FWT, BOP; `trace` is EFT
    or check.
    """

    payment_cents: int
    payment_date: datetime.date
    trace: Trace
    payer: Party
    payee: Party
    handling: str = "I"
    credit_debit: str = "C"
    method: str = "CHK"
    format: str = ""
    sender: BankAccount | None = None
    originating_company: str = ""
    originating_supplement: str = ""
    receiver: BankAccount | None = None
    currency: Segment | None = None
    references: tuple[Reference, ...] = ()
    dates: tuple[DatePeriod, ...] = ()
    remittance_delivery: Segment | None = None


class Remark(Part, frozen=True):
    """LQ: a remark code with its list (`HE` = RARC, `RX` = pharmacy)."""

    qualifier: str
    code: str


class ServicePayment(Part, frozen=True):
    """Loop 2110 (SVC): one line as paid. `submitted` is the procedure as billed when the payer changed it."""

    procedure: ProcedureIdentifier
    charge_cents: int
    paid_cents: int
    revenue_code: str = ""
    quantity: Decimal | None = None
    submitted: ProcedureIdentifier | None = None
    submitted_quantity: Decimal | None = None
    dates: tuple[DatePeriod, ...] = ()
    adjustments: tuple[ClaimAdjustment, ...] = ()
    references: tuple[Reference, ...] = ()
    amounts: tuple[MonetaryAmount, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def service_date(self) -> datetime.date | None:
        """DTM*472, or the start of a period (150)."""
        return first_date(self.dates, "472") or first_date(self.dates, "150")

    @property
    def control_number(self) -> str:
        """REF*6R: the line number of the claim."""
        return first_reference(self.references, "6R")


class ClaimGroup(Part, frozen=True):
    """Loop 2000 (LX): a group of claims and its summaries (TS3, TS2) as segments."""

    number: int
    others: tuple[Segment, ...] = ()


REMARK_ELEMENTS: Mapping[str, tuple[int, ...]] = {"MOA": (3, 4, 5, 6, 7), "MIA": (5, 20, 21, 22, 23)}
"""Which elements of a claim's adjudication information are remark codes."""
REVERSAL = "22"
"""CLP02 of a payment that takes an earlier one back."""


class ClaimPayment(Part, frozen=True):
    """Loop 2100 (CLP): one claim as adjudicated. `status` alone never means paid or denied: look at money and
    reasons.

    `parties`: `QC` patient, `IL` subscriber, `74` corrected, `82` rendering, `TT` crossover, `PR` priority
    payer.
    """

    claim_number: str
    status: str
    charge_cents: int
    paid_cents: int
    patient_responsibility_cents: int | None = None
    filing_indicator: str = ""
    payer_claim_number: str = ""
    facility_code: str = ""
    frequency: str = ""
    drg: str = ""
    drg_weight: Decimal | None = None
    discharge_fraction: Decimal | None = None
    group: ClaimGroup | None = None
    adjustments: tuple[ClaimAdjustment, ...] = ()
    parties: tuple[Party, ...] = ()
    others: tuple[Segment, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[DatePeriod, ...] = ()
    contacts: tuple[Contact, ...] = ()
    amounts: tuple[MonetaryAmount, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    services: tuple[ServicePayment, ...] = ()

    @property
    def is_reversal(self) -> bool:
        """It takes an earlier payment back (CLP02 22)."""
        return self.status == REVERSAL

    @property
    def patient(self) -> Party | None:
        """NM1*QC."""
        return find_party(self.parties, "QC")

    @property
    def rendering(self) -> Party | None:
        """NM1*82."""
        return find_party(self.parties, "82")

    @property
    def remark_codes(self) -> tuple[str, ...]:
        """The remarks about the claim as a whole, of its MOA or MIA."""
        return tuple(
            segment.elements[number - 1]
            for segment in self.others
            for number in REMARK_ELEMENTS.get(segment.id, ())
            if number <= len(segment.elements) and segment.elements[number - 1]
        )

    def reference(self, qualifier: str) -> str:
        """The first reference with this qualifier, or empty."""
        return first_reference(self.references, qualifier)


class ProviderAdjustmentItem(Part, frozen=True):
    """One pair of a PLB: reason (`WO`, `FB`, `72`, `CS`, `L6`, ...), its reference, cents (positive takes
    money).
    """

    reason: str
    amount_cents: int
    reference: str = ""


class ProviderAdjustment(Part, frozen=True):
    """PLB: money that belongs to no claim of this remittance."""

    provider_id: str
    fiscal_period_end: datetime.date
    items: tuple[ProviderAdjustmentItem, ...]
