"""837P (005010X222A1): a file of professional claims.

One `Submission` (the header) and then one `Claim837P` at a time. A claim carries its billing provider,
subscriber and patient; the writer makes the hierarchy from them (neighbours with equal providers and
subscribers share their levels).
"""

import datetime
from decimal import Decimal

from shared.x12.model.records.parts import (
    ClaimAdjustment,
    DatePeriod,
    HealthCode,
    MonetaryAmount,
    Part,
    Party,
    ProcedureIdentifier,
    Quantity,
    Reference,
    Segment,
    first_amount,
    first_date,
    first_reference,
)

__all__ = [
    "BillingProvider",
    "Claim837P",
    "ClaimNote",
    "LineAdjudication",
    "OtherPayer",
    "Paperwork",
    "PatientLevel",
    "ServiceLine",
    "Submission",
    "SubscriberLevel",
]


class Submission(Part, frozen=True):
    """Header: BHT, who sends (NM1*41 with PER) and who receives (NM1*40)."""

    reference: str
    created: datetime.date
    created_time: str
    submitter: Party
    receiver: Party
    structure: str = "0019"
    purpose: str = "00"
    kind: str = "CH"


class BillingProvider(Part, frozen=True):
    """Loop 2000A: who bills (`party`, NM1*85), where payment goes if elsewhere (NM1*87), a pay-to plan
    (NM1*PE).
    """

    party: Party
    provider_role: str = ""
    taxonomy_qualifier: str = ""
    taxonomy: str = ""
    currency: str = ""
    currency_entity: str = ""
    pay_to: Party | None = None
    pay_to_plan: Party | None = None


class SubscriberLevel(Part, frozen=True):
    """Loop 2000B: the insured (`party`, NM1*IL with birth date and gender) and the payer asked (NM1*PR).

    `relationship` is `18` when the subscriber is the patient, else empty. `responsibility` P, S, T, A-H, U.
    """

    party: Party
    payer: Party
    responsibility: str = "P"
    relationship: str = ""
    group_number: str = ""
    group_name: str = ""
    insurance_type: str = ""
    filing_indicator: str = ""
    death_date: datetime.date | None = None
    weight_pounds: Decimal | None = None
    pregnant: str = ""


class PatientLevel(Part, frozen=True):
    """Loop 2000C: the patient when it is not the subscriber (NM1*QC), with the relationship to the
    subscriber.
    """

    party: Party
    relationship: str
    death_date: datetime.date | None = None
    weight_pounds: Decimal | None = None
    pregnant: str = ""


class Paperwork(Part, frozen=True):
    """PWK: a supporting document: report type, how it is sent, its control number (qualifier `AC`)."""

    report: str
    transmission: str = ""
    control_number: str = ""


class ClaimNote(Part, frozen=True):
    """NTE: a free text with its kind (`ADD`, `CER`, `DCP`, `DGN`, `TPO`)."""

    kind: str
    text: str


class LineAdjudication(Part, frozen=True):
    """Loop 2430: what an earlier payer did with a line: paid, adjusted, when (DTP*573), still owed
    (AMT*EAF).
    """

    payer_id: str
    paid_cents: int
    procedure: ProcedureIdentifier | None = None
    quantity: Decimal | None = None
    bundled_line: int | None = None
    adjustments: tuple[ClaimAdjustment, ...] = ()
    dates: tuple[DatePeriod, ...] = ()
    amounts: tuple[MonetaryAmount, ...] = ()


