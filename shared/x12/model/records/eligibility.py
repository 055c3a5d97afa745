"""270 and 271 (005010X279A1): a question about coverage and benefits, and its answer.

One `EligibilityHeader`, then for the 270 one `EligibilityInquiry` a patient, for the 271 one
`BenefitResponse` a patient (the subscriber, or a dependent with its subscriber). Rejections (AAA) are on
the level that they speak of.
"""

import datetime
from decimal import Decimal

from shared.x12.model.records.parts import (
    DatePeriod,
    HealthCode,
    MonetaryAmount,
    Part,
    Party,
    ProcedureIdentifier,
    Reference,
    RequestValidation,
    Segment,
    Trace,
)

__all__ = [
    "AdditionalInformation",
    "BenefitInformation",
    "BenefitQuestion",
    "BenefitResponse",
    "EligibilityHeader",
    "EligibilityInquiry",
    "InformationReceiver",
    "InformationSource",
    "Member",
    "ServiceDelivery",
]


class EligibilityHeader(Part, frozen=True):
    """BHT of a 270 (`purpose` 13 request, 01 cancel) or 271 (11 response)."""

    created: datetime.date
    created_time: str
    reference: str = ""
    purpose: str = "13"
    structure: str = "0022"
    kind: str = ""


class InformationSource(Part, frozen=True):
    """Level 20: who holds the information, mostly the payer (NM1*PR)."""

    party: Party
    rejections: tuple[RequestValidation, ...] = ()


class InformationReceiver(Part, frozen=True):
    """Level 21: who asks (NM1*1P provider, ...)."""

    party: Party


class Member(Part, frozen=True):
    """Level 22 (subscriber, NM1*IL) or 23 (dependent, NM1*03): identity, traces and what was corrected.

    `insured` is INS01 (`Y` subscriber, `N` dependent), `relationship` INS02, `maintenance` INS03 and
    `maintenance_reason` INS04 (`001`/`25`: the identity was changed by the payer), `birth_sequence` INS17.
    """

    party: Party
    traces: tuple[Trace, ...] = ()
    diagnoses: tuple[HealthCode, ...] = ()
    insured: str = ""
    relationship: str = ""
    maintenance: str = ""
    maintenance_reason: str = ""
    birth_sequence: int | None = None
    dates: tuple[DatePeriod, ...] = ()
    others: tuple[Segment, ...] = ()


class BenefitQuestion(Part, frozen=True):
    """EQ of a 270: service types (`BE` massage, `30` all) or a procedure, with amounts, references and
    dates.
    """

    service_types: tuple[str, ...] = ()
    procedure: ProcedureIdentifier | None = None
    coverage_level: str = ""
    diagnosis_pointers: tuple[int, ...] = ()
    amounts: tuple[MonetaryAmount, ...] = ()
    information: tuple[Segment, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[DatePeriod, ...] = ()


class EligibilityInquiry(Part, frozen=True):
    """One patient's question: the levels above it, the member(s), what is asked and for which dates."""

    source: InformationSource
    receiver: InformationReceiver
    subscriber: Member
    dependent: Member | None = None
    questions: tuple[BenefitQuestion, ...] = ()

    @property
    def patient(self) -> Member:
        """The dependent if there is one, else the subscriber."""
        return self.dependent or self.subscriber


class ServiceDelivery(Part, frozen=True):
    """HSD: how much how often (`quantity_qualifier` VS visits; `period_qualifier`, `periods`)."""

    quantity_qualifier: str = ""
    quantity: Decimal | None = None
    frequency_period: str = ""
    frequency: Decimal | None = None
    period_qualifier: str = ""
    periods: Decimal | None = None
    pattern: str = ""
    time: str = ""


class AdditionalInformation(Part, frozen=True):
    """III: a code that narrows a benefit (place of service `ZZ`, diagnosis `BK`, nature of injury `GR`)."""

    qualifier: str = ""
    code: str = ""
    category: str = ""
    text: str = ""


class BenefitInformation(Part, frozen=True):
    """One EB loop of a 271 with all EB elements.

    `information` EB01; `service_types` EB03; `time_period` EB06; `percent` EB08 is a fraction (0.2 = 20%);
    `authorization` EB11 and `in_network` EB12 are Y, N, U, W or empty, and empty means unknown.
    """

    information: str
    coverage_level: str = ""
    service_types: tuple[str, ...] = ()
    insurance_type: str = ""
    plan: str = ""
    time_period: str = ""
    amount_cents: int | None = None
    percent: Decimal | None = None
    quantity_qualifier: str = ""
    quantity: Decimal | None = None
    authorization: str = ""
    in_network: str = ""
    procedure: ProcedureIdentifier | None = None
    diagnosis_pointers: tuple[int, ...] = ()
    deliveries: tuple[ServiceDelivery, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[DatePeriod, ...] = ()
    rejections: tuple[RequestValidation, ...] = ()
    messages: tuple[str, ...] = ()
    additional: tuple[AdditionalInformation, ...] = ()
    entities: tuple[Party, ...] = ()


class BenefitResponse(Part, frozen=True):
    """One patient's answer. Rejections: `source.rejections`, `.party.rejections` of each level, and each
    benefit's.
    """

    source: InformationSource
    receiver: InformationReceiver | None = None
    subscriber: Member | None = None
    dependent: Member | None = None
    benefits: tuple[BenefitInformation, ...] = ()

    @property
    def patient(self) -> Member | None:
        """The dependent if there is one, else the subscriber (None when only a rejection came)."""
        return self.dependent or self.subscriber

    @property
    def rejections(self) -> tuple[RequestValidation, ...]:
        """All AAA of all levels, from the outside in; none is lost."""
        found = list(self.source.rejections) + list(self.source.party.rejections)
        if self.receiver is not None:
            found += self.receiver.party.rejections
        for member in (self.subscriber, self.dependent):
            if member is not None:
                found += member.party.rejections
        for benefit in self.benefits:
            found += benefit.rejections
        return tuple(found)