class ServiceLine(Part, frozen=True):
    """Loop 2400: one line. `pointers` are 1-based positions in the claim's diagnoses (at most four)."""

    number: int
    procedure: ProcedureIdentifier
    charge_cents: int
    quantity: Decimal
    unit: str = "UN"
    place_of_service: str = ""
    pointers: tuple[int, ...] = ()
    emergency: str = ""
    epsdt: str = ""
    family_planning: str = ""
    copay_exempt: str = ""
    attachments: tuple[Paperwork, ...] = ()
    dates: tuple[DatePeriod, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    references: tuple[Reference, ...] = ()
    amounts: tuple[MonetaryAmount, ...] = ()
    notes: tuple[ClaimNote, ...] = ()
    others: tuple[Segment, ...] = ()
    parties: tuple[Party, ...] = ()
    adjudications: tuple[LineAdjudication, ...] = ()

    @property
    def service_date(self) -> datetime.date | None:
        """DTP*472: the (first) day of service."""
        return first_date(self.dates, "472")

    @property
    def control_number(self) -> str:
        """REF*6R: the line's own number, which comes back in the 835."""
        return first_reference(self.references, "6R")

    @property
    def authorization_number(self) -> str:
        """REF*G1: the line's own authorization, where it is not the claim's."""
        return first_reference(self.references, "G1")

    @property
    def rendering(self) -> Party | None:
        """NM1*82 of the line, if it has one of its own."""
        return find_party(self.parties, "82")


class OtherPayer(Part, frozen=True):
    """Loop 2320: another payer of the same claim, its subscriber, and what it paid and adjusted on the
    claim.
    """

    responsibility: str
    relationship: str = ""
    group_number: str = ""
    group_name: str = ""
    insurance_type: str = ""
    filing_indicator: str = ""
    adjustments: tuple[ClaimAdjustment, ...] = ()
    amounts: tuple[MonetaryAmount, ...] = ()
    benefits_assigned: str = "Y"
    patient_signature: str = ""
    release: str = "Y"
    others: tuple[Segment, ...] = ()
    subscriber: Party | None = None
    payer: Party | None = None
    parties: tuple[Party, ...] = ()

    @property
    def paid_cents(self) -> int | None:
        """AMT*D: what this payer paid on the claim."""
        return first_amount(self.amounts, "D")


class Claim837P(Part, frozen=True):
    """Loop 2300 with the levels above it. Amounts in cents; dates by DTP qualifier; references by REF
    qualifier.

    `parties` are the claim's providers (loops 2310: `DN`/`P3` referring, `82` rendering, `77` facility, ...).
    """

    billing_provider: BillingProvider
    subscriber: SubscriberLevel
    claim_number: str
    charge_cents: int
    place_of_service: str
    patient: PatientLevel | None = None
    facility_qualifier: str = "B"
    frequency: str = "1"
    provider_signature: str = "Y"
    assignment: str = "A"
    benefits_assigned: str = "Y"
    release: str = "Y"
    patient_signature: str = ""
    related_causes: tuple[str, ...] = ()
    accident_state: str = ""
    accident_country: str = ""
    special_program: str = ""
    delay_reason: str = ""
    dates: tuple[DatePeriod, ...] = ()
    attachments: tuple[Paperwork, ...] = ()
    amounts: tuple[MonetaryAmount, ...] = ()
    references: tuple[Reference, ...] = ()
    notes: tuple[ClaimNote, ...] = ()
    diagnoses: tuple[HealthCode, ...] = ()
    anesthesia_procedures: tuple[HealthCode, ...] = ()
    conditions: tuple[HealthCode, ...] = ()
    others: tuple[Segment, ...] = ()
    parties: tuple[Party, ...] = ()
    other_payers: tuple[OtherPayer, ...] = ()
    lines: tuple[ServiceLine, ...] = ()

    @property
    def accident_date(self) -> datetime.date | None:
        """DTP*439."""
        return first_date(self.dates, "439")

    @property
    def referring(self) -> Party | None:
        """NM1*DN: who referred the patient."""
        return find_party(self.parties, "DN")

    @property
    def rendering(self) -> Party | None:
        """NM1*82: who did the work, when it is not the billing provider."""
        return find_party(self.parties, "82")

    def reference(self, qualifier: str) -> str:
        """The first reference with this qualifier (`G1`, `9F`, `F8`, `D9`, ...), or empty."""
        return first_reference(self.references, qualifier)


def find_party(parties: tuple[Party, ...], entity: str) -> Party | None:
    """The first party with this role, or None."""
    return next((party for party in parties if party.entity == entity), None)
